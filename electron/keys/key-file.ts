import { open, readFile, rm, stat } from 'node:fs/promises';
import { VitrineError } from '../../core/errors.ts';
import { systemCode } from '../vault/failure.ts';

/** Larger than any key file: one beyond it is none, and is not read. */
const LIMIT = 64 * 1024;

/** The text of an administrator's key file. @throws keys/not-an-escrow-key */
export async function readKeyFile(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > LIMIT) throw new RangeError('no key file');
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new VitrineError('keys/not-an-escrow-key', 'the file cannot be read', { cause });
  }
}

/**
 * Writes a file that a person wants for themselves: their own alone to read, on disk when it resolves.
 * @param isNew refuses a file that is there already
 * @returns takes the file away again
 * @throws export/exists, vault/disk-full, export/not-written; nothing stays then
 */
export async function writeOwnFile(
  path: string,
  bytes: Uint8Array | string,
  isNew: boolean,
): Promise<() => Promise<void>> {
  const takeBack = async (): Promise<void> => rm(path, { force: true });
  let isOurs = false;
  try {
    const handle = await open(path, isNew ? 'wx' : 'w', 0o600);
    isOurs = true;
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (isOurs) await takeBack();
    const system = systemCode(cause);
    const code = system === 'EEXIST' ? 'export/exists' : system === 'ENOSPC' ? 'vault/disk-full' : 'export/not-written';
    throw new VitrineError(code, 'the file could not be written', { cause });
  }
  return takeBack;
}
