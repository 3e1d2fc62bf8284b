import type { BackupCheck } from '../../core/vault/care.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { BACKUP_NAMES, BackupFolder, type ListedFile } from './backup-folder.ts';
import { eachOf, hashFile, ignoreUnreadable, stopIfAborted } from './copy-file.ts';

const FILES_AT_A_TIME = 4;

/**
 * Reads the newest snapshot back, every byte, and holds it against the hashes of its lists. Needs no key: it says that the
 * backup is what was written; that it opens is what a drill says.
 * @throws backup/not-a-backup, backup/newer-version, vault/cancelled
 */
export async function checkBackup(path: string, observer: VerifyObserver): Promise<BackupCheck> {
  const folder = await BackupFolder.open(path);
  const { snapshot } = await folder.newest();
  const damaged: string[] = [];
  const total = snapshot.studies.reduce((sum, [, , files]) => sum + files, 0);
  let files = 0;
  let bytes = 0;
  const check = async (place: string, file: Pick<ListedFile, 'size' | 'sha256'>): Promise<void> => {
    stopIfAborted(observer.signal);
    const found = await hashFile(folder.in(...place.split('/')), observer.signal).catch(ignoreUnreadable);
    if (found === null || found.sha256 !== file.sha256 || found.size !== file.size) damaged.push(place);
    files += 1;
    bytes += found?.size ?? 0;
    observer.progress(Math.min(files, total), total);
  };
  const { catalogue } = snapshot;
  if (catalogue !== null) await check(`${BACKUP_NAMES.catalogue}/${catalogue.name}`, catalogue);
  await eachList(folder, [snapshot.files], damaged, async (listed) => {
    await eachOf(listed, FILES_AT_A_TIME, (file) => check(file.stored, file));
  });
  for (const [studyId, list] of snapshot.studies) {
    await eachList(folder, [list], damaged, async (listed) => {
      const inStudy = (stored: string) => `${BACKUP_NAMES.studies}/${studyId}/${stored}`;
      await eachOf(listed, FILES_AT_A_TIME, (file) => check(inStudy(file.stored), file));
    });
  }
  return { number: snapshot.number, at: snapshot.at, files, bytes, damaged: damaged.sort() };
}

async function eachList(
  folder: BackupFolder,
  lists: readonly string[],
  damaged: string[],
  use: (files: ListedFile[]) => Promise<void>,
): Promise<void> {
  for (const list of lists) {
    const files = await folder.list(list).catch(() => null);
    if (files === null) damaged.push(`${BACKUP_NAMES.lists}/${list}.list`);
    else await use(files);
  }
}
