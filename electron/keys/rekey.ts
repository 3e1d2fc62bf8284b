/**
 * What a change of the master key means for the vault on disk: the catalogue's key, the vault's wrap of every study key, the
 * sealed records. Each is one step that a crash leaves undone or done, and each opens by both keys until the header drops the
 * old one; so the whole is done again from the beginning, and passes over what is done.
 */
import { existsSync } from 'node:fs';
import { hasCode, VitrineError } from '../../core/errors.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { openDatabase } from '../vault/database.ts';
import type { ObjectStore } from '../vault/objects.ts';
import { rekeyDatabase } from '../vault/rekey-database.ts';
import type { VaultRecords } from '../vault/vault-records.ts';
import { reach } from '../vault/write-points.ts';

/**
 * Before a vault is opened whose master key was being changed: the catalogue opens by the new key afterwards, unless it
 * opens by neither (then opening it says why).
 */
export function settleCatalogueKey(path: string, key: Uint8Array, earlier: Uint8Array): void {
  if (!existsSync(path) || opens(path, key)) return;
  const database = tryOpen(path, earlier);
  if (database === null) return;
  try {
    rekeyDatabase(database, key);
  } finally {
    database.close();
  }
  reach('rotate.catalogue');
}

function tryOpen(path: string, key: Uint8Array) {
  try {
    return openDatabase(path, key, true);
  } catch (error) {
    if (hasCode(error, 'vault/catalogue-damaged')) return null;
    throw error;
  }
}

function opens(path: string, key: Uint8Array): boolean {
  const database = tryOpen(path, key);
  database?.close();
  return database !== null;
}

/**
 * Wraps every study key under the new master key. A key that opens by neither is damage, which a verification names; it keeps
 * nothing else from going on.
 * @param observer progress in studies
 * @throws vault/cancelled
 */
export async function leaveEarlierKeys(
  parts: { readonly store: ObjectStore; readonly records: VaultRecords },
  observer: VerifyObserver,
): Promise<{ studies: number }> {
  const studies = await parts.store.studies();
  let done = 0;
  for (const studyId of studies) {
    if (observer.signal.aborted) throw vaultError('vault/cancelled', 'the change of keys was cancelled');
    await parts.store.keys.leaveEarlier(studyId).catch((error: unknown) => {
      if (!(error instanceof VitrineError)) throw error;
    });
    reach('rotate.study-key');
    done += 1;
    observer.progress(done, studies.length);
  }
  await parts.records.leaveEarlier();
  reach('rotate.records');
  return { studies: studies.length };
}
