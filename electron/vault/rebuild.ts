/**
 * Makes the catalogue anew from the sealed objects. Manifests say which instances count, so that the result is the state
 * of the last committed import; headers and frame indexes are parsed again; annotations come from the note objects.
 * Nothing is deleted: what belongs to an import that was cut short is set aside.
 */
import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageWalker } from '../../core/dicom/image-walker.ts';
import { hasCode } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import type { SealedReader } from '../../core/seal/seal.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { systemCode } from './failure.ts';
import type { HeaderPool } from './header-pool.ts';
import type { ParsedHeader } from './header-protocol.ts';
import { FIRST_READ } from './import-file.ts';
import type { StagedInstance } from './import-rows.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { readNote } from './notes.ts';
import type { ObjectStore } from './objects.ts';
import { type InstanceRecord, seriesRecord, sliceGeometry, studyRecord } from './records.ts';

/** Rows per transaction. */
const BATCH = 64;

export interface RebuildParts {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
  /** Folder for what isn't counted but not deleted either. */
  readonly aside: string;
}

/** A manifest and where it lies. */
interface FoundManifest {
  readonly studyId: StudyId;
  readonly number: number;
  readonly manifest: Manifest;
}

/** @returns how many sealed objects could not be opened. */
export async function rebuildCatalogue(parts: RebuildParts): Promise<number> {
  const { found, damaged } = await readManifests(parts.store);
  const imports = groupByImport(found);
  const last = Math.max(0, ...imports.keys());
  let unreadable = damaged.size;
  for (const [number, manifests] of [...imports].sort(([a], [b]) => a - b)) {
    // Only the newest import can have been cut short while it committed: each begins after the one before has ended.
    const complete = manifests.length === manifests[0]?.manifest.studies;
    if (number === last && !complete && damaged.size === 0) await setImportAside(parts, manifests);
    else unreadable += await replayImport(parts, manifests);
  }
  for (const studyId of await parts.store.studies()) {
    const counted = new Set(
      found.flatMap((item) => (item.studyId === studyId ? item.manifest.objects : [])).map((o) => o.id),
    );
    unreadable += await tidyStudy(parts, studyId, { counted, damaged: damaged.has(studyId) });
  }
  return unreadable;
}

/** Whether any study's key opens: tells a damaged catalogue from a key that belongs to another vault. */
export async function opensAnyStudy(store: ObjectStore): Promise<boolean> {
  const studies = await store.studies();
  for (const studyId of studies) {
    const opened = await store.studyKey(studyId).then(
      () => true,
      () => false,
    );
    if (opened) return true;
  }
  return studies.length === 0;
}

/** Every manifest that opens, and the studies that have one which doesn't. */
async function readManifests(store: ObjectStore): Promise<{ found: FoundManifest[]; damaged: Set<StudyId> }> {
  const found: FoundManifest[] = [];
  const damaged = new Set<StudyId>();
  for (const studyId of await store.studies()) {
    for (const number of (await store.list(studyId)).manifests) {
      try {
        found.push({ studyId, number, manifest: await readManifest(store, studyId, number) });
      } catch (error) {
        if (systemCode(error) !== null) throw error;
        damaged.add(studyId);
      }
    }
  }
  return { found, damaged };
}

function groupByImport(found: readonly FoundManifest[]): Map<number, FoundManifest[]> {
  const imports = new Map<number, FoundManifest[]>();
  for (const item of found) {
    const list = imports.get(item.manifest.importNumber);
    if (list === undefined) imports.set(item.manifest.importNumber, [item]);
    else list.push(item);
  }
  return imports;
}

/** Stages and commits what an import had committed. */
async function replayImport(parts: RebuildParts, manifests: readonly FoundManifest[]): Promise<number> {
  const { catalogue } = parts;
  const first = manifests[0] as FoundManifest;
  const { importId, importedAt, importNumber } = first.manifest;
  const number = catalogue.imports.begin(importId, importedAt, importNumber);
  let unreadable = 0;
  for (const { studyId, manifest } of manifests) {
    const ids = manifest.objects.map((object) => parseId<ObjectId>(object.id));
    unreadable += await stageObjects(parts, number, studyId, ids);
  }
  catalogue.imports.commit(number, importedAt);
  return unreadable;
}

async function stageObjects(parts: RebuildParts, number: number, studyId: StudyId, ids: readonly ObjectId[]) {
  let batch: StagedInstance[] = [];
  let unreadable = 0;
  for (const objectId of ids) {
    const staged = await reindex(parts, studyId, objectId);
    if (staged === null) unreadable += 1;
    else batch.push(staged);
    if (batch.length < BATCH) continue;
    parts.catalogue.imports.stage(number, batch);
    batch = [];
  }
  parts.catalogue.imports.stage(number, batch);
  return unreadable;
}

