/**
 * Restores a backup into an empty folder, with no key: what comes back is the vault as it was, sealed, and any slot of its
 * header opens it. `vault.json` is written last, so that a folder is a vault only when all of it is there; a restore that
 * was killed goes on when it is started again. `restored.json` lets the first opening say, and audit, which copy it is.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { makeFolder, replaceFile, syncFolder } from '../durable-file.ts';
import { HEADER_FILE } from '../paths.ts';
import { reach } from '../vault/write-points.ts';
import { BACKUP_NAMES, BackupFolder, isThere, type ListedFile, parseJson, type Snapshot } from './backup-folder.ts';
import { copyFile, eachOf, ignoreUnreadable, PART, stopIfAborted } from './copy-file.ts';
import { freeBytes } from './free-bytes.ts';
import { objectOf } from './soundness.ts';

const FILES_AT_A_TIME = 4;
/** In the folder while it is being restored. */
const UNDER_WAY = 'restoring';
/** In the vault until it is opened. */
const RESTORED = 'restored.json';

const restoredSchema = z.strictObject({
  format: z.literal('vitrine-restored'),
  version: z.literal(1),
  number: z.int(),
  at: z.string(),
  /** The snapshot's note: whoever opens the vault has the key that it is signed with. */
  note: z.string().max(4096),
  /** Files that could not be restored. */
  damaged: z.int(),
});
export type Restored = z.infer<typeof restoredSchema>;

export interface RestoreOptions {
  /** Only this study; null: everything. */
  readonly study: string | null;
  /** Number of the snapshot; null: the newest. */
  readonly snapshot: number | null;
}

export interface RestoreReport {
  readonly number: number;
  /** When the snapshot was taken. */
  readonly at: string;
  readonly studies: number;
  readonly files: number;
  readonly bytes: number;
  /** Names of files that are damaged or missing in the backup: what they held is not restored. */
  readonly damaged: readonly string[];
}

/**
 * @throws backup/not-a-backup, backup/newer-version, backup/no-room, restore/not-empty, restore/no-such-study,
 *   vault/cancelled, vault/disk-full, vault/io
 */
export async function restore(
  from: string,
  to: string,
  options: RestoreOptions,
  observer: VerifyObserver,
): Promise<RestoreReport> {
  const folder = await BackupFolder.open(from);
  const newest = await folder.newest();
  const chosen = options.snapshot === null ? newest : await folder.snapshot(options.snapshot);
  if (chosen === null) throw vaultError('backup/not-a-backup', 'the backup has no such snapshot');
  const run = new RestoreRun(folder, { chosen: chosen.snapshot, newest: newest.snapshot }, to, observer);
  return run.run(options.study, chosen.note);
}

/** What a vault that was just restored says of itself; null: it wasn't, or it was opened since. */
export async function readRestored(dir: string): Promise<Restored | null> {
  const text = await readFile(join(dir, RESTORED), 'utf8').catch(() => null);
  const parsed = restoredSchema.safeParse(parseJson(text ?? ''));
  return parsed.success ? parsed.data : null;
}

/** It was said. */
export async function forgetRestored(dir: string): Promise<void> {
  await rm(join(dir, RESTORED), { force: true });
}

/**
 * Takes out what a restore that was cancelled has written, so that the folder is free for another vault. Only where the mark of a
 * restore under way stands and no header does; the mark goes last. @throws vault/io
 */
export async function discardRestore(dir: string): Promise<void> {
  const names: string[] = await readdir(dir).catch(() => []);
  if (!names.includes(UNDER_WAY) || names.includes(HEADER_FILE)) return;
  for (const name of names) if (name !== UNDER_WAY) await rm(join(dir, name), { recursive: true, force: true });
  await rm(join(dir, UNDER_WAY), { force: true });
}

class RestoreRun {
  readonly #folder: BackupFolder;
  readonly #chosen: Snapshot;
  readonly #newest: Snapshot;
  readonly #to: string;
  readonly #observer: VerifyObserver;
  readonly #damaged: string[] = [];
  #files = 0;
  #bytes = 0;
  #total = 0;

  constructor(
    folder: BackupFolder,
    snapshots: { chosen: Snapshot; newest: Snapshot },
    to: string,
    observer: VerifyObserver,
  ) {
    this.#folder = folder;
    this.#chosen = snapshots.chosen;
    this.#newest = snapshots.newest;
    this.#to = to;
    this.#observer = observer;
  }

