import { randomBytes } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Flushes a folder, so that a name just created or replaced in it survives a power cut. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a small file whole: temporary file beside it, fsync, rename, fsync of the folder. A reader sees the old text
 * or the new one, never a part. For settings, the vault header and the attempts file; nothing in them names a patient.
 * @throws the file system's error (ENOSPC, EACCES, …); the old file is untouched then.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await putFile(path, text, rename);
}

/**
 * Creates a small file whole, as `replaceFile` does, and only where none is.
 * @throws EEXIST, and the file system's other errors; whatever is there is untouched then.
 */
export async function createFile(path: string, text: string): Promise<void> {
  await putFile(path, text, async (temporary) => {
    // Some file systems have no hard links (FAT): there the copy is exclusive, if not all or nothing.
    await link(temporary, path).catch(async (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && NO_LINKS.has(String(error.code)))) throw error;
      await copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
    await rm(temporary);
  });
}

async function putFile(
  path: string,
  text: string,
  place: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  let handle: FileHandle | null = null;
  try {
    handle = await open(temporary, 'wx', 0o600);
    await handle.writeFile(text, 'utf8');
    await handle.sync();
    await handle.close();
    handle = null;
    await place(temporary, path);
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
