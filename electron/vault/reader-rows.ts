import type { Database } from './database.ts';

/**
 * For whom each study's key is wrapped, as the catalogue remembers it: it spares the list a look into every `study.key`.
 * A study without a row isn't known, and is looked at before the list is answered.
 */
export class ReaderRows {
  readonly #database: Database;
  readonly #changed: () => void;

  constructor(database: Database, changed: () => void) {
    this.#database = database;
    this.#changed = changed;
  }

  /** Before a study's key is wrapped for others, so that a crash between the two leaves nothing that isn't so. */
  forget(studyId: string): void {
    this.#database
      .prepare('DELETE FROM study_reader WHERE study = (SELECT id FROM study WHERE study_id = ?)')
      .run([studyId]);
    this.#changed();
  }

  /** Visible studies of which it isn't known. */
  unknown(): { number: number; studyId: string }[] {
    return this.#database
      .prepare(
        `SELECT id AS number, study_id AS studyId FROM study
         WHERE visible = 1 AND NOT EXISTS (SELECT 1 FROM study_reader WHERE study = study.id)`,
      )
      .all() as unknown as { number: number; studyId: string }[];
  }

  /** Keeps what was found, in one transaction. `readers`: as core/keys/readers.ts writes them. */
  learn(found: readonly { readonly number: number; readonly readers: string }[]): void {
    this.#database.transaction(() => {
      const one = this.#database.prepare('INSERT OR REPLACE INTO study_reader (study, readers) VALUES (?, ?)');
      for (const { number, readers } of found) one.run([number, readers]);
    })();
  }

  all(): { number: number; readers: string }[] {
    return this.#database.prepare('SELECT study AS number, readers FROM study_reader').all() as unknown as {
      number: number;
      readers: string;
    }[];
  }

  /** The row of a study that is visible, by its id; null when there is none. */
  numberOf(studyId: string): number | null {
    const number = this.#database.prepare('SELECT id FROM study WHERE study_id = ?', { pluck: true }).get([studyId]);
    return typeof number === 'number' ? number : null;
  }
}
