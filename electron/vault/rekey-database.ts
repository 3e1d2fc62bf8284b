import { toHex } from '../../core/bytes.ts';
import type { Database } from './database.ts';

/**
 * Puts every page under another key. SQLCipher writes them as one transaction into the write-ahead log: killed at any
 * moment, the database opens by the old key or by the new one. Then the log is moved into the file, so that no page under the
 * old key is left in either.
 */
export function rekeyDatabase(database: Database, key: Uint8Array): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.exec(`PRAGMA rekey = "x'${toHex(key)}'"`);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
