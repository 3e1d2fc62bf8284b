import { createHash } from 'node:crypto';
import type { VaultCounter } from '../../core/vault/care.ts';
import type { Database } from './database.ts';

const BUCKETS = 256;

/**
 * The vault's own count of itself. Triggers of the catalogue count every commit in the transaction that makes it, so that
 * no code can forget to, and mark the bucket of each study that it touched. The root is a hash over 256 buckets (by the
 * first byte of the study id, which is random); only marked buckets are hashed again. It is a function of what the vault
 * holds and of nothing else: a catalogue made anew from the same objects has the same root.
 */
export class StateRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(): VaultCounter {
    return { counter: this.#counter(), root: this.#root(), ...this.#counts() };
  }

  /** Goes on counting behind `beyond`, or stays where it is beyond already. */
  advance(beyond: number): void {
    this.#database
      .prepare('UPDATE vault_state SET counter = max(counter, ?) + 1 WHERE id = 1')
      .run([Math.max(0, Math.trunc(beyond))]);
  }

  /** Ids of the imports that a study's manifests belong to, in the order of the manifests' numbers. */
  importsOf(study: number): string[] {
    return this.#database
      .prepare('SELECT import_id FROM study_manifest WHERE study = ? ORDER BY number', { pluck: true })
      .all([study]) as unknown as string[];
  }

  /** A value of the care records, or null. */
  record(name: string): unknown {
    const text = this.#database.prepare('SELECT value FROM care WHERE name = ?', { pluck: true }).get([name]);
    return typeof text === 'string' ? JSON.parse(text) : null;
  }

  keep(name: string, value: unknown): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO care (name, value) VALUES (?, ?)')
      .run([name, JSON.stringify(value)]);
  }

  #counter(): number {
    return Number(this.#database.prepare('SELECT counter FROM vault_state WHERE id = 1', { pluck: true }).get() ?? 0);
  }

  #counts(): Omit<VaultCounter, 'counter' | 'root'> {
    const sums = this.#database
      .prepare(
        `SELECT count(*) AS studies, coalesce(sum(instance_count), 0) AS images, max(imported_at) AS lastImport,
           (SELECT count(*) FROM annotation_entry) AS notes,
           (SELECT min(finished_at) FROM import WHERE state = 'done') AS firstImport
         FROM study WHERE visible = 1`,
      )
      .get() as unknown as Omit<VaultCounter, 'counter' | 'root'>;
    return sums;
  }

  #root(): string {
    this.#database.transaction(() => {
      const dirty = this.#database
        .prepare('SELECT bucket FROM state_dirty', { pluck: true })
        .all() as unknown as string[];
      for (const bucket of dirty) this.#refresh(bucket);
      if (dirty.length > 0) this.#database.exec('DELETE FROM state_dirty');
    })();
    const hash = createHash('sha256').update('vitrine/vault-state/v1\n');
    const rows = this.#database.prepare('SELECT bucket, digest FROM state_bucket ORDER BY bucket').all() as unknown as {
      bucket: string;
      digest: string;
    }[];
    if (rows.length > BUCKETS) throw new RangeError('more buckets than bytes');
    for (const { bucket, digest } of rows) hash.update(`${bucket} ${digest}\n`);
    return hash.digest('hex');
  }

  #refresh(bucket: string): void {
    const studies = this.#database
      .prepare(
        `SELECT id, study_id AS studyId FROM study WHERE visible = 1 AND study_id >= ? AND study_id < ? || 'g'
         ORDER BY study_id`,
      )
      .all([bucket, bucket]) as unknown as { id: number; studyId: string }[];
    if (studies.length === 0) {
      this.#database.prepare('DELETE FROM state_bucket WHERE bucket = ?').run([bucket]);
      return;
    }
    const hash = createHash('sha256');
    for (const { id, studyId } of studies) {
      hash.update(`${studyId}\n`);
      for (const importId of this.importsOf(id)) hash.update(`import ${importId}\n`);
      for (const noteId of this.#notes(id)) hash.update(`note ${noteId}\n`);
    }
    this.#database
      .prepare('INSERT OR REPLACE INTO state_bucket (bucket, digest) VALUES (?, ?)')
      .run([bucket, hash.digest('hex')]);
  }

  #notes(study: number): string[] {
    return this.#database
      .prepare('SELECT object_id FROM annotation_entry WHERE study = ? ORDER BY object_id', { pluck: true })
      .all([study]) as unknown as string[];
  }
}
