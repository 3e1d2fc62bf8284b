import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillReport } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { HEADER_FILE } from '../paths.ts';
import { Catalogue } from '../vault/catalogue.ts';
import { HeaderPool } from '../vault/header-pool.ts';
import type { ObjectStore } from '../vault/objects.ts';
import { rebuildCatalogue } from '../vault/rebuild.ts';
import { verifyVault } from '../vault/verify.ts';
import { BackupFolder, sha256Of } from './backup-folder.ts';
import { restore } from './restore.ts';

export interface DrillParts {
  readonly dir: string;
  readonly vaultId: string;
  readonly store: ObjectStore;
  readonly catalogueKey: Uint8Array;
}

/**
 * A restore that is thrown away: the newest snapshot comes back into a folder of its own, as ciphertext, and every byte of
 * it is opened with the keys of this vault. Nothing else proves that a backup is one.
 * @param scratch where the folder is made; null: the system's folder for temporary files
 * @throws backup/other-vault, backup/no-room, and what `restore` throws
 */
export async function drill(
  parts: DrillParts,
  { target, scratch }: { readonly target: string; readonly scratch: string | null },
  observer: VerifyObserver,
): Promise<DrillReport> {
  const folder = await BackupFolder.open(target);
  if (folder.vaultId !== parts.vaultId) throw vaultError('backup/other-vault', 'the backup of another vault');
  const to = await mkdtemp(join(scratch ?? tmpdir(), 'vitrine-drill-'));
  try {
    // Half of the work is copying, half is opening.
    const half = (first: boolean): VerifyObserver => ({
      signal: observer.signal,
      progress: (done, total) => observer.progress(first ? done : total + done, 2 * total),
    });
    const restored = await restore(target, to, { study: null, snapshot: null }, half(true));
    const opened = await open(parts, to);
    try {
      const checked = { catalogue: opened.catalogue, store: opened.store, importing: () => false };
      const report = await verifyVault(checked, { full: true }, half(false));
      return {
        ...report,
        number: restored.number,
        at: restored.at,
        catalogueOpened: opened.came,
        sameHeader: (await hashIn(to)) === (await hashIn(parts.dir)),
        damaged: restored.damaged,
      };
    } finally {
      opened.catalogue.close();
      opened.store.keys.forget();
    }
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

/** The restored catalogue, or one made anew where none came or it doesn't open. */
async function open(
  parts: DrillParts,
  to: string,
): Promise<{ catalogue: Catalogue; store: ObjectStore; came: boolean }> {
  const store = parts.store.at(join(to, 'studies'));
  const path = join(to, 'catalogue.db');
  try {
    return { catalogue: new Catalogue(path, parts.catalogueKey, { mustExist: true }), store, came: true };
  } catch {
    await rm(path, { force: true });
  }
  const catalogue = new Catalogue(path, parts.catalogueKey, { mustExist: false });
  const pool = new HeaderPool();
  try {
    await rebuildCatalogue({ catalogue, store, pool, aside: join(to, 'set-aside') });
    return { catalogue, store, came: false };
  } catch (error) {
    catalogue.close();
    throw error;
  } finally {
    await pool.close();
  }
}

async function hashIn(dir: string): Promise<string | null> {
  const bytes = await readFile(join(dir, HEADER_FILE)).catch(() => null);
  return bytes === null ? null : sha256Of(bytes);
}
