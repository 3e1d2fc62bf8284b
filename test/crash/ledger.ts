import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Annotation } from '../../core/annotate/annotation.ts';
import type { StudyRow } from '../../core/contract/catalogue.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import type { WorkerEvent } from './events.ts';

/** What was lost. All zero is the promise. */
export interface Losses {
  lostStudies: number;
  halfStudies: number;
  lostStrokes: number;
  verifyFailures: number;
}

export function noLosses(): Losses {
  return { lostStudies: 0, halfStudies: 0, lostStrokes: 0, verifyFailures: 0 };
}

/** A mark counts as promised when it was on the screen for longer than this, acknowledged or not. */
const ON_SCREEN_MS = 100;

interface Stroke {
  readonly studyId: string;
  readonly annotation: Annotation;
  readonly at: number;
  saved: boolean;
}

/** Everything that a vault has promised so far, held against what it shows after a kill. */
export class Ledger {
  /** Instances by patient id: the generator names the patient after the study's folder. */
  readonly #committed = new Map<string, number>();
  /** Instances that a folder holds, committed or not. */
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #strokes = new Map<string, Stroke>();
  #importing: string | null = null;

  constructor(sizes: ReadonlyMap<string, number>) {
    this.#sizes = sizes;
  }

  hasFolder(folder: string): boolean {
    return this.#committed.has(basename(folder));
  }

  /** Notes what the worker said. */
  take(event: WorkerEvent): void {
    if (event.type === 'importing') this.#importing = basename(event.folder);
    if (event.type === 'committed') this.#committed.set(basename(event.folder), event.instances);
    if (event.type === 'committed') this.#importing = null;
    if (event.type === 'stroke') this.#strokes.set(event.annotation.uid, { ...event, saved: false });
    if (event.type === 'saved') {
      const stroke = this.#strokes.get(event.uid);
      if (stroke) stroke.saved = true;
    }
  }

  /**
   * Holds the vault against its promises and takes over what was neither promised nor lost: the import or the mark that
   * the kill interrupted may have become durable or not, but only whole.
   * @param killedAt when the worker was killed, `Date.now()`
   * @param note told of each loss, in words
   */
  async check(vault: StudyVault, killedAt: number, note: (line: string) => void): Promise<Losses> {
    const losses = noLosses();
    const rows = await everyStudy(vault);
    this.#checkStudies(rows, losses, note);
    await this.#checkStrokes(vault, rows, killedAt, losses, note);
    const observer = { signal: new AbortController().signal, progress: () => undefined };
    const report = await vault.verify({ full: true }, observer);
    if (report.problems.length > 0) {
      losses.verifyFailures += 1;
      note(`verify: ${report.problems.map(({ kind }) => kind).join(', ')}`);
    }
    return losses;
  }

  #checkStudies(rows: readonly StudyRow[], losses: Losses, note: (line: string) => void): void {
    const shown = new Map(rows.map((row) => [row.patientId, row.instanceCount]));
    for (const [patient, instances] of this.#committed) {
      if (shown.get(patient) === instances) continue;
      losses.lostStudies += 1;
      note(`study ${patient}: ${shown.get(patient) ?? 'no'} of ${instances} instances`);
    }
    for (const [patient, instances] of shown) {
      if (this.#committed.has(patient)) continue;
      if (patient === this.#importing && instances === this.#sizes.get(patient)) {
        this.#committed.set(patient, instances);
      } else {
        losses.halfStudies += 1;
        note(`study ${patient}: shown with ${instances} instances, never committed`);
      }
    }
    if (rows.length !== shown.size) losses.halfStudies += 1;
    this.#importing = null;
  }

  async #checkStrokes(
    vault: StudyVault,
    rows: readonly StudyRow[],
    killedAt: number,
    losses: Losses,
    note: (line: string) => void,
  ): Promise<void> {
    const shown = new Map<string, { studyId: string; annotation: Annotation }>();
    for (const { studyId } of rows) {
      const { annotations, unreadable } = await vault.annotations(studyId);
      if (unreadable > 0) note(`${unreadable} unreadable journal entries`);
      losses.lostStrokes += unreadable;
      for (const annotation of annotations) shown.set(annotation.uid, { studyId, annotation });
    }
    for (const [uid, stroke] of this.#strokes) {
      const found = shown.get(uid);
      shown.delete(uid);
      if (found && found.studyId === stroke.studyId && isDeepStrictEqual(found.annotation, stroke.annotation)) continue;
      if (!found && !stroke.saved && killedAt - stroke.at <= ON_SCREEN_MS) {
        this.#strokes.delete(uid);
        continue;
      }
      losses.lostStrokes += 1;
      note(`${stroke.annotation.label} of ${stroke.studyId}: ${found ? 'other than drawn' : 'gone'}`);
    }
    losses.lostStrokes += shown.size;
    if (shown.size > 0) note(`${shown.size} marks that nobody drew`);
  }
}

async function everyStudy(vault: StudyVault): Promise<StudyRow[]> {
  const rows: StudyRow[] = [];
  for (;;) {
    const query = { text: '', modality: '', since: '', sort: 'importedAt', descending: false, limit: 500 } as const;
    const page = await vault.search({ ...query, offset: rows.length });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}
