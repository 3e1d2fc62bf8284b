/**
 * Small things that belong to the whole vault and to no study, each a sealed file in `records/`: rules of retention, holds,
 * when it was backed up, which studies are still to be sealed anew. They aren't in the catalogue, because that can be made anew from the studies and
 * these can't. Their key hangs on the catalogue's, which everybody has who opens the vault.
 */
import { hkdfSync } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { equalBytes, utf8, wipe } from '../../core/bytes.ts';
import { hasCode } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import { closeKey } from '../../core/seal/held-key.ts';
import { openBytes, sealBytes } from '../../core/seal/seal.ts';
import { deriveObjectKey } from '../../core/seal/study-key.ts';
import type { StudyKey } from '../../core/seal/types.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { createPlatformEngine } from '../crypto/platform-engine.ts';
import { makeFolder, syncFolder } from '../durable-file.ts';
import { systemCode } from './failure.ts';
import { writeWhole } from './write-whole.ts';

/** Names of the records, and the object ids that their seals are bound to. */
const RECORDS = {
  retention: parseId<ObjectId>('00000000000000000000000000000001'),
  holds: parseId<ObjectId>('00000000000000000000000000000002'),
  reseal: parseId<ObjectId>('00000000000000000000000000000003'),
  care: parseId<ObjectId>('00000000000000000000000000000004'),
} as const;
export type RecordName = keyof typeof RECORDS;

const FOLDER = 'records';
const VERSION = 1;
/** Records belong to the vault, to no study of it. */
const NO_STUDY = parseId<StudyId>('0'.repeat(32));
const KEY_LENGTH = 32;

function keyFrom(catalogueKey: Uint8Array): StudyKey & Uint8Array {
  const key = hkdfSync('sha384', catalogueKey, utf8('vitrine/vault-records/v1'), utf8('sealing'), KEY_LENGTH);
  return new Uint8Array(key) as StudyKey & Uint8Array;
}

export class VaultRecords {
  readonly #folder: string;
  readonly #vaultId: VaultId;
  readonly #engine = createPlatformEngine();
  #key: StudyKey & Uint8Array;
  /** While a change of the master key is unfinished. */
  #earlier: (StudyKey & Uint8Array) | null;

  /** Reads the keys before it returns; they stay the caller's. */
  constructor(dir: string, vaultId: VaultId, catalogueKey: Uint8Array, earlier: Uint8Array | null) {
    this.#folder = join(dir, FOLDER);
    this.#vaultId = vaultId;
    this.#key = keyFrom(catalogueKey);
    this.#earlier = earlier && keyFrom(earlier);
  }

  /** Null when it was never written. @throws seal/… when it was altered, vault/io when it isn't what `schema` says */
  async read<Schema extends z.ZodType>(name: RecordName, schema: Schema): Promise<z.infer<Schema> | null> {
    const sealed = await this.#sealed(name);
    if (sealed === null) return null;
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(this.#open(name, sealed))));
    if (!parsed.success) throw vaultError('vault/io', 'not a record of this kind', { cause: parsed.error });
    return parsed.data;
  }

  /** Durable when it resolves. */
  async write(name: RecordName, value: unknown): Promise<void> {
    await this.#put(name, utf8(JSON.stringify(value)));
  }

  /** A missing record is no error. */
  async remove(name: RecordName): Promise<void> {
    await rm(this.#path(name), { force: true });
    await syncFolder(this.#folder).catch(() => undefined);
  }

  /** Whether this is the catalogue's key that the records hang on now. */
  hangsOn(catalogueKey: Uint8Array): boolean {
    const key = keyFrom(catalogueKey);
    const same = equalBytes(key, this.#key);
    wipe(key);
    return same;
  }

  /** Takes the keys of a changed master key; what is sealed under the ones before still opens until `leaveEarlier`. */
  use(catalogueKey: Uint8Array): void {
    const before = this.#key;
    this.#key = keyFrom(catalogueKey);
    if (this.#earlier !== null) wipe(this.#earlier);
    this.#earlier = before;
  }

  /** Seals what hangs on the earlier key anew. */
  async leaveEarlier(): Promise<void> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    for (const name of Object.keys(RECORDS) as RecordName[]) {
      if (!names.includes(`${name}.record`)) continue;
      const sealed = await this.#sealed(name);
      if (sealed !== null && this.#openWith(this.#key, name, sealed) === null)
        await this.#put(name, this.#open(name, sealed));
    }
    if (this.#earlier !== null) wipe(this.#earlier);
    this.#earlier = null;
  }

  /** Ends the keys. */
  close(): void {
    wipe(this.#key);
    if (this.#earlier !== null) wipe(this.#earlier);
  }

  #path(name: RecordName): string {
    return join(this.#folder, `${name}.record`);
  }

  async #sealed(name: RecordName): Promise<Uint8Array | null> {
    return readFile(this.#path(name)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    });
  }

  async #put(name: RecordName, plaintext: Uint8Array): Promise<void> {
    await makeFolder(this.#folder);
    const objectKey = this.#objectKey(this.#key, name);
    const sealed = sealBytes(this.#engine, objectKey, this.#context(name), plaintext);
    closeKey(objectKey);
    await writeWhole(this.#path(name), sealed);
    await syncFolder(this.#folder);
  }

  #open(name: RecordName, sealed: Uint8Array): Uint8Array {
    const opened = this.#openWith(this.#key, name, sealed);
    if (opened !== null) return opened;
    const earlier = this.#earlier && this.#openWith(this.#earlier, name, sealed);
    if (earlier) return earlier;
    throw vaultError('vault/io', 'a record of the vault does not open');
  }

  /** Null when it is sealed under another key. */
  #openWith(key: StudyKey, name: RecordName, sealed: Uint8Array): Uint8Array | null {
    const objectKey = this.#objectKey(key, name);
    try {
      return openBytes(this.#engine, objectKey, this.#context(name), sealed);
    } catch (error) {
      if (hasCode(error, 'seal/wrong-key')) return null;
      throw error;
    } finally {
      closeKey(objectKey);
    }
  }

  #objectKey(key: StudyKey, name: RecordName) {
    return deriveObjectKey(this.#engine, key, { objectId: RECORDS[name], kind: 'record' });
  }

  #context(name: RecordName) {
    return {
      vaultId: this.#vaultId,
      studyId: NO_STUDY,
      objectId: RECORDS[name],
      kind: 'record',
      version: VERSION,
    };
  }
}
