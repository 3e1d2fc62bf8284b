import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudyId } from '../../core/ids.ts';
import type { VerifyProblem } from '../../core/vault/types.ts';
import { syncFolder } from '../durable-file.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import { systemCode } from '../vault/failure.ts';
import type { ObjectStore } from '../vault/objects.ts';
import { reach } from '../vault/write-points.ts';
import { type BackupFolder, type ListedFile, namesIn } from './backup-folder.ts';
import { copyFile, eachOf, type HashedFile, hashFile, PART, statOf, stopIfAborted } from './copy-file.ts';
import { type NamedObject, objectOf, readObject } from './soundness.ts';
import { keyFiles } from './vault-files.ts';

/** Files of a study under way at a time: each waits for the disk. */
const FILES_AT_A_TIME = 4;
/** A study whose keys change while it is copied is copied again, so often. */
const TRIES = 4;

export interface StudyMoment {
  /** Manifests that the catalogue counts. */
  readonly manifests: number;
  readonly lastImport: number;
  /** The study's list in the snapshot before, or null. */
  readonly list: string | null;
}

export interface StudyCopy {
  readonly list: string;
  readonly files: readonly ListedFile[];
  readonly copied: number;
  readonly copiedBytes: number;
  readonly unchecked: number;
  readonly problems: readonly (VerifyProblem & { readonly kept: boolean })[];
}

type Problem = StudyCopy['problems'][number];

/** One study's part of a backup. */
export class StudyBackup {
  readonly #parts: { readonly catalogue: Catalogue; readonly store: ObjectStore };
  readonly #folder: BackupFolder;
  readonly #studyId: StudyId;
  readonly #signal: AbortSignal;
  readonly #problems = new Map<string, Problem>();
  #there = new Set<string>();
  #earlier = new Map<string, ListedFile>();
  #copied = 0;
  #copiedBytes = 0;
  #unchecked = 0;

  constructor(
    parts: { readonly catalogue: Catalogue; readonly store: ObjectStore },
    folder: BackupFolder,
    studyId: StudyId,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#folder = folder;
    this.#studyId = studyId;
    this.#signal = signal;
  }

