/**
 * Backs the vault up into a folder, as ciphertext. A run copies what the newest finished snapshot lacks and writes a
 * snapshot; main signs it, and only then does it count. What a run wrote before it was killed is found and used by the
 * next one.
 *
 * What is committed when the run begins is in the snapshot, whole: the catalogue is copied first, in a moment in which it
 * doesn't change, and of each study the objects that it knows. The copy saves a restore from reading every object to make
 * the catalogue anew; it is ciphertext under the same key, and where it is missing or damaged the objects make another.
 */
import { join } from 'node:path';
import { hasCode } from '../../core/errors.ts';
import type { StudyId } from '../../core/ids.ts';
import type { BackupReport } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver, VerifyProblem } from '../../core/vault/types.ts';
import { syncFolder } from '../durable-file.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import { lockVault } from '../vault/lock.ts';
import type { ObjectStore } from '../vault/objects.ts';
import { reach } from '../vault/write-points.ts';
import { BACKUP_NAMES, BackupFolder, isThere, type ListedFile, now, type Snapshot } from './backup-folder.ts';
import { removeStudies } from './backup-prune.ts';
import { StudyBackup } from './backup-study.ts';
import { copyFile, eachOf, hashFile, statOf, stopIfAborted } from './copy-file.ts';
import { shreddedStudies, vaultFiles } from './vault-files.ts';

/** Studies under way at a time. */
const STUDIES_AT_A_TIME = 2;

export interface BackupParts {
  readonly dir: string;
  readonly vaultId: string;
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  /** Runs `task` between two imports. */
  betweenImports<T>(task: () => Promise<T>): Promise<T>;
}

/** What the snapshot holds, taken at one moment. */
interface Moment {
  readonly counter: number;
  readonly lastImport: number;
  readonly studies: readonly { readonly studyId: StudyId; readonly manifests: number }[];
  readonly catalogue: Snapshot['catalogue'];
}

/**
 * Copies and writes the snapshot; it counts when its note is signed.
 * @throws see `CareCode`; vault/cancelled, vault/disk-full, vault/io. Earlier snapshots are as they were, whatever happens
 */
export async function backUp(parts: BackupParts, target: string, observer: VerifyObserver): Promise<BackupReport> {
  const folder = await BackupFolder.prepare(target, parts);
  const lock = lockBackup(folder);
  try {
    return await new BackupRun(parts, folder, observer).run();
  } finally {
    lock.release();
  }
}

/** @throws backup/in-use */
function lockBackup(folder: BackupFolder): { release(): void } {
  try {
    return lockVault(folder.in(BACKUP_NAMES.lock));
  } catch (cause) {
    if (!hasCode(cause, 'vault/in-use')) throw cause;
    throw vaultError('backup/in-use', 'another backup into this folder is running', { cause });
  }
}

class BackupRun {
  readonly #parts: BackupParts;
  readonly #folder: BackupFolder;
  readonly #observer: VerifyObserver;
  readonly #problems: (VerifyProblem & { kept: boolean })[] = [];
  #done = 0;
  #total = 0;
  #files = 0;
  #bytes = 0;
  #copied = 0;
  #copiedBytes = 0;
  #unchecked = 0;

  constructor(parts: BackupParts, folder: BackupFolder, observer: VerifyObserver) {
    this.#parts = parts;
    this.#folder = folder;
    this.#observer = observer;
  }

