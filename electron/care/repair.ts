/**
 * Puts sound copies in the place of damaged or missing objects: from a backup of this vault, or by sealing a source again
 * whose bytes have the hash that the manifest names. Nothing is taken on trust: a copy stays only if it opens in full and
 * is what it should be. What was there before is set aside, never deleted.
 */
import { createHash } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import type { RepairReport, RepairSource } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver, VerifyProblem } from '../../core/vault/types.ts';
import { makeFolder, syncFolder } from '../durable-file.ts';
import { expandSources } from '../sources/expand.ts';
import type { ImportSource } from '../sources/types.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import { systemCode } from '../vault/failure.ts';
import { readManifest } from '../vault/manifest.ts';
import { ObjectFile } from '../vault/object-file.ts';
import type { ObjectStore } from '../vault/objects.ts';
import { verifyVault } from '../vault/verify.ts';
import { reach } from '../vault/write-points.ts';
import { BackupFolder, type ListedFile, now } from './backup-folder.ts';
import { copyFile, stopIfAborted } from './copy-file.ts';
import { type NamedObject, objectOf, readObject } from './soundness.ts';

export interface RepairParts {
  readonly dir: string;
  readonly vaultId: string;
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  importing(): boolean;
}

/** Kinds that a copy can put right; an object that nothing names, or a catalogue, is put right otherwise. */
const REPAIRABLE: readonly VerifyProblem['kind'][] = ['missing', 'altered', 'manifest'];

/** @throws backup/not-a-backup, backup/other-vault, vault/cancelled, vault/disk-full, vault/io */
export async function repair(parts: RepairParts, from: RepairSource, observer: VerifyObserver): Promise<RepairReport> {
  const found = await damageOf(parts, observer);
  const run = new Repair(parts, observer.signal);
  if ('backup' in from) await run.fromBackup(await backupOf(parts, from.backup), found);
  else await run.fromSources(from.paths, found);
  parts.catalogue.scrubbed.repaired(run.repaired);
  const lost = found.filter((problem) => !run.repaired.includes(problem));
  return { found, repaired: run.repaired, lost };
}

async function backupOf(parts: RepairParts, path: string): Promise<BackupFolder> {
  const folder = await BackupFolder.open(path);
  if (folder.vaultId !== parts.vaultId) throw vaultError('backup/other-vault', 'the backup of another vault');
  return folder;
}

/** What a fast verification finds now, and what the scrub found in the middle of objects. */
async function damageOf(parts: RepairParts, observer: VerifyObserver): Promise<VerifyProblem[]> {
  const { problems } = await verifyVault(parts, { full: false }, observer);
  const found = new Map<string, VerifyProblem>();
  for (const problem of [...problems, ...parts.catalogue.scrubbed.damaged()]) {
    if (!REPAIRABLE.includes(problem.kind)) continue;
    const { studyId, objectId, kind } = problem;
    found.set(`${studyId}/${objectId ?? kind}`, problem);
  }
  return [...found.values()];
}

/** An instance's bytes as they were sealed. */
interface Expected {
  readonly objectId: ObjectId;
  readonly sha256: string;
  readonly size: number;
}

class Repair {
  readonly repaired: VerifyProblem[] = [];
  readonly #parts: RepairParts;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, Map<string, ListedFile>>();

