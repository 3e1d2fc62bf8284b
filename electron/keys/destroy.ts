import { randomFillSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';
import { KEY_FILE } from '../vault/study-keys.ts';

/** Nothing where the file isn't there. */
async function openExisting(path: string): Promise<FileHandle | null> {
  return open(path, 'r+').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
}

/**
 * Overwrites a small file, flushes it, and takes its name away; all of it is on disk when it resolves. What a solid-state
 * disk or a journal keeps of the older bytes is out of reach of any program: they are wrapped under the vault's key still.
 * A missing file is no error.
 */
async function destroyFile(path: string): Promise<void> {
  const handle = await openExisting(path);
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    await handle.write(randomFillSync(Buffer.alloc(size)), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await unlink(path);
}

/** Destroys a study's key, and copies of it that a write left half made; the objects stay and open no more. */
export async function destroyStudyKey(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const keys = names.filter((name) => name.startsWith(KEY_FILE));
  for (const name of keys) await destroyFile(join(folder, name));
  if (names.length > 0) await syncFolder(folder);
}

/** Destroys a study's folder, its key first; gone for good when it resolves. A missing one is no error. */
export async function destroyStudyFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await destroyStudyKey(folder);
  await rm(folder, { recursive: true, force: true });
  await syncFolder(dirname(folder));
}
