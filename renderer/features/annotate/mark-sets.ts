import { Emitter } from '../../cornerstone/emitter.ts';
import type { MarkLayer } from '../../cornerstone/marks.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { MarkStore } from './mark-store.ts';
import type { SegmentStore } from './segment-store.ts';

/** The marks and segments of one study on screen, and the layer that draws the marks. */
export interface MarkSet {
  readonly marks: MarkStore;
  readonly layer: MarkLayer;
  readonly segments: SegmentStore;
  /** The date of a prior, as it is shown; null for the study that is read. */
  readonly prior: string | null;
}

/** What has steps that can be taken back. */
type Undoable = Pick<MarkStore, 'undo' | 'redo' | 'recorded'>;

/**
 * The marks of every study of a reading screen. Each study keeps its own journal; undo and redo go through what the
 * reader did in the order in which it was done, whichever study it was done on.
 */
export class MarkSets {
  readonly #reading: Reading;
  /** Another study's marks came. */
  readonly added = new Emitter<void>();
  #sets: readonly MarkSet[] = [];
  readonly #stop = new Map<MarkSet, () => void>();
  #done: Undoable[] = [];
  #undone: Undoable[] = [];

  /** The first set belongs to the study that is read. */
  constructor(reading: Reading, own: MarkSet) {
    this.#reading = reading;
    this.add(own);
  }

  get all(): readonly MarkSet[] {
    return this.#sets;
  }

  /** The marks of the study that is read. */
  get own(): MarkSet {
    return this.#sets[0] as MarkSet;
  }

  add(set: MarkSet): void {
    this.#sets = [...this.#sets, set];
    const stops = [set.marks, set.segments].map((kept) =>
      kept.recorded.on(() => {
        this.#done.push(kept);
        this.#undone = [];
      }),
    );
    this.#stop.set(set, () => {
      for (const stop of stops) stop();
    });
    this.added.emit();
  }

  /** The set whose study holds an image; the one that is read for images of none. */
  of(imageId: string | null): MarkSet {
    return (imageId === null ? undefined : this.#sets.find(({ layer }) => layer.owns(imageId))) ?? this.own;
  }

  /** The set that the active viewport's image belongs to. */
  active(): MarkSet {
    return this.of(this.#reading.activeView()?.imageId ?? null);
  }

  /** Lets every mark go that is selected. */
  deselect(): void {
    for (const { marks } of this.#sets) void marks.select(null, false);
  }

  /** Saves what could not be saved. */
  retry(): void {
    for (const { marks, segments } of this.#sets) {
      marks.retry();
      segments.retry();
    }
  }

  /** Takes the last step back; false when there is none. */
  undo(): boolean {
    const last = this.#done.pop();
    if (last === undefined || !last.undo()) return false;
    this.#undone.push(last);
    return true;
  }

  /** Takes the last undone step again; false when there is none. */
  redo(): boolean {
    const last = this.#undone.pop();
    if (last === undefined || !last.redo()) return false;
    this.#done.push(last);
    return true;
  }

  /** Takes every mark off the screen. */
  close(): void {
    for (const stop of this.#stop.values()) stop();
    for (const { marks, layer } of this.#sets) {
      marks.close();
      layer.close();
    }
  }
}
