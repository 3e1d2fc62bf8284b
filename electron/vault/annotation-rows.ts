import { type JournalEntry, replay } from '../../core/annotate/annotation.ts';
import type { ObjectId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** One note object: what one append made durable. `entries` is null when the object could not be opened. */
export interface NoteRecord {
  readonly objectId: ObjectId;
  /** Place in the study's journal, from 1. */
  readonly sequence: number;
  readonly savedAt: string;
  readonly entries: readonly JournalEntry[] | null;
}

/** Studies whose live marks are kept in memory. */
const KEPT_STUDIES = 32;

/** The annotation journals' rows. The sealed `.note` objects are the originals; these make loading one query. */
export class AnnotationRows {
  readonly #database: Database;
  /** Ids of the marks that a study's journal adds up to: an append must not replay a long journal. */
  readonly #live = new Map<number, Set<string>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The journal in order. */
  journal(study: number): NoteRecord[] {
    const rows = this.#database
      .prepare(
        `SELECT object_id AS objectId, sequence, saved_at AS savedAt, entries FROM annotation_entry
         WHERE study = ? ORDER BY sequence, object_id`,
      )
      .all([study]) as unknown as (Omit<NoteRecord, 'entries'> & { entries: string | null })[];
    return rows.map((row) => ({
      ...row,
      entries: row.entries === null ? null : (JSON.parse(row.entries) as JournalEntry[]),
    }));
  }

  /** The next free place in a journal. */
  nextSequence(study: number): number {
    const last = this.#database
      .prepare('SELECT max(sequence) FROM annotation_entry WHERE study = ?', { pluck: true })
      .get([study]);
    return Number(last ?? 0) + 1;
  }

  /** Adds notes and counts the study's marks anew, in one transaction. */
  add(study: number, notes: readonly NoteRecord[]): void {
    const last = this.nextSequence(study) - 1;
    // Notes found after a crash may belong in the middle: then only a replay tells what is left.
    if (notes.some((note) => note.sequence <= last || note.entries === null)) this.#live.delete(study);
    try {
      this.#database.transaction(() => {
        const live = this.#liveMarks(study);
        for (const note of notes) this.#insert(study, note);
        const marks = live === null ? this.#liveMarks(study, true) : applied(live, notes);
        this.#database.prepare('UPDATE study SET annotation_count = ? WHERE id = ?').run([marks?.size ?? 0, study]);
      })();
    } catch (error) {
      this.#live.delete(study);
      throw error;
    }
  }

  #insert(study: number, note: NoteRecord): void {
    const entries = note.entries === null ? null : JSON.stringify(note.entries);
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO annotation_entry (study, sequence, object_id, saved_at, entries) VALUES (?, ?, ?, ?, ?)',
      )
      .run([study, note.sequence, note.objectId, note.savedAt, entries]);
  }

  /** Null when they aren't known and `read` isn't asked for. */
  #liveMarks(study: number, read = false): Set<string> | null {
    const known = this.#live.get(study);
    if (known !== undefined || !read) return known ?? null;
    const marks = replay(this.journal(study).flatMap((note) => note.entries ?? []));
    const live = new Set(marks.map((mark) => mark.uid));
    this.#live.set(study, live);
    const oldest = this.#live.keys().next().value;
    if (this.#live.size > KEPT_STUDIES && oldest !== undefined) this.#live.delete(oldest);
    return live;
  }
}

/** Takes the steps of `notes` into `live`. */
function applied(live: Set<string>, notes: readonly NoteRecord[]): Set<string> {
  for (const entry of notes.flatMap((note) => note.entries ?? [])) {
    if (entry.op === 'put') live.add(entry.annotation.uid);
    else if (entry.op === 'remove') live.delete(entry.uid);
  }
  return live;
}
