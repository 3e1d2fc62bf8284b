import { open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';
import { reach } from '../vault/write-points.ts';
import { BACKUP_NAMES, type BackupFolder, type ListedFile, namesIn, type Snapshot } from './backup-folder.ts';
import { objectOf } from './soundness.ts';

/** Snapshots that are kept; objects that only older ones name are removed. */
const KEPT_SNAPSHOTS = 30;

/** Overwrites a key file before its name goes: a disk that keeps old blocks may hold it longer than the folder does. */
async function removeKey(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r+');
    try {
      const { size } = await handle.stat();
      await handle.write(new Uint8Array(size), 0, size, 0);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Removes shredded studies, keys first. @returns how many were there */
export async function removeStudies(folder: BackupFolder, shredded: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for (const studyId of shredded) {
    const path = folder.studyFolder(studyId);
    const names = await namesIn(path);
    if (names.length === 0) continue;
    for (const name of names) if (isKeyCopy(name)) await removeKey(join(path, name));
    await syncFolder(path);
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  if (removed > 0) await syncFolder(folder.in(BACKUP_NAMES.studies));
  return removed;
}

/** A copy of what is no object: `<name>.<hash>` of a key file. */
function isKeyCopy(stored: string): boolean {
  return objectOf(stored) === null && objectOf(stored.replace(/\.[0-9a-f]{16}$/, '')) === null;
}

/**
 * Takes away what the newest snapshot has replaced: older keys and headers (whoever removed a slot or a recipient wants
 * them gone), older copies of the catalogue, snapshots beyond those that are kept. Killed anywhere, the next run does it.
 */
export async function pruneBackup(folder: BackupFolder): Promise<void> {
  const { snapshot } = await folder.newest();
  const numbers = await folder.numbers();
  const kept = numbers.slice(-KEPT_SNAPSHOTS);
  const older: Snapshot[] = [];
  for (const number of numbers.slice(0, -1)) {
    const found = await folder.snapshot(number);
    if (found !== null) older.push(found.snapshot);
  }
  await pruneStudies(folder, snapshot, older, kept);
  await pruneFiles(folder, snapshot);
  for (const number of numbers) if (!kept.includes(number)) await removeSnapshot(folder, number);
  await pruneLists(folder, [snapshot, ...older.filter(({ number }) => kept.includes(number))]);
  reach('backup.pruned');
}

async function pruneStudies(
  folder: BackupFolder,
  newest: Snapshot,
  older: readonly Snapshot[],
  kept: readonly number[],
): Promise<void> {
  const current = new Map(newest.studies.map(([studyId, list]) => [studyId, list]));
  const lists = new Map<string, { stale: Set<string>; kept: Set<string> }>();
  for (const { number, studies } of older) {
    for (const [studyId, list] of studies) {
      if (current.get(studyId) === list || !current.has(studyId)) continue;
      const entry = lists.get(studyId) ?? { stale: new Set(), kept: new Set() };
      entry[kept.includes(number) ? 'kept' : 'stale'].add(list);
      lists.set(studyId, entry);
    }
  }
  for (const [studyId, { stale, kept: listed }] of lists) {
    const now = await storedIn(folder, [current.get(studyId) ?? '']);
    const needed = new Set([...now, ...[...(await storedIn(folder, [...listed]))].filter((name) => !isKeyCopy(name))]);
    const known = await storedIn(folder, [...stale, ...listed]);
    for (const stored of known) {
      if (needed.has(stored)) continue;
      const path = join(folder.studyFolder(studyId), stored);
      await (isKeyCopy(stored) ? removeKey(path) : rm(path, { force: true }));
    }
  }
}

async function storedIn(folder: BackupFolder, lists: readonly string[]): Promise<Set<string>> {
  const stored = new Set<string>();
  for (const list of lists) {
    const files: readonly ListedFile[] = await folder.list(list).catch(() => []);
    for (const file of files) stored.add(file.stored);
  }
  return stored;
}

/** Headers, accounts and catalogues of before: only the newest are given out. */
async function pruneFiles(folder: BackupFolder, newest: Snapshot): Promise<void> {
  const needed = new Set((await folder.list(newest.files)).map(({ sha256 }) => sha256));
  for (const name of await namesIn(folder.in(BACKUP_NAMES.files)))
    if (!needed.has(name)) await removeKey(folder.in(BACKUP_NAMES.files, name));
  for (const name of await namesIn(folder.in(BACKUP_NAMES.catalogue)))
    if (name !== newest.catalogue?.name) await rm(folder.in(BACKUP_NAMES.catalogue, name), { force: true });
}

async function removeSnapshot(folder: BackupFolder, number: number): Promise<void> {
  // The note first: without it the text doesn't count.
  await rm(folder.in(BACKUP_NAMES.snapshots, `${number}.note`), { force: true });
  await syncFolder(folder.in(BACKUP_NAMES.snapshots));
  await rm(folder.in(BACKUP_NAMES.snapshots, `${number}.json`), { force: true });
}

async function pruneLists(folder: BackupFolder, kept: readonly Snapshot[]): Promise<void> {
  const needed = new Set(kept.flatMap(({ files, studies }) => [files, ...studies.map(([, list]) => list)]));
  for (const name of await namesIn(folder.in(BACKUP_NAMES.lists)))
    if (!needed.has(name.replace(/\.list$/, ''))) await rm(folder.in(BACKUP_NAMES.lists, name), { force: true });
}
