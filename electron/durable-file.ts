import { randomBytes } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
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

/** What a system answers that lets nobody flush, or open, a folder that isn't ours. */
const NOT_OURS = new Set(['EACCES', 'EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF', 'EISDIR']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * Makes a folder that only its owner can read, and those above it that are missing; their names are flushed, so that what is
 * written into it is found after a power cut. Not by the recursive `mkdir`: that one never ends where a file system answers
 * "no such folder" below a folder that is there (`/proc`).
 * @returns false when it was there already
 * @throws the file system's error
 */
export async function makeFolder(path: string): Promise<boolean> {
  const above = dirname(path);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await isFolder(path))) return false;
    if (code !== 'ENOENT' || above === path || (await isFolder(above))) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 });
  }
  await syncFolder(above).catch((error: unknown) => {
    if (!NOT_OURS.has(codeOf(error))) throw error;
  });
  return true;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
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
      if (!NO_LINKS.has(codeOf(error))) throw error;
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
  await makeFolder(folder);
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
