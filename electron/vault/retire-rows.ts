import type { StudyId } from '../../core/ids.ts';
import type { RetentionFacts } from '../../core/vault/retention.ts';
import type { Database } from './database.ts';

/** What of a study leaves the catalogue, in the order in which tables refer to each other. */
const REMOVE = [
  'DELETE FROM header WHERE instance IN (SELECT id FROM instance WHERE study = ?)',
  'DELETE FROM instance WHERE study = ?',
  'DELETE FROM series WHERE study = ?',
  'DELETE FROM annotation_entry WHERE study = ?',
  'DELETE FROM study_text WHERE rowid = ?',
  'DELETE FROM study WHERE id = ?',
] as const;

/** The catalogue's side of retention and shredding. */
export class RetireRows {
  readonly #database: Database;
  readonly #changed: () => void;

  constructor(database: Database, changed: () => void) {
    this.#database = database;
    this.#changed = changed;
  }

  /** What rules of retention look at, of every visible study. */
  facts(): RetentionFacts[] {
    return this.#database
      .prepare(
        `SELECT study_id AS studyId, patient_name AS patientName, study_date AS studyDate, imported_at AS importedAt, modalities,
           patient_birth_date AS birthDate FROM study WHERE visible = 1 ORDER BY id`,
      )
      .all() as unknown as RetentionFacts[];
  }

  /**
   * Takes every trace of the studies out of the catalogue: their rows, overwritten (`secure_delete`); their words in the index,
   * which keeps those of deleted rows until its parts are merged; and the log that all of it was in.
   */
  remove(studyIds: readonly StudyId[]): void {
    this.#database.transaction(() => {
      for (const studyId of studyIds) {
        const number = this.#database
          .prepare('SELECT id FROM study WHERE study_id = ?', { pluck: true })
          .get([studyId]);
        if (typeof number === 'number') for (const sql of REMOVE) this.#database.prepare(sql).run([number]);
      }
      this.#database.exec(`INSERT INTO study_text (study_text) VALUES ('optimize')`);
    })();
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#changed();
  }
}