  async run(only: string | null, note: string): Promise<RestoreReport> {
    const studies = this.#studies(only);
    const mark = JSON.stringify({ vaultId: this.#folder.vaultId, number: this.#chosen.number, only });
    await this.#prepare(mark);
    this.#total = studies.reduce((sum, [, , files]) => sum + files, 0);
    await this.#refuseWithoutRoom(studies);
    reach('restore.begun');
    for (const entry of studies) await this.#study(entry);
    if (studies.length > 0) await syncFolder(join(this.#to, BACKUP_NAMES.studies));
    const header = await this.#vaultFiles();
    // Of a part of the vault, or of an older snapshot, the catalogue is made anew when it is opened.
    if (only === null && this.#chosen.number === this.#newest.number) await this.#catalogue();
    const { number, at } = this.#chosen;
    const restored: Restored = {
      format: 'vitrine-restored',
      version: 1,
      number,
      at,
      note,
      damaged: this.#damaged.length,
    };
    await replaceFile(join(this.#to, RESTORED), `${JSON.stringify(restored)}\n`);
    if (header !== null) await this.#put(header.stored, HEADER_FILE, header);
    await syncFolder(this.#to);
    reach('restore.header');
    await rm(join(this.#to, UNDER_WAY), { force: true });
    await syncFolder(this.#to);
    reach('restore.finished');
    const damaged = [...this.#damaged].sort();
    return { number, at, studies: studies.length, files: this.#files, bytes: this.#bytes, damaged };
  }

  /** @throws restore/no-such-study */
  #studies(only: string | null): Snapshot['studies'] {
    const gone = new Set([...this.#chosen.shredded, ...this.#newest.shredded]);
    const there = this.#chosen.studies.filter(([studyId]) => !gone.has(studyId));
    const studies = only === null ? there : there.filter(([studyId]) => studyId === only);
    if (only !== null && studies.length === 0)
      throw vaultError('restore/no-such-study', 'the backup has no such study');
    return studies;
  }

  /** The folder is empty, or an earlier run of the same restore began to fill it. @throws restore/not-empty */
  async #prepare(mark: string): Promise<void> {
    await makeFolder(this.#to);
    const names = (await readdir(this.#to)).filter((name) => name !== 'lost+found');
    const begun = await readFile(join(this.#to, UNDER_WAY), 'utf8').catch(() => null);
    if (begun !== mark && names.some((name) => !name.startsWith(`${UNDER_WAY}.`)))
      throw vaultError('restore/not-empty', 'the folder to restore into holds something');
    await replaceFile(join(this.#to, UNDER_WAY), mark);
    await removeParts(this.#to);
    await mkdir(join(this.#to, BACKUP_NAMES.studies), { recursive: true, mode: 0o700 });
  }

  async #refuseWithoutRoom(studies: Snapshot['studies']): Promise<void> {
    const needed = studies.reduce((sum, [, , , bytes]) => sum + bytes, 0);
    const free = await freeBytes(this.#to);
    // What an interrupted run restored already takes its room twice in this sum: then the disk itself has the last word.
    if (free !== null && this.#files === 0 && needed > free && (await readdir(join(this.#to, 'studies'))).length === 0)
      throw vaultError('backup/no-room', 'too little room for what is restored', { details: { needed, free } });
  }

  async #study([studyId, list]: Snapshot['studies'][number]): Promise<void> {
    const files = await this.#listed(list);
    // Keys are always the newest: older ones are removed from a backup, and sealed objects go with them.
    const now = this.#newest.studies.find(([other]) => other === studyId)?.[1] ?? list;
    const current = now === list ? files : await this.#listed(now);
    const byName = new Map(current.map((file) => [file.name, file]));
    const keys = current.filter(({ name }) => objectOf(name) === null);
    const objects = files.filter(({ name }) => objectOf(name) !== null);
    const target = join(this.#to, BACKUP_NAMES.studies, studyId);
    await mkdir(target, { recursive: true, mode: 0o700 });
    await removeParts(target);
    await eachOf([...objects.map((file) => byName.get(file.name) ?? file), ...keys], FILES_AT_A_TIME, async (file) => {
      const inStudy = (name: string) => `${BACKUP_NAMES.studies}/${studyId}/${name}`;
      await this.#put(inStudy(file.stored), inStudy(file.name), file);
      reach('restore.object');
      this.#observer.progress(Math.min(this.#files, this.#total), this.#total);
    });
    await syncFolder(target);
  }

  /** Everything of the vault's folder but its header, which comes last. */
  async #vaultFiles(): Promise<ListedFile | null> {
    const files = await this.#listed(this.#newest.files);
    const folders = new Set<string>();
    for (const file of files) {
      if (file.name === HEADER_FILE) continue;
      const target = dirname(join(this.#to, ...file.name.split('/')));
      await mkdir(target, { recursive: true, mode: 0o700 });
      await this.#put(file.stored, file.name, file);
      folders.add(target);
    }
    for (const target of folders) await syncFolder(target);
    reach('restore.audit');
    return files.find(({ name }) => name === HEADER_FILE) ?? null;
  }

  async #catalogue(): Promise<void> {
    const { catalogue } = this.#chosen;
    if (catalogue === null) return;
    await this.#put(`${BACKUP_NAMES.catalogue}/${catalogue.name}`, 'catalogue.db', catalogue);
    reach('restore.catalogue');
  }

  async #listed(list: string): Promise<ListedFile[]> {
    try {
      return await this.#folder.list(list);
    } catch {
      this.#damaged.push(`${BACKUP_NAMES.lists}/${list}.list`);
      return [];
    }
  }

  /** A copy whose bytes are what the list says; another is named, and left out. */
  async #put(stored: string, name: string, expected: { sha256: string; size: number }): Promise<void> {
    const { signal } = this.#observer;
    stopIfAborted(signal);
    const to = join(this.#to, ...name.split('/'));
    this.#files += 1;
    // Written by a run that was killed; it had its name only when it was whole.
    if (await isThere(to, expected.size)) {
      this.#bytes += expected.size;
      return;
    }
    const accept = ({ sha256 }: { sha256: string }): boolean => {
      reach('restore.part');
      return sha256 === expected.sha256;
    };
    const from = this.#folder.in(...stored.split('/'));
    const copied = await copyFile(from, to, signal, accept).catch(ignoreUnreadable);
    if (copied === null) this.#damaged.push(stored);
    else this.#bytes += copied.size;
  }
}

/** Removes what a killed copy left under a name that nobody reads. */
async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith(PART)) await rm(join(folder, name), { force: true });
}
