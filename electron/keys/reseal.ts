/**
 * New study keys. A study is sealed anew beside itself, in `reseal/<id>`: a new key for the same readers, every object under
 * it. When all of it is on disk the two folders change places, and the old one is destroyed, its key first. Until then
 * nothing of the study has changed, so that a crash costs the copies of one study at most; what is half done is gone on with.
 *
 *     reseal/<id>/        the study under its new key, growing
 *     reseal/<id>.whole   the new folder is complete: from here on it takes the place
 *     reseal/<id>.old     the folder that it took the place of, to be destroyed
 */
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { VitrineError } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import { ruleOf } from '../../core/keys/study-record.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { makeFolder, syncFolder } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';
import { mark, unmark } from '../vault/keep-aside.ts';
import { ObjectFile } from '../vault/object-file.ts';
import { manifestId, type ObjectKind, type ObjectStore } from '../vault/objects.ts';
import type { VaultRecords } from '../vault/vault-records.ts';
import { reach } from '../vault/write-points.ts';
import { PART } from '../vault/write-whole.ts';
import { destroyStudyFolder } from './destroy.ts';

const FOLDER = 'reseal';
const WHOLE = '.whole';
const OLD = '.old';
/** The list of what is left is written after this many studies: doing one twice does no harm. */
const NOTE_EVERY = 16;

const pendingSchema = z.strictObject({ startedAt: z.iso.datetime(), studies: z.array(z.string()) });

export interface ResealParts {
  /** The vault's folder. */
  readonly dir: string;
  readonly store: ObjectStore;
  readonly records: VaultRecords;
  /** Runs `task` while nobody writes into the study, and nobody has an object of it open when it ends. */
  alone<T>(studyId: StudyId, task: () => Promise<T>): Promise<T>;
}

/** What was done. */
export interface ResealReport {
  readonly studies: number;
  readonly objects: number;
  /** Studies with a damaged object, or that this session can't open: they stay as they were, under their old key. */
  readonly skipped: number;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown): string[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
}

/** Puts a complete new folder in the place of the old one; from whichever of its steps a crash left undone. */
async function swap(dir: string, studyId: string): Promise<void> {
  const beside = join(dir, FOLDER);
  const [place, fresh, old] = [join(dir, 'studies', studyId), join(beside, studyId), join(beside, `${studyId}${OLD}`)];
  if (existsSync(fresh)) {
    if (!existsSync(old)) await rename(place, old);
    reach('rotate.taken-out');
    await rename(fresh, place);
    await Promise.all([syncFolder(join(dir, 'studies')), syncFolder(beside)]);
    reach('rotate.put-in');
  }
  await unmark(join(beside, `${studyId}${WHOLE}`));
  await destroyStudyFolder(old);
  await syncFolder(beside);
  reach('rotate.old-destroyed');
}

/** Finishes what a crash cut short between two folders. Called before anything else looks at the studies. */
export async function settleReseal(dir: string): Promise<void> {
  const names = await namesIn(join(dir, FOLDER));
  for (const name of names) {
    if (name.endsWith(WHOLE)) await swap(dir, name.slice(0, -WHOLE.length));
    else if (name.endsWith(OLD) && !names.includes(name.replace(OLD, WHOLE)))
      await destroyStudyFolder(join(dir, FOLDER, name));
  }
}

/** How many studies are still to be sealed anew. */
export async function resealPending(records: VaultRecords): Promise<number> {
  return (await records.read('reseal', pendingSchema))?.studies.length ?? 0;
}

/** Notes that every study is to be sealed anew; `resealAll` does it, now or after the next open. */
export async function beginReseal(parts: ResealParts): Promise<void> {
  const studies = await parts.store.studies();
  await parts.records.write('reseal', { startedAt: new Date().toISOString(), studies });
  reach('rotate.reseal-begun');
}

/**
 * Seals every noted study anew, one after the other.
 * @param observer progress in studies
 * @throws vault/cancelled: what is left stays noted
 */
export async function resealAll(parts: ResealParts, observer: VerifyObserver): Promise<ResealReport> {
  const noted = await parts.records.read('reseal', pendingSchema);
  if (noted === null) return { studies: 0, objects: 0, skipped: 0 };
  const left = [...noted.studies];
  const total = left.length;
  let [objects, skipped] = [0, 0];
  const note = () => parts.records.write('reseal', { ...noted, studies: left });
  while (left.length > 0) {
    observer.progress(total - left.length, total);
    try {
      objects += await resealStudy(parts, parseId<StudyId>(left[0] ?? ''), observer.signal);
    } catch (error) {
      if (!isOfStudy(error)) {
        await note();
        throw error;
      }
      skipped += 1;
      await destroyStudyFolder(join(parts.dir, FOLDER, left[0] ?? ''));
    }
    left.shift();
    if (left.length % NOTE_EVERY === 0) await note();
  }
  await parts.records.remove('reseal');
  await rm(join(parts.dir, FOLDER), { recursive: true, force: true });
  observer.progress(total, total);
  return { studies: total - skipped, objects, skipped };
}

