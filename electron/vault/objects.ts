/**
 * Sealed objects on disk, one folder per study:
 *
 *     studies/<studyId>/study.key            the study's key, wrapped for those who open it (study-keys.ts)
 *     studies/<studyId>/<objectId>.instance  a Part 10 file, byte for byte
 *     studies/<studyId>/<objectId>.note      steps of the annotation journal
 *     studies/<studyId>/<objectId>.result    what long work made of the study (results.ts)
 *     studies/<studyId>/<n>.manifest         the objects that the study's n-th import committed
 *
 * Everything but the key is written once: exclusive create, mode 0600, fsync of the file; the folder is flushed once per
 * batch. Small objects get their name only when they are whole.
 * Names are random or counted, so a listing tells how many objects there are and nothing else.
 */
import { type FileHandle, mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { idFrom, type ObjectId, parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { closeKey } from '../../core/seal/held-key.ts';
import {
  type ChunkSealer,
  createChunkSealer,
  objectSealing,
  openBytes,
  openObject,
  type SealedReader,
  sealBytes,
} from '../../core/seal/seal.ts';
import { deriveObjectKey } from '../../core/seal/study-key.ts';
import type { ObjectContext, StudyKey } from '../../core/seal/types.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { BulkFiles } from '../crypto/bulk-files.ts';
import { syncFolder } from '../durable-file.ts';
import { systemCode } from './failure.ts';
import { ReadMemory } from './read-memory.ts';
import { KEY_FILE, type SessionKeys, StudyKeys } from './study-keys.ts';
import { PART, writeWhole } from './write-whole.ts';

export type ObjectKind = 'instance' | 'note' | 'manifest' | 'result';

/** Version of each kind's plaintext; bound into the seal. */
const PLAINTEXT_VERSION = 1;
/** Objects up to this size are opened whole where one part of them is asked for. */
const WHOLE_READ = 2 * 1024 * 1024;
/** A manifest or note beyond this is none of ours. */
const SMALL_OBJECT_LIMIT = 256 * 1024 * 1024;

/** What a study's folder holds, by name; names that Vitrine never gives are passed over. */
export interface FolderListing {
  readonly instances: ObjectId[];
  readonly notes: ObjectId[];
  readonly results: ObjectId[];
  /** Manifest numbers, ascending. */
  readonly manifests: number[];
  readonly hasKey: boolean;
}

/** An object open for reading. */
export interface OpenedObject {
  readonly reader: SealedReader;
  close(): Promise<void>;
}

/** Manifests are counted; their object id is the number, so that one can't stand in for another. */
export function manifestId(number: number): ObjectId {
  return parseId<ObjectId>(number.toString(16).padStart(32, '0'));
}

export class ObjectStore {
  readonly root: string;
  readonly #engine: AeadEngine;
  readonly #vaultId: VaultId;
  /** The studies' keys. */
  readonly keys: StudyKeys;
  readonly #memory = new ReadMemory();
  readonly #files: BulkFiles | null;

  /** @param files where the engine writes whole objects by itself; its keys must be the engine's */
  constructor(root: string, engine: AeadEngine, vaultId: VaultId, keys: SessionKeys, files: BulkFiles | null = null) {
    this.#files = files;
    this.root = root;
    this.#engine = engine;
    this.#vaultId = vaultId;
    this.keys = new StudyKeys(root, engine, vaultId, keys);
  }

  /** The same vault's objects in another folder, as a restore has made it. Its keys are wiped apart from this one's. */
  at(root: string): ObjectStore {
    return new ObjectStore(root, this.#engine, this.#vaultId, this.keys.access, this.#files);
  }

  folder(studyId: StudyId): string {
    return join(this.root, studyId);
  }

  path(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): string {
    const name = kind === 'manifest' ? Number.parseInt(objectId, 16).toString() : objectId;
    return join(this.root, studyId, `${name}.${kind}`);
  }

  newId<Id extends StudyId | ObjectId>(): Id {
    const random = new Uint8Array(16);
    this.#engine.randomFill(random);
    return idFrom<Id>(random);
  }

  /** Makes a study's folder and key, durable when it resolves but for the folder's own name (`syncRoot`). */
  async createStudy(studyId: StudyId): Promise<void> {
    await mkdir(this.folder(studyId), { mode: 0o700 });
    await this.keys.create(studyId);
  }

  /** As `StudyKeys.key`. */
  studyKey(studyId: StudyId): Promise<StudyKey> {
    return this.keys.key(studyId);
  }

  /** Starts a write-once object. `studyKey(studyId)` or `createStudy(studyId)` has been awaited before. */
  async sealer(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): Promise<ChunkSealer> {
    const key = deriveObjectKey(this.#engine, await this.studyKey(studyId), { objectId, kind });
    const sealer = createChunkSealer(this.#engine, key, this.#context(studyId, objectId, kind));
    closeKey(key);
    return sealer;
  }

  /** Whether `sealWhole` is there; `sealer` always is. */
  get sealsWhole(): boolean {
    return this.#files !== null;
  }

  /**
   * Seals a whole object from memory, which nobody may change meanwhile, and flushes its file, in one step on another
   * thread. After a failure the file may be there.
   * @returns SHA-256 of the plaintext
   */
  async sealWhole(studyId: StudyId, objectId: ObjectId, kind: ObjectKind, plaintext: Uint8Array): Promise<Uint8Array> {
    const studyKey = await this.studyKey(studyId);
    if (this.#files === null) throw vaultError('vault/unexpected', 'this engine writes no files');
    const key = deriveObjectKey(this.#engine, studyKey, { objectId, kind });
    try {
      const sealing = objectSealing(this.#context(studyId, objectId, kind));
      return await this.#files.seal(key, sealing, plaintext, this.path(studyId, objectId, kind));
    } finally {
      closeKey(key);
    }
  }

  /**
   * A part of a small object's plaintext in one step on another thread, which verifies all of the object. Null where the
   * engine can't, and for anything that is wrong with the object: `open` says what.
   * @param part `size`: bytes of the object's plaintext, as far as the catalogue knows; `out`: what the answer is, whose
   *   length says how much is read
   */
  async readWhole(
    studyId: StudyId,
    objectId: ObjectId,
    kind: ObjectKind,
    {
      offset,
      size,
      out,
    }: { readonly offset: number; readonly size: number; readonly out: () => Uint8Array<ArrayBuffer> },
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.#files === null || size > WHOLE_READ) return null;
    const studyKey = await this.studyKey(studyId);
    const key = deriveObjectKey(this.#engine, studyKey, { objectId, kind });
    try {
      const bytes = out();
      const sealing = objectSealing(this.#context(studyId, objectId, kind));
      return (await this.#files.open(key, sealing, this.path(studyId, objectId, kind), offset, bytes)) ? bytes : null;
    } finally {
      closeKey(key);
    }
  }

  /** Seals and writes a small object; the file is flushed when it resolves, the folder is not. */
  async writeSmall(studyId: StudyId, objectId: ObjectId, kind: ObjectKind, plaintext: Uint8Array): Promise<void> {
    const key = deriveObjectKey(this.#engine, await this.studyKey(studyId), { objectId, kind });
    const sealed = sealBytes(this.#engine, key, this.#context(studyId, objectId, kind), plaintext);
    closeKey(key);
    await writeWhole(this.path(studyId, objectId, kind), sealed);
  }

  /** @throws seal/…, vault/object-missing */
  async readSmall(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): Promise<Uint8Array> {
    const studyKey = await this.studyKey(studyId);
    const handle = await openExisting(this.path(studyId, objectId, kind));
    try {
      const { size } = await handle.stat();
      if (size > SMALL_OBJECT_LIMIT) throw vaultError('vault/io', 'an object is larger than any of its kind');
      const sealed = await handle.readFile();
      const key = deriveObjectKey(this.#engine, studyKey, { objectId, kind });
      try {
        return openBytes(this.#engine, key, this.#context(studyId, objectId, kind), sealed);
      } finally {
        closeKey(key);
      }
    } finally {
      await handle.close();
    }
  }

  /** Opens an object for random access. @throws seal/…, vault/object-missing */
  async open(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): Promise<OpenedObject> {
    const studyKey = await this.studyKey(studyId);
    const handle = await openExisting(this.path(studyId, objectId, kind));
    try {
      const { size } = await handle.stat();
      const source = {
        size,
        read: (offset: number, length: number) => readAt(handle, offset, this.#memory.take(length)),
        release: (bytes: Uint8Array) => this.#memory.release(bytes),
      };
      const key = deriveObjectKey(this.#engine, studyKey, { objectId, kind });
      const context = this.#context(studyId, objectId, kind);
      const reader = await openObject(this.#engine, key, context, source).finally(() => closeKey(key));
      return {
        reader,
        close: async () => {
          reader.close();
          await handle.close();
        },
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Removes objects that no catalogue row or manifest counts. Missing ones are no error. */
  async remove(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): Promise<void> {
    await unlink(this.path(studyId, objectId, kind)).catch(ignoreMissing);
  }

  /** Removes what is left of notes and results whose writing was cut short; nobody was told that they were saved. */
  async removeNoteParts(studyId: StudyId): Promise<void> {
    const names = await namesIn(this.folder(studyId));
    const parts = names.filter((name) => name.endsWith(`.note${PART}`) || name.endsWith(`.result${PART}`));
    for (const name of parts) await unlink(join(this.folder(studyId), name)).catch(ignoreMissing);
  }

  /** Removes a study that was never committed, key and all. */
  async removeStudy(studyId: StudyId): Promise<void> {
    this.forget(studyId);
    await rm(this.folder(studyId), { recursive: true, force: true });
  }

  async studies(): Promise<StudyId[]> {
    const names = await namesIn(this.root);
    return names.filter((name) => /^[0-9a-f]{32}$/.test(name)).map((name) => parseId<StudyId>(name));
  }

  /** Empty when the folder doesn't exist. */
  async list(studyId: StudyId): Promise<FolderListing> {
    const names = await namesIn(this.folder(studyId));
    const listing: FolderListing = {
      instances: [],
      notes: [],
      results: [],
      manifests: [],
      hasKey: names.includes(KEY_FILE),
    };
    for (const name of names) {
      const match = /^([0-9a-f]{32})\.(instance|note|result)$/.exec(name);
      const number = /^([1-9]\d{0,8})\.manifest$/.exec(name);
      if (match?.[1] !== undefined) listing[`${match[2] as 'instance' | 'note' | 'result'}s`].push(parseId(match[1]));
      else if (number !== null) listing.manifests.push(Number(number[1]));
    }
    listing.manifests.sort((a, b) => a - b);
    return listing;
  }

  async syncStudy(studyId: StudyId): Promise<void> {
    await syncFolder(this.folder(studyId));
  }

  async syncRoot(): Promise<void> {
    await syncFolder(this.root);
  }

  /** Ends all keys: the vault is closed. */
  close(): void {
    this.keys.close();
  }

  /** Wipes one study's kept key, or all of them. */
  forget(studyId?: StudyId): void {
    this.keys.forget(studyId);
  }

  #context(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): ObjectContext {
    return { vaultId: this.#vaultId, studyId, objectId, kind, version: PLAINTEXT_VERSION };
  }
}

/** Empty when the folder doesn't exist. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}

async function openExisting(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((cause: unknown) => {
    if (systemCode(cause) !== 'ENOENT') throw cause;
    throw vaultError('vault/object-missing', 'a sealed object is gone', { cause });
  });
}

/** Fills `buffer`; less only at the file's end. */
async function readAt(handle: FileHandle, offset: number, buffer: Buffer): Promise<Uint8Array> {
  const { length } = buffer;
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? buffer : buffer.subarray(0, filled);
}
