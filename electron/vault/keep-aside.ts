import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../durable-file.ts';
import { systemCode } from './failure.ts';

/** SQLite's files beside a database. */
const COMPANIONS = ['', '-wal', '-shm', '-journal'] as const;

async function ignoreMissing(action: Promise<void>): Promise<void> {
  await action.catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}

/** Renames a database that can't be trusted, its log included, to a name with the time in it. */
export async function keepAside(path: string): Promise<void> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (const companion of COMPANIONS) {
    await ignoreMissing(rename(`${path}${companion}`, `${path}.${stamp}.kept${companion}`));
  }
  await syncFolder(dirname(path));
}

/** Removes a database that this program was still making. */
export async function discard(path: string): Promise<void> {
  for (const companion of COMPANIONS) await rm(`${path}${companion}`, { force: true });
}

/** Makes an empty marker file, durably. */
export async function mark(path: string): Promise<void> {
  const handle = await open(path, 'a', 0o600);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(path));
}

/** Removes a marker, durably. */
export async function unmark(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}
