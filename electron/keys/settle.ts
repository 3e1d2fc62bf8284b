import type { Catalogue } from '../vault/catalogue.ts';
import { settleCatalogueKey } from './rekey.ts';
import { settleReseal } from './reseal.ts';
import { endShredding, settleShredding } from './shred.ts';

/**
 * Finishes what a crash cut short, before the vault's folder is looked at by anything else.
 * @param earlier the catalogue's key before a change of the master key that isn't finished
 * @returns what is left to do when the catalogue is open
 */
export async function settle(
  dir: string,
  cataloguePath: string,
  key: Uint8Array,
  earlier: Uint8Array | null,
): Promise<(catalogue: Catalogue) => Promise<void>> {
  // Shredding first: what is to be destroyed must not be put in its place again.
  const unfinished = await settleShredding(dir);
  await settleReseal(dir);
  if (earlier !== null) settleCatalogueKey(cataloguePath, key, earlier);
  return (catalogue) => endShredding(dir, catalogue.retire, unfinished);
}
