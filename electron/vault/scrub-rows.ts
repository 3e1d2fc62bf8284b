import type { VerifyProblem } from '../../core/vault/types.ts';
import type { Database } from './database.ts';

/** What reading one object found. */
export interface ScrubbedObject {
  /** `<study>/<number>` for a manifest. */
  readonly objectId: string;
  readonly studyId: string;
  readonly checkedAt: string;
  readonly problem: VerifyProblem['kind'] | null;
}

/** When each object was last read in full, and what was found. */
export class ScrubRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a batch in one transaction. */
  keep(objects: readonly ScrubbedObject[]): void {
    const insert = this.#database.prepare(
      'INSERT OR REPLACE INTO scrubbed (object_id, study_id, checked_at, problem) VALUES (?, ?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const { objectId, studyId, checkedAt, problem } of objects)
        insert.run([objectId, studyId, checkedAt, problem]);
    })();
  }

  /** Forgets what was found in objects, or in the manifests of a study, that are whole again. */
  repaired(problems: readonly VerifyProblem[]): void {
    const object = this.#database.prepare('DELETE FROM scrubbed WHERE object_id = ?');
    const manifests = this.#database.prepare(`DELETE FROM scrubbed WHERE study_id = ? AND problem = 'manifest'`);
    this.#database.transaction(() => {
      for (const { studyId, objectId } of problems)
        if (objectId === null) manifests.run([studyId]);
        else object.run([objectId]);
    })();
  }

  /** Objects that the newest reading of each found damaged. */
  damaged(): VerifyProblem[] {
    return this.#database
      .prepare(
        `SELECT problem AS kind, study_id AS studyId, CASE problem WHEN 'manifest' THEN NULL ELSE object_id END AS objectId
         FROM scrubbed WHERE problem IS NOT NULL ORDER BY study_id, object_id`,
      )
      .all() as unknown as VerifyProblem[];
  }

  /** Objects read since a moment. */
  countSince(at: string): number {
    const row = this.#database
      .prepare('SELECT count(*) FROM scrubbed WHERE checked_at >= ?', { pluck: true })
      .get([at]);
    return Number(row ?? 0);
  }
}
