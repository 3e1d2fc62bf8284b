import { statSync } from 'node:fs';
import Database from '@signalapp/sqlcipher';
import { toHex } from '../../core/bytes.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { isCatalogueDamage } from './failure.ts';
import { MIGRATIONS } from './schema.ts';

export type { Database };

/** Pages of the log after which it is moved into the catalogue. */
export const WAL_PAGES = 2000;

/** True for SQLite's words when another process holds the file. */
function isBusy(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /database is locked|SQLITE_BUSY/i.test(text);
}

/**
 * WAL with `synchronous=FULL`: a commit is on disk when it returns. Temporary tables stay in memory, so that no row is
 * written in the clear; deleted rows are overwritten. Exclusive locking keeps the WAL index in memory instead of a
 * `-shm` file beside the catalogue; nobody else may open it anyway.
 */
function configure(database: Database, key: Uint8Array): void {
  // SQLCipher would write a failed page check to standard error by itself.
  database.exec('PRAGMA cipher_log_level = NONE');
  database.exec(`PRAGMA key = "x'${toHex(key)}'"`);
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${WAL_PAGES};
    PRAGMA journal_size_limit = 67108864;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -24576;
  `);
}

function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }) ?? 0);
  if (version > MIGRATIONS.length) {
    throw vaultError('vault/newer-version', 'the catalogue was written by a newer version', { details: { version } });
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    database.transaction(() => {
      database.exec(MIGRATIONS[step] as string);
      database.exec(`PRAGMA user_version = ${step + 1}`);
    })();
  }
}

/**
 * Opens the SQLCipher catalogue at `path`, or makes an empty one.
 * @param mustExist when true a missing file is an error instead of a new catalogue.
 * @throws vault/catalogue-damaged (missing, damaged, or another key's: the three can't be told apart by the file alone),
 *   vault/newer-version, vault/in-use.
 */
export function openDatabase(path: string, key: Uint8Array, mustExist: boolean): Database {
  // SQLite takes a file of no bytes for a new database: a catalogue that was cut to nothing would be an empty vault.
  if (mustExist && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0)
    throw vaultError('vault/catalogue-damaged', 'the catalogue is missing or empty');
  const database = new Database(path, { cacheStatements: true });
  try {
    configure(database, key);
    migrate(database);
    if (mustExist) checkShape(database);
    return database;
  } catch (error) {
    database.close();
    if (isCatalogueDamage(error))
      throw vaultError('vault/catalogue-damaged', 'the catalogue can not be read', { cause: error });
    if (isBusy(error)) throw vaultError('vault/in-use', 'the catalogue is open elsewhere', { cause: error });
    throw error;
  }
}

/** Reads every page of the small tables that everything else hangs on: damage there shows at once and not on Monday. */
function checkShape(database: Database): void {
  const study = database.prepare(`SELECT count(*) AS n FROM study NOT INDEXED`).get();
  const state = database.prepare(`SELECT count(*) AS n FROM import`).get();
  if (study === undefined || state === undefined) throw new Error('database disk image is malformed');
}