/** The row of a sealed instance; null when it can't be opened (verify will name it, the file stays). */
async function reindex(parts: RebuildParts, studyId: StudyId, objectId: ObjectId): Promise<StagedInstance | null> {
  try {
    const opened = await parts.store.open(studyId, objectId, 'instance');
    try {
      const { header, instance } = await readInstance(parts.pool, objectId, opened.reader);
      return { studyId, study: studyRecord(header.summary), instance };
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (systemCode(error) !== null || hasCode(error, 'vault/disk-full', 'vault/io')) throw error;
    return null;
  }
}

async function readInstance(
  pool: HeaderPool,
  objectId: ObjectId,
  reader: SealedReader,
): Promise<{ header: ParsedHeader; instance: InstanceRecord }> {
  const header = await parseHeader(pool, reader);
  const walker = new ImageWalker({ ...header, json: {} });
  const hash = createHash('sha256');
  for await (const chunk of reader.chunks()) {
    walker.push(chunk);
    hash.update(chunk);
  }
  const { frames, warnings } = walker.finish();
  const { summary } = header;
  const instance: InstanceRecord = {
    objectId,
    series: seriesRecord(summary),
    sopUid: summary.sopInstanceUid,
    sopClassUid: summary.sopClassUid ?? '',
    number: summary.instanceNumber,
    sha256: hash.digest('hex'),
    size: reader.length,
    transferSyntax: header.transferSyntaxUid,
    rows: frames === null ? 0 : (summary.rows ?? 0),
    columns: frames === null ? 0 : (summary.columns ?? 0),
    frames: frames?.count ?? 0,
    geometry: sliceGeometry(summary),
    warnings: [...new Set([...header.warnings, ...warnings])],
    frameIndex: frames,
    deflatedJson: header.deflatedJson,
  };
  return { header, instance };
}

async function parseHeader(pool: HeaderPool, reader: SealedReader): Promise<ParsedHeader> {
  let length = Math.min(reader.length, FIRST_READ);
  for (;;) {
    const result = await pool.parse(await reader.read(0, length), reader.length);
    if (!('need' in result)) return result;
    const need = Math.min(result.need, reader.length);
    if (need <= length) throw vaultError('import/header-failed', 'the header can not be read');
    length = need;
  }
}

interface StudyState {
  /** Objects that readable manifests name. */
  readonly counted: ReadonlySet<string>;
  /** A manifest of the study doesn't open: what it named can only be guessed. */
  readonly damaged: boolean;
}

/**
 * Takes up a study's notes and deals with instances that no manifest names. Beside a damaged manifest they are most likely
 * what it named, so they are shown; otherwise they were never committed, and are set aside.
 */
async function tidyStudy(parts: RebuildParts, studyId: StudyId, state: StudyState): Promise<number> {
  const { catalogue, store } = parts;
  const listing = await store.list(studyId);
  const uncounted = listing.instances.filter((objectId) => !state.counted.has(objectId));
  let unreadable = 0;
  if (state.damaged && uncounted.length > 0) {
    const now = new Date().toISOString();
    const number = catalogue.imports.begin(store.newId<ObjectId>(), now);
    unreadable += await stageObjects(parts, number, studyId, uncounted);
    catalogue.imports.commit(number, now);
  } else {
    for (const objectId of uncounted) await setAside(parts, studyId, `${objectId}.instance`);
  }
  const study = catalogue.visibleNumber(studyId);
  if (study === null) return unreadable;
  catalogue.imports.setManifests(studyId, listing.manifests.at(-1) ?? 0);
  const notes = await Promise.all(listing.notes.map((objectId) => readNote(store, studyId, objectId)));
  if (notes.length > 0) catalogue.annotations.add(study, notes);
  return unreadable + notes.filter((note) => note.entries === null).length;
}

async function setImportAside(parts: RebuildParts, manifests: readonly FoundManifest[]): Promise<void> {
  for (const { studyId, number, manifest } of manifests) {
    await setAside(parts, studyId, `${number}.manifest`);
    for (const object of manifest.objects) await setAside(parts, studyId, `${object.id}.instance`);
  }
}

/** Moves a file out of the way, under the same name. A missing one is no error. */
async function setAside(parts: RebuildParts, studyId: StudyId, name: string): Promise<void> {
  const folder = join(parts.aside, studyId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(join(parts.store.folder(studyId), name), join(folder, name)).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}
