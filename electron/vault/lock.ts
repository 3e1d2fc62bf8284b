import Database from '@signalapp/sqlcipher';
import { vaultError } from '../../core/vault/errors.ts';

/** A held vault. */
export interface VaultLock {
  release(): void;
}

/**
 * Holds a vault for this process. The lock is SQLite's exclusive lock on an empty file: an advisory lock of the
 * operating system, which vanishes with the process however it ends (a pid file would survive `kill -9` and lie).
 * @throws vault/in-use when another process, or another vault object of this one, holds it.
 */
export function lockVault(path: string): VaultLock {
  const database = new Database(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const text = error instanceof Error ? error.message : '';
    if (/locked|busy/i.test(text))
      throw vaultError('vault/in-use', 'another process holds this vault', { cause: error });
    throw error;
  }
  return { release: () => database.close() };
}
