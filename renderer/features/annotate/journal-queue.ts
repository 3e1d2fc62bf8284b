import { createStore } from 'zustand';
import type { Annotation, MarkEntry } from '../../../core/annotate/annotation.ts';
import type { PaintedSegment, SegmentEntry } from '../../../core/annotate/segment.ts';
import type { SaveState } from '../../state/status.ts';

/** A step that this feature writes. */
export type Step = MarkEntry | SegmentEntry;

/** What the stores need of the bridge. The append answers only after the entries are durable. */
export interface Journal {
  load(studyId: string): Promise<{
    readonly annotations: readonly Annotation[];
    readonly segments: readonly PaintedSegment[];
    readonly unreadable: number;
  }>;
  append(studyId: string, entries: Step[]): Promise<{ readonly savedAt: string }>;
  /** The code of a failure. */
  codeOf(error: unknown): string;
}

interface QueueState {
  readonly save: SaveState;
  /** Ids of what was changed and isn't durable yet. */
  readonly unsaved: ReadonlySet<string>;
}

/** Entries that one append may hold (core/contract). */
const BATCH = 64;

function uidOf(entry: Step): string {
  if (entry.op === 'put') return entry.annotation.uid;
  return entry.op === 'segment' ? entry.segment.uid : entry.uid;
}

/**
 * Steps on their way into a study's sealed journal, in order. Each is sent the moment it is taken; what could not be saved
 * waits, is said, and goes first at the next try.
 */
export class JournalQueue {
  readonly store = createStore<QueueState>(() => ({ save: { kind: 'saved', at: null }, unsaved: new Set() }));
  readonly #studyId: string;
  readonly #journal: Journal;
  readonly #waiting: Step[] = [];
  #sending = false;

  constructor(studyId: string, journal: Journal) {
    this.#studyId = studyId;
    this.#journal = journal;
  }

  /** Sends steps that belong together. */
  send(entries: readonly Step[]): void {
    this.#waiting.push(...entries);
    this.#publish({ kind: 'saving' });
    void this.#flush();
  }

  /** Tries again to save what could not be saved. */
  retry(): void {
    void this.#flush();
  }

  #publish(save: SaveState): void {
    this.store.setState({ save, unsaved: new Set(this.#waiting.map(uidOf)) });
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, BATCH);
        const { savedAt } = await this.#journal.append(this.#studyId, batch);
        this.#waiting.splice(0, batch.length);
        this.#publish(this.#waiting.length === 0 ? { kind: 'saved', at: savedAt } : { kind: 'saving' });
      }
    } catch (error) {
      this.#publish({ kind: 'failed', code: this.#journal.codeOf(error) });
    } finally {
      this.#sending = false;
    }
  }
}