  async run(moment: StudyMoment): Promise<StudyCopy> {
    const { list } = moment;
    const earlier = list === null ? [] : await this.#folder.list(list).catch(() => []);
    for (const file of earlier) this.#earlier.set(file.name, file);
    const target = this.#folder.studyFolder(this.#studyId);
    await mkdir(target, { recursive: true, mode: 0o700 });
    await this.#removeParts(target);
    this.#there = new Set(await namesIn(target));
    let files: ListedFile[] = [];
    for (let attempt = 1; ; attempt++) {
      const keys = await this.#keys();
      files = [...(await this.#objects(moment)), ...keys];
      // A study that was sealed under a new key meanwhile: keys and objects must be of one moment.
      const after = await this.#keys();
      const same = keys.length === after.length && keys.every((key, at) => key.sha256 === after[at]?.sha256);
      if (same || attempt === TRIES) break;
    }
    // Also what a run copied that was killed before it flushed the folder.
    if (files.some(({ name, stored }) => this.#earlier.get(name)?.stored !== stored)) await syncFolder(target);
    const written = await this.#folder.writeList(files);
    reach('backup.list');
    return {
      list: written,
      files,
      copied: this.#copied,
      copiedBytes: this.#copiedBytes,
      unchecked: this.#unchecked,
      problems: [...this.#problems.values()],
    };
  }

  async #removeParts(target: string): Promise<void> {
    for (const name of await namesIn(target)) if (name.endsWith(PART)) await unlink(join(target, name));
  }

  /** Names of the objects that the snapshot is to hold: what is committed, and every note. */
  async #names({ manifests, lastImport }: StudyMoment): Promise<string[]> {
    const { catalogue, store } = this.#parts;
    const number = catalogue.visibleNumber(this.#studyId);
    if (number === null) return [...this.#earlier.keys()].filter((name) => objectOf(name) !== null);
    const { notes } = await store.list(this.#studyId);
    const known = catalogue.annotations.journal(number).map(({ objectId }) => objectId);
    return [
      ...catalogue.objectsUpTo(number, lastImport).map((objectId) => `${objectId}.instance`),
      ...new Set([...notes, ...known].map((objectId) => `${objectId}.note`)),
      ...Array.from({ length: manifests }, (_, at) => `${at + 1}.manifest`),
    ];
  }

  async #objects(moment: StudyMoment): Promise<ListedFile[]> {
    const files: ListedFile[] = [];
    this.#problems.clear();
    await eachOf(await this.#names(moment), FILES_AT_A_TIME, async (name) => {
      stopIfAborted(this.#signal);
      const named = objectOf(name);
      const file = named === null ? null : await this.#object(name, named);
      if (file !== null) files.push(file);
    });
    return files;
  }

  /** The object's place in the list; what can't be copied keeps the place that it had. */
  async #object(name: string, named: NamedObject): Promise<ListedFile | null> {
    const known = this.#kept(name);
    const path = join(this.#parts.store.folder(this.#studyId), name);
    const found = await statOf(path);
    if (found === null) return this.#damaged('missing', named, known);
    if (known !== null && known.size === found.size && known.mtimeMs === found.mtimeMs) return known;
    const { mtimeMs } = found;
    if (known !== null || this.#there.has(name)) {
      const { sha256, size } = await hashFile(path, this.#signal);
      if (known !== null && known.sha256 === sha256) return { ...known, mtimeMs };
      if (known === null && (await this.#holds(name, sha256))) return { name, size, sha256, stored: name, mtimeMs };
      // Under one name once more: sealed under a new key, or damaged. Only the first opens.
      return this.#copy(name, named, { stored: `${name}.${sha256.slice(0, 16)}`, known, mtimeMs });
    }
    return this.#copy(name, named, { stored: name, known: null, mtimeMs });
  }

  async #copy(
    name: string,
    named: NamedObject,
    place: { stored: string; known: ListedFile | null; mtimeMs: number },
  ): Promise<ListedFile | null> {
    const { store } = this.#parts;
    const reading = await readObject(store, this.#studyId, named, this.#signal);
    if (reading.state === 'altered' || reading.state === 'missing')
      return this.#damaged(reading.state, named, place.known);
    if (reading.state === 'unchecked') this.#unchecked += 1;
    const copied = await this.#put(name, place.stored, 'backup.object');
    return copied === null
      ? this.#damaged('missing', named, place.known)
      : { name, ...copied, stored: place.stored, mtimeMs: place.mtimeMs };
  }

  async #keys(): Promise<ListedFile[]> {
    const source = this.#parts.store.folder(this.#studyId);
    const listed: ListedFile[] = [];
    for (const name of keyFiles(await readdir(source).catch(ignoreMissing)).sort()) {
      const path = join(source, name);
      const found = await statOf(path);
      if (found === null) continue;
      const { sha256, size } = await hashFile(path, this.#signal);
      const stored = `${name}.${sha256.slice(0, 16)}`;
      if (!this.#there.has(stored)) await this.#put(name, stored, 'backup.key');
      listed.push({ name, size, sha256, stored, mtimeMs: found.mtimeMs });
    }
    // Gone from the vault and not shredded: what the backup has is the last copy.
    if (listed.length > 0) return listed;
    const kept = [...this.#earlier.values()].filter(({ name }) => objectOf(name) === null);
    this.#problems.set('', { kind: 'missing', studyId: this.#studyId, objectId: null, kept: kept.length > 0 });
    return kept;
  }

  async #put(name: string, stored: string, point: 'backup.object' | 'backup.key'): Promise<HashedFile | null> {
    const from = join(this.#parts.store.folder(this.#studyId), name);
    const to = join(this.#folder.studyFolder(this.#studyId), stored);
    const accept = (): boolean => {
      reach('backup.part');
      return true;
    };
    const copied = await copyFile(from, to, this.#signal, accept).catch(ignoreGone);
    if (copied === null) return null;
    reach(point);
    this.#there.add(stored);
    this.#copied += 1;
    this.#copiedBytes += copied.size;
    return copied;
  }

  /** What the snapshot before knows of a name, if the backup still has it. */
  #kept(name: string): ListedFile | null {
    const known = this.#earlier.get(name);
    return known !== undefined && this.#there.has(known.stored) ? known : null;
  }

  async #holds(stored: string, sha256: string): Promise<boolean> {
    const path = join(this.#folder.studyFolder(this.#studyId), stored);
    return (await hashFile(path, this.#signal)).sha256 === sha256;
  }

  #damaged(kind: 'missing' | 'altered', { objectId, kind: of }: NamedObject, known: ListedFile | null) {
    const problem = { studyId: this.#studyId, kept: known !== null };
    this.#problems.set(
      `${objectId}.${of}`,
      of === 'manifest' ? { ...problem, kind: 'manifest', objectId: null } : { ...problem, kind, objectId },
    );
    return known;
  }
}

function ignoreMissing(error: unknown): string[] {
  if (systemCode(error) === 'ENOENT') return [];
  throw error;
}

function ignoreGone(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
