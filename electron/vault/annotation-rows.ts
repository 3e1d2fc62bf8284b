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

/** The annotation journals' rows. The sealed `.note` objects are the originals; these make loading one query. */
export class AnnotationRows {
  readonly #database: Database;

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
    this.#database.transaction(() => {
      const insert = this.#database.prepare(
        `INSERT OR REPLACE INTO annotation_entry (study, sequence, object_id, saved_at, entries) VALUES (?, ?, ?, ?, ?)`,
      );
      for (const note of notes) {
        const entries = note.entries === null ? null : JSON.stringify(note.entries);
        insert.run([study, note.sequence, note.objectId, note.savedAt, entries]);
      }
      const marks = replay(this.journal(study).flatMap((note) => note.entries ?? []));
      this.#database.prepare('UPDATE study SET annotation_count = ? WHERE id = ?').run([marks.length, study]);
    })();
  }
}
