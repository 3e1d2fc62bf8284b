import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseId, type VaultId } from '../../core/ids.ts';
import { chooseBulkFiles } from '../crypto/bulk-files.ts';
import { chooseEngine } from '../crypto/choose-engine.ts';
import { makeFolder } from '../durable-file.ts';
import type { Catalogue } from './catalogue.ts';
import { asVitrineError } from './failure.ts';
import { HeaderPool } from './header-pool.ts';
import { lockVault, type VaultLock } from './lock.ts';
import { ObjectStore } from './objects.ts';
import type { OpenVault } from './protocol.ts';
import { VAULT_NAMES } from './recover.ts';
import { VaultRecords } from './vault-records.ts';

/** What every vault object holds open. */
export interface VaultParts {
  readonly dir: string;
  readonly vaultId: string;
  /** The opener's; it may wipe it when the vault is open. */
  readonly catalogueKey: Uint8Array;
  readonly lock: VaultLock;
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
  readonly records: VaultRecords;
}

/** Locks the folder and builds the parts; on failure everything is let go again. */
export async function guarded<T>(vault: OpenVault, make: (parts: VaultParts) => Promise<T>): Promise<T> {
  let lock: VaultLock | null = null;
  const pool = new HeaderPool();
  try {
    await makeFolder(vault.dir);
    lock = lockVault(join(vault.dir, VAULT_NAMES.lock));
    const engine = chooseEngine();
    const store = new ObjectStore(
      join(vault.dir, VAULT_NAMES.studies),
      engine,
      parseId<VaultId>(vault.vaultId),
      vault,
      chooseBulkFiles(),
    );
    const { dir, vaultId, catalogueKey } = vault;
    const records = new VaultRecords(
      dir,
      parseId<VaultId>(vaultId),
      catalogueKey,
      vault.previous?.catalogueKey ?? null,
    );
    return await make({ dir, vaultId, catalogueKey, lock, store, pool, records });
  } catch (error) {
    lock?.release();
    await pool.close();
    throw asVitrineError(error);
  }
}

/**
 * Finishes what a crash cut short in a change of keys or in a shredding, before anything else looks at the folder. Loaded where
 * there is something to finish: a start doesn't wait for it.
 * @returns what is left to do in the catalogue
 */
export async function settleKeys({
  dir,
  catalogueKey,
  previous,
}: OpenVault): Promise<(catalogue: Catalogue) => Promise<void>> {
  const isDue = previous != null || ['reseal', 'shredded'].some((name) => existsSync(join(dir, name)));
  if (!isDue) return async () => undefined;
  const { settle } = await import('../keys/settle.ts');
  return settle(dir, join(dir, VAULT_NAMES.catalogue), catalogueKey, previous?.catalogueKey ?? null);
}
