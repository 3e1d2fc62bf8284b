/**
 * What opening a vault repairs. A crash leaves at most one import that is marked as running: its objects and rows are
 * removed, and nothing else is touched. A catalogue that is missing or damaged is kept aside and made anew.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../core/errors.ts';
import type { StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { Catalogue } from './catalogue.ts';
import type { HeaderPool } from './header-pool.ts';
import { discard, keepAside, mark, unmark } from './keep-aside.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { manifestId, type ObjectStore } from './objects.ts';
import type { RecoverySummary } from './protocol.ts';
import { opensAnyStudy, rebuildCatalogue } from './rebuild.ts';
import { reach } from './write-points.ts';

/** Names inside a vault's folder. */
export const VAULT_NAMES = {
  catalogue: 'catalogue.db',
  /** While it exists, `catalogue.db` is being rebuilt and doesn't count. */
  rebuilding: 'catalogue.rebuilding',
  /** Asks the next open to rebuild: a damaged page was met while the vault was in use. */
  damaged: 'catalogue.damaged',
  studies: 'studies',
  aside: 'set-aside',
  lock: 'lock',
} as const;

export interface RecoveryParts {
  readonly dir: string;
  readonly catalogueKey: Uint8Array;
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
}

/** Opens the catalogue of an existing vault in a state that can be trusted. */
export async function openRecovered(
  parts: RecoveryParts,
): Promise<{ catalogue: Catalogue; recovered: RecoverySummary }> {
  const path = join(parts.dir, VAULT_NAMES.catalogue);
  const distrusted = [VAULT_NAMES.rebuilding, VAULT_NAMES.damaged].some((name) => existsSync(join(parts.dir, name)));
  if (!distrusted) {
    const opened = openTrusted(path, parts.catalogueKey);
    if (opened !== null) return { catalogue: opened, recovered: await undoUnfinished(opened, parts.store) };
  }
  return rebuild(parts, path);
}

/** Null when the catalogue is missing or damaged. */
function openTrusted(path: string, key: Uint8Array): Catalogue | null {
  try {
    return new Catalogue(path, key, { mustExist: true });
  } catch (error) {
    if (hasCode(error, 'vault/catalogue-damaged')) return null;
    throw error;
  }
}

async function rebuild(
  parts: RecoveryParts,
  path: string,
): Promise<{ catalogue: Catalogue; recovered: RecoverySummary }> {
  // An account without the master key opens some studies at most: a catalogue made anew by it would lose the others.
  if (!parts.store.keys.opensAll)
    throw vaultError('vault/catalogue-damaged', 'the catalogue is made anew by the owner or an administrator');
  if (!(await opensAnyStudy(parts.store))) {
    throw vaultError('vault/wrong-key', 'neither the catalogue nor any study opens with these keys');
  }
  const marker = join(parts.dir, VAULT_NAMES.rebuilding);
  const unfinished = existsSync(marker);
  // A catalogue half rebuilt is worth nothing; any other one is kept for whoever wants to look at it.
  if (unfinished) await discard(path);
  else await keepAside(path);
  reach('recover.kept-aside');
  await mark(marker);
  reach('recover.marked');
  await unmark(join(parts.dir, VAULT_NAMES.damaged));
  const catalogue = new Catalogue(path, parts.catalogueKey, { mustExist: false });
  try {
    const aside = join(parts.dir, VAULT_NAMES.aside);
    const unreadable = await rebuildCatalogue({ catalogue, store: parts.store, pool: parts.pool, aside });
    reach('recover.rebuilt');
    await unmark(marker);
    reach('recover.unmarked');
    return { catalogue, recovered: { importsUndone: 0, objectsRemoved: 0, catalogueRebuilt: true, unreadable } };
  } catch (error) {
    catalogue.close();
    throw error;
  }
}

async function undoUnfinished(catalogue: Catalogue, store: ObjectStore): Promise<RecoverySummary> {
  const unfinished = catalogue.imports.unfinished();
  let objectsRemoved = 0;
  for (const { number, importId } of unfinished) {
    objectsRemoved += await sweep(catalogue, store, number, importId);
    // What was removed must not come back when nothing tells any more whose it was.
    await store.syncRoot();
    reach('recover.swept');
    catalogue.imports.undo(number);
    reach('recover.undone');
  }
  return { importsUndone: unfinished.length, objectsRemoved, catalogueRebuilt: false, unreadable: 0 };
}

/**
 * Removes what an unfinished import wrote: objects that no committed row and no manifest of another import counts. Where
 * anything doesn't fit that (a catalogue restored from a backup, a damaged manifest), the study is left alone: orphans
 * take room, and nothing else.
 */
async function sweep(catalogue: Catalogue, store: ObjectStore, number: number, importId: string): Promise<number> {
  const known = new Map(catalogue.studies().map(({ studyId, manifests }) => [studyId, manifests]));
  const touched = new Set(catalogue.imports.touched(number).map((study) => study.studyId));
  let removed = 0;
  for (const studyId of await store.studies()) {
    const manifests = known.get(studyId) ?? null;
    const own = await ownManifests(store, studyId, manifests ?? 0, (manifest) =>
      // A torn manifest was being written when the process died; all rows were staged by then.
      manifest === null ? touched.has(studyId) : manifest.importId === importId,
    );
    if (own === null) continue;
    removed += manifests === null ? await sweepNew(store, studyId) : await sweepKnown(catalogue, store, studyId, own);
  }
  return removed;
}

/** Manifests beyond those that the catalogue counts, or null when one of them isn't the import's. */
async function ownManifests(
  store: ObjectStore,
  studyId: StudyId,
  counted: number,
  isOwn: (manifest: Manifest | null) => boolean,
): Promise<number[] | null> {
  const beyond = (await store.list(studyId)).manifests.filter((number) => number > counted);
  for (const number of beyond) {
    if (!isOwn(await readManifest(store, studyId, number).catch(() => null))) return null;
  }
  return beyond;
}

/** A study that the import began. One with notes was visible once, so it can't be that. */
async function sweepNew(store: ObjectStore, studyId: StudyId): Promise<number> {
  const listing = await store.list(studyId);
  if (listing.notes.length > 0) return 0;
  await store.removeStudy(studyId);
  return listing.instances.length;
}

async function sweepKnown(
  catalogue: Catalogue,
  store: ObjectStore,
  studyId: StudyId,
  ownManifests: readonly number[],
): Promise<number> {
  const listing = await store.list(studyId);
  const rows = new Set<string>(catalogue.instances(studyId).map((instance) => instance.objectId));
  const withoutRow = listing.instances.filter((objectId) => !rows.has(objectId));
  if (withoutRow.length === 0 && ownManifests.length === 0) return 0;
  const committed = listing.manifests.filter((number) => !ownManifests.includes(number));
  const named = await namedBy(store, studyId, committed);
  if (named === null) return 0;
  const orphans = withoutRow.filter((objectId) => !named.has(objectId));
  for (const number of ownManifests) await store.remove(studyId, manifestId(number), 'manifest');
  for (const objectId of orphans) await store.remove(studyId, objectId, 'instance');
  await store.syncStudy(studyId);
  return orphans.length;
}

/** Ids in these manifests; null when one of them doesn't open. */
async function namedBy(
  store: ObjectStore,
  studyId: StudyId,
  manifests: readonly number[],
): Promise<Set<string> | null> {
  const named = new Set<string>();
  for (const number of manifests) {
    const manifest = await readManifest(store, studyId, number).catch(() => null);
    if (manifest === null) return null;
    for (const object of manifest.objects) named.add(object.id);
  }
  return named;
}