  constructor(parts: RepairParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async fromBackup(folder: BackupFolder, found: readonly VerifyProblem[]): Promise<void> {
    // Keys first: nothing of a study opens without its own.
    const ofStudy = found.filter(({ objectId }) => objectId === null);
    for (const problem of ofStudy) {
      stopIfAborted(this.#signal);
      const studyId = parseId<StudyId>(problem.studyId);
      const done = problem.kind === 'manifest' ? this.#manifests(folder, studyId) : this.#wholeStudy(folder, studyId);
      if (await done) this.repaired.push(problem);
    }
    for (const problem of found) {
      if (problem.objectId === null) continue;
      stopIfAborted(this.#signal);
      const studyId = parseId<StudyId>(problem.studyId);
      const objectId = parseId<ObjectId>(problem.objectId);
      const sha256 = (await this.#expected(studyId, objectId))?.sha256 ?? null;
      const named = { objectId, kind: sha256 === null ? ('note' as const) : ('instance' as const) };
      const taken = await this.#take(folder, studyId, `${objectId}.${named.kind}`, () =>
        this.#isSound(studyId, named, sha256),
      );
      if (taken) this.repaired.push(problem);
    }
  }

  /** Seals files again whose hash and length are those of a damaged object. */
  async fromSources(paths: readonly string[], found: readonly VerifyProblem[]): Promise<void> {
    const wanted = new Map<string, { problem: VerifyProblem; expected: Expected }>();
    const sizes = new Set<number>();
    for (const problem of found) {
      if (problem.objectId === null) continue;
      const expected = await this.#expected(parseId<StudyId>(problem.studyId), parseId<ObjectId>(problem.objectId));
      if (expected === null) continue;
      wanted.set(expected.sha256, { problem, expected });
      sizes.add(expected.size);
    }
    for await (const source of expandSources(paths)) {
      stopIfAborted(this.#signal);
      if (wanted.size === 0) return;
      if ('refused' in source || !sizes.has(source.size)) continue;
      const sha256 = await hashOf(source).catch(() => null);
      const match = sha256 === null ? undefined : wanted.get(sha256);
      if (sha256 === null || match === undefined) continue;
      if (!(await this.#sealAgain(parseId<StudyId>(match.problem.studyId), match.expected, source))) continue;
      wanted.delete(sha256);
      this.repaired.push(match.problem);
    }
  }

  /** What an instance's file must hold, by the catalogue or, where that lost the row, by a manifest. Null: no instance. */
  async #expected(studyId: StudyId, objectId: ObjectId): Promise<Expected | null> {
    const { catalogue, store } = this.#parts;
    const number = catalogue.visibleNumber(studyId);
    const row = number === null ? null : catalogue.instance(number, objectId);
    if (row !== null) return row;
    for (const manifestNumber of (await store.list(studyId)).manifests) {
      const manifest = await readManifest(store, studyId, manifestNumber).catch(() => null);
      const named = manifest?.objects.find(({ id }) => id === objectId);
      if (named !== undefined) return { objectId, sha256: named.sha256, size: named.size };
    }
    return null;
  }

  async #isSound(studyId: StudyId, named: NamedObject, sha256: string | null): Promise<boolean> {
    const reading = await readObject(this.#parts.store, studyId, named, this.#signal);
    return reading.state === 'sound' && (sha256 === null || reading.sha256 === sha256);
  }

  /** A study whose key or folder is gone: everything that the backup has of it and the vault lacks. */
  async #wholeStudy(folder: BackupFolder, studyId: StudyId): Promise<boolean> {
    const listed = await this.#listed(folder, studyId);
    await makeFolder(this.#parts.store.folder(studyId));
    this.#parts.store.keys.forget(studyId);
    const there = new Set(await readdir(this.#parts.store.folder(studyId)));
    for (const file of listed.values()) {
      const isKey = objectOf(file.name) === null;
      if (!isKey && there.has(file.name)) continue;
      await this.#take(folder, studyId, file.name, async () => true);
    }
    await syncFolder(this.#parts.store.root);
    return this.#parts.store.studyKey(studyId).then(
      () => true,
      () => false,
    );
  }

  /** Every manifest that doesn't open, or names another import than the catalogue. */
  async #manifests(folder: BackupFolder, studyId: StudyId): Promise<boolean> {
    const { catalogue, store } = this.#parts;
    const imports = catalogue.state.importsOf(catalogue.studyNumber(studyId));
    const fits = async (at: number): Promise<boolean> => {
      const manifest = await readManifest(store, studyId, at + 1).catch(() => null);
      return manifest !== null && manifest.importId === imports[at];
    };
    // A catalogue that was made anew without a manifest calls its import otherwise; the objects are the same.
    const rows = new Set<string>(catalogue.instances(studyId).map(({ objectId }) => objectId));
    const replaces = async (at: number): Promise<boolean> => {
      const manifest = await readManifest(store, studyId, at + 1).catch(() => null);
      return (
        manifest !== null && (manifest.importId === imports[at] || manifest.objects.every(({ id }) => rows.has(id)))
      );
    };
    let whole = true;
    for (const at of imports.keys()) {
      if (await fits(at)) continue;
      whole = (await this.#take(folder, studyId, `${at + 1}.manifest`, () => replaces(at))) && whole;
    }
    return whole;
  }

  /** Takes one file of the backup; the damaged one is set aside, and comes back where the copy is no better. */
  async #take(folder: BackupFolder, studyId: StudyId, name: string, isSound: () => Promise<boolean>): Promise<boolean> {
    const file = (await this.#listed(folder, studyId)).get(name);
    if (file === undefined) return false;
    const path = join(this.#parts.store.folder(studyId), name);
    const aside = await this.#setAside(studyId, name);
    const stored = join(folder.studyFolder(studyId), file.stored);
    const copied = await copyFile(stored, path, this.#signal, ({ sha256 }) => {
      reach('repair.part');
      return sha256 === file.sha256;
    }).catch(ignoreMissing);
    if (copied !== null && (await isSound())) {
      await syncFolder(this.#parts.store.folder(studyId));
      reach('repair.replaced');
      return true;
    }
    await rm(path, { force: true });
    if (aside !== null) await rename(aside, path);
    return false;
  }

  async #sealAgain(studyId: StudyId, expected: Expected, source: ImportSource): Promise<boolean> {
    const { store } = this.#parts;
    const { objectId, sha256 } = expected;
    const sealer = await store.sealer(studyId, objectId, 'instance');
    const path = store.path(studyId, objectId, 'instance');
    const aside = await this.#setAside(studyId, `${objectId}.instance`);
    try {
      const output = ObjectFile.create(path);
      try {
        for await (const chunk of source.open()) for (const part of sealer.update(chunk)) output.write(part);
        for (const part of sealer.finish()) output.write(part);
        await output.finish();
      } catch (error) {
        output.abandon();
        throw error;
      }
      reach('repair.part');
      await store.syncStudy(studyId);
      if (await this.#isSound(studyId, { objectId, kind: 'instance' }, sha256)) {
        reach('repair.replaced');
        return true;
      }
    } catch (error) {
      await rm(path, { force: true });
      if (aside !== null) await rename(aside, path);
      throw error;
    }
    await rm(path, { force: true });
    if (aside !== null) await rename(aside, path);
    return false;
  }

  /** Moves a file out of the way. Null when there is none. */
  async #setAside(studyId: StudyId, name: string): Promise<string | null> {
    const folder = join(this.#parts.dir, 'set-aside', studyId);
    await makeFolder(folder);
    const aside = join(folder, `${name}.${now().replaceAll(/[:.]/g, '-')}`);
    try {
      await rename(join(this.#parts.store.folder(studyId), name), aside);
    } catch (error) {
      return ignoreMissing(error);
    }
    reach('repair.aside');
    return aside;
  }

  /** The study's newest list; an older snapshot's where the newest lacks the study. */
  async #listed(folder: BackupFolder, studyId: StudyId): Promise<Map<string, ListedFile>> {
    const known = this.#lists.get(studyId);
    if (known !== undefined) return known;
    const { snapshot } = await folder.newest();
    const list = snapshot.shredded.includes(studyId)
      ? undefined
      : snapshot.studies.find(([other]) => other === studyId)?.[1];
    const files = list === undefined ? [] : await folder.list(list).catch(() => []);
    const byName = new Map(files.map((file) => [file.name, file]));
    this.#lists.set(studyId, byName);
    return byName;
  }
}

async function hashOf(source: ImportSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.open()) hash.update(chunk);
  return hash.digest('hex');
}

function ignoreMissing(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