  async run(): Promise<BackupReport> {
    const before = await this.#newest();
    const gone = await shreddedStudies(this.#parts.dir);
    const shredded = await removeStudies(this.#folder, gone);
    reach('backup.begun');
    const moment = await this.#parts.betweenImports(() => this.#take(before));
    const { images, notes } = this.#parts.catalogue.state.read();
    this.#total = images + notes;
    const studies = await this.#studies(moment, before, gone);
    const files = await this.#vaultFiles(before);
    const { studies: objects, files: others, catalogue } = BACKUP_NAMES;
    for (const name of [objects, others, catalogue]) await syncFolder(this.#folder.in(name));
    const number = ((await this.#folder.numbers()).at(-1) ?? 0) + 1;
    const at = now();
    // Shredded while the run went on: the copied catalogue still knows the study, so it is not kept.
    const late = [...(await shreddedStudies(this.#parts.dir))].some((studyId) => !gone.has(studyId));
    const snapshot: Snapshot = {
      format: 'vitrine-snapshot',
      version: 1,
      vaultId: this.#parts.vaultId,
      number,
      at,
      counter: moment.counter,
      previous: before?.claim.sha256 ?? null,
      files,
      catalogue: late ? null : moment.catalogue,
      studies,
      shredded: [...gone].sort(),
    };
    const sha256 = await this.#folder.writeSnapshot(snapshot);
    reach('backup.body');
    return {
      number,
      sha256,
      counter: moment.counter,
      at,
      studies: studies.length,
      files: this.#files,
      bytes: this.#bytes,
      copied: this.#copied,
      copiedBytes: this.#copiedBytes,
      unchecked: this.#unchecked,
      shredded,
      problems: this.#problems,
    };
  }

  async #newest(): Promise<Awaited<ReturnType<BackupFolder['newest']>> | null> {
    return this.#folder.newest().catch((error: unknown) => {
      if (hasCode(error, 'backup/not-a-backup')) return null;
      throw error;
    });
  }

  async #take(before: { snapshot: Snapshot } | null): Promise<Moment> {
    const { catalogue } = this.#parts;
    const { counter } = catalogue.state.read();
    const lastImport = catalogue.lastImport();
    const studies = catalogue.studies();
    return { counter, lastImport, studies, catalogue: await this.#copyCatalogue(counter, before) };
  }

  async #copyCatalogue(counter: number, before: { snapshot: Snapshot } | null): Promise<Snapshot['catalogue']> {
    const name = `${counter}.db`;
    const path = this.#folder.in(BACKUP_NAMES.catalogue, name);
    const known = before?.snapshot.catalogue ?? null;
    if (known?.name === name && (await isThere(path, known.size))) return known;
    const { catalogue, dir } = this.#parts;
    const { signal } = this.#observer;
    const copied = await catalogue.frozen(() => copyFile(join(dir, 'catalogue.db'), path, signal));
    reach('backup.catalogue');
    return copied === null ? null : { name, ...copied };
  }

  async #studies(
    moment: Moment,
    before: { snapshot: Snapshot } | null,
    gone: ReadonlySet<string>,
  ): Promise<Snapshot['studies']> {
    const earlier = new Map((before?.snapshot.studies ?? []).map((entry) => [entry[0], entry]));
    const entries: Snapshot['studies'] = [];
    await eachOf(moment.studies, STUDIES_AT_A_TIME, async ({ studyId, manifests }) => {
      stopIfAborted(this.#observer.signal);
      if (gone.has(studyId)) return;
      const study = new StudyBackup(this.#parts, this.#folder, studyId, this.#observer.signal);
      const list = earlier.get(studyId)?.[1] ?? null;
      const result = await study.run({ manifests, lastImport: moment.lastImport, list });
      earlier.delete(studyId);
      this.#problems.push(...result.problems);
      this.#copied += result.copied;
      this.#copiedBytes += result.copiedBytes;
      this.#unchecked += result.unchecked;
      this.#count(result.files);
      this.#progress(result.files.length);
      const bytes = result.files.reduce((sum, { size }) => sum + size, 0);
      if (result.files.length > 0) entries.push([studyId, result.list, result.files.length, bytes]);
    });
    // What the vault doesn't know any more without having shredded it is lost there, and kept here.
    for (const [studyId, entry] of earlier) {
      if (gone.has(studyId)) continue;
      entries.push(entry);
      this.#files += entry[2];
      this.#bytes += entry[3];
      this.#problems.push({ kind: 'missing', studyId, objectId: null, kept: true });
    }
    return entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Header, audit log and whatever else lies beside the studies. */
  async #vaultFiles(before: { snapshot: Snapshot } | null): Promise<string> {
    const earlier = new Map<string, ListedFile>();
    const known = before === null ? [] : await this.#folder.list(before.snapshot.files).catch(() => []);
    for (const file of known) earlier.set(file.name, file);
    const listed: ListedFile[] = [];
    for (const name of await vaultFiles(this.#parts.dir)) {
      stopIfAborted(this.#observer.signal);
      const file = await this.#vaultFile(name, earlier.get(name) ?? null);
      if (file !== null) listed.push(file);
    }
    this.#count(listed);
    const list = await this.#folder.writeList(listed);
    reach('backup.list');
    return list;
  }

  async #vaultFile(name: string, known: ListedFile | null): Promise<ListedFile | null> {
    const path = join(this.#parts.dir, ...name.split('/'));
    const found = await statOf(path);
    if (found === null) return null;
    const isSame = known !== null && known.size === found.size && known.mtimeMs === found.mtimeMs;
    if (isSame && (await isThere(this.#folder.in(...known.stored.split('/')), known.size))) return known;
    const { sha256, size } = await hashFile(path, this.#observer.signal);
    const stored = `${BACKUP_NAMES.files}/${sha256}`;
    const to = this.#folder.in(BACKUP_NAMES.files, sha256);
    if (!(await isThere(to, size))) {
      // Replaced between two readings: the next round takes what is there then.
      const copied = await copyFile(path, to, this.#observer.signal, (copy) => copy.sha256 === sha256);
      if (copied === null) return this.#vaultFile(name, null);
      this.#copied += 1;
      this.#copiedBytes += size;
      reach(name === 'vault.json' ? 'backup.header' : 'backup.audit');
    }
    return { name, size, sha256, stored, mtimeMs: found.mtimeMs };
  }

  #count(files: readonly ListedFile[]): void {
    this.#files += files.length;
    for (const { size } of files) this.#bytes += size;
  }

  #progress(files: number): void {
    this.#done += files;
    this.#observer.progress(Math.min(this.#done, this.#total), this.#total);
  }
}