/** What is wrong with one study is no reason to leave the others under their old keys. */
function isOfStudy(error: unknown): boolean {
  if (!(error instanceof VitrineError)) return false;
  return /^(seal|keys)\//.test(error.code) || error.code === 'vault/object-missing';
}

/** One study. A study that is gone meanwhile (shredded) has nothing to be sealed. */
async function resealStudy(parts: ResealParts, studyId: StudyId, signal: AbortSignal): Promise<number> {
  const { dir, store } = parts;
  if (!(await store.list(studyId)).hasKey) return 0;
  const beside = store.at(join(dir, FOLDER));
  try {
    await prepare(store, beside, studyId);
    let objects = await copyAll(store, beside, studyId, signal);
    await parts.alone(studyId, async () => {
      objects += await copyAll(store, beside, studyId, signal);
      await beside.syncStudy(studyId);
      await checkComplete(store.folder(studyId), beside.folder(studyId));
      await mark(join(dir, FOLDER, `${studyId}${WHOLE}`));
      reach('rotate.whole');
      store.forget(studyId);
      await swap(dir, studyId);
    });
    return objects;
  } finally {
    beside.keys.close();
  }
}

/** The new key, for the readers and under the rule of the old one. */
async function prepare(store: ObjectStore, beside: ObjectStore, studyId: StudyId): Promise<void> {
  await makeFolder(beside.root);
  const isBegun = (await beside.list(studyId)).hasKey;
  if (isBegun) return;
  // A folder without a key is what a crash left of its first step.
  await rm(beside.folder(studyId), { recursive: true, force: true });
  await beside.createStudy(studyId);
  const rule = ruleOf(await store.keys.record(studyId));
  if (rule !== ruleOf(await beside.keys.record(studyId))) await beside.keys.setRule(studyId, rule);
  await beside.syncStudy(studyId);
  reach('rotate.new-key');
}

/** Seals what the new folder lacks. @returns how many objects that were */
async function copyAll(
  store: ObjectStore,
  beside: ObjectStore,
  studyId: StudyId,
  signal: AbortSignal,
): Promise<number> {
  const [from, to] = [await store.list(studyId), await beside.list(studyId)];
  const wanted: [ObjectId, ObjectKind][] = [
    ...lacking(from.instances, to.instances).map((id): [ObjectId, ObjectKind] => [id, 'instance']),
    ...lacking(from.notes, to.notes).map((id): [ObjectId, ObjectKind] => [id, 'note']),
    ...lacking(from.results, to.results).map((id): [ObjectId, ObjectKind] => [id, 'result']),
    ...lacking(from.manifests, to.manifests).map((number): [ObjectId, ObjectKind] => [manifestId(number), 'manifest']),
  ];
  for (const [objectId, kind] of wanted) {
    if (signal.aborted) throw vaultError('vault/cancelled', 'sealing anew was cancelled');
    await copy(store, beside, studyId, objectId, kind);
    reach('rotate.object');
  }
  return wanted.length;
}

/** A kind of object that this file doesn't know of must not be left behind in a folder that is destroyed. */
async function checkComplete(from: string, to: string): Promise<void> {
  const there = new Set(await namesIn(to));
  const missing = (await namesIn(from)).filter((name) => !there.has(name) && !name.endsWith(PART));
  if (missing.length > 0) throw vaultError('vault/unexpected', 'an object of an unknown kind was not sealed anew');
}

function lacking<T>(from: readonly T[], to: readonly T[]): T[] {
  const there = new Set(to);
  return from.filter((one) => !there.has(one));
}

/** One object; it gets its name when it is whole. */
async function copy(store: ObjectStore, beside: ObjectStore, studyId: StudyId, objectId: ObjectId, kind: ObjectKind) {
  const { reader, close } = await store.open(studyId, objectId, kind);
  const path = beside.path(studyId, objectId, kind);
  await rm(`${path}${PART}`, { force: true });
  const file = ObjectFile.create(`${path}${PART}`);
  const sealer = await beside.sealer(studyId, objectId, kind);
  try {
    for await (const chunk of reader.chunks()) for (const part of sealer.update(chunk)) file.write(part);
    for (const part of sealer.finish()) file.write(part);
    await file.finish();
    await rename(`${path}${PART}`, path);
  } catch (error) {
    sealer.abort();
    file.abandon();
    throw error;
  } finally {
    await close();
  }
}
