import type { DicomWarning } from '../../core/dicom/errors.ts';
import type { Database } from './database.ts';

/** An object whose compressed frames nobody has decoded yet. */
export interface UncheckedObject {
  /** The catalogue's number of it. */
  readonly instance: number;
  readonly studyId: string;
  /** The catalogue's number of the study. */
  readonly study: number;
  readonly objectId: string;
  readonly sopUid: string;
  readonly frames: number;
}

/** The objects that wait for the check of their pixels. A trigger of the catalogue puts them there. */
export class UncheckedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next committed one after `instance`, or null. */
  next(instance: number): UncheckedObject | null {
    const row = this.#database
      .prepare(
        `SELECT instance.id AS instance, study.study_id AS studyId, study.id AS study, object_id AS objectId,
           sop_uid AS sopUid, frames
         FROM unchecked JOIN instance ON instance.id = unchecked.instance
         JOIN import ON import.id = instance.import AND import.state = 'done'
         JOIN study ON study.id = instance.study
         WHERE unchecked.instance > ? ORDER BY unchecked.instance LIMIT 1`,
      )
      .get([instance]);
    return row === undefined ? null : (row as unknown as UncheckedObject);
  }

  /**
   * The object was checked; `warning` joins those that its import found.
   * @returns whether it is a new one: what the import said already is not said again
   */
  checked(instance: number, warning: DicomWarning | null): boolean {
    let isNew = false;
    this.#database.transaction(() => {
      if (warning !== null) {
        const known = this.#database
          .prepare('SELECT warnings FROM instance WHERE id = ?', { pluck: true })
          .get([instance]);
        const before = JSON.parse(String(known ?? '[]')) as string[];
        isNew = !before.includes(warning);
        const warnings = new Set([...before, warning]);
        this.#database
          .prepare('UPDATE instance SET warnings = ? WHERE id = ?')
          .run([JSON.stringify([...warnings]), instance]);
      }
      this.#database.prepare('DELETE FROM unchecked WHERE instance = ?').run([instance]);
    })();
    return isNew;
  }
}
