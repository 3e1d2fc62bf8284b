import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { Database } from './database.ts';

/**
 * Puts every page under another key. SQLCipher writes them as one transaction into the write-ahead log: killed at any
 * moment, the database opens by the old key or by the new one. Then the log is moved into the file, so that no page under the
 * old key is left in either.
 * @throws VitrineError vault/disk-full before anything is changed, where the volume has no room for that log
 */
export function rekeyDatabase(database: Database, key: Uint8Array): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  requireRoom(database);
  database.exec(`PRAGMA rekey = "x'${toHex(key)}'"`);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Bytes of the write-ahead log beside its pages: its own header, one of each page, and steps by which its index grows. */
const LOG_FRAME = 24;
const LOG_REST = 128 * 1024;

/**
 * On a full volume SQLCipher answers that the key was changed, although no page was: the connection goes on under the new key
 * and opens nothing any more. Therefore the room is looked at before.
 */
function requireRoom(database: Database): void {
  const number = (pragma: string): number => Number(database.prepare(`PRAGMA ${pragma}`, { pluck: true }).get([]));
  const file = (database.prepare('PRAGMA database_list').get([]) as { file?: unknown } | undefined)?.file;
  if (typeof file !== 'string' || file === '') return;
  const needed = number('page_count') * (number('page_size') + LOG_FRAME) + LOG_REST;
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize < needed) throw vaultError('vault/disk-full', 'no room to put the catalogue under another key');
}
