/**
 * Shredding: a study's key exists in one file, and when that is gone nothing opens the study. In the order of the steps:
 *
 *     shredded/<id>.json   says that it is to happen, durable before the key goes: from here on it is finished, whatever dies
 *     study.key            overwritten, flushed, removed
 *     the study's folder   removed
 *     the catalogue        rows and words removed
 *     shredded/<id>.json   says that it is done; main signs it then
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ShredCertificate, ShredReason } from '../../core/contract/shred.ts';
import { parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import { systemCode } from '../vault/failure.ts';
import type { ObjectStore } from '../vault/objects.ts';
import type { RetireRows } from '../vault/retire-rows.ts';
import { KEY_FILE } from '../vault/study-keys.ts';
import { reach } from '../vault/write-points.ts';
import { STATEMENT } from './certificate.ts';
import { destroyStudyFolder, destroyStudyKey } from './destroy.ts';
import { readRecords, writeRecord } from './shred-records.ts';

export interface ShredRequest {
  readonly vaultId: string;
  readonly studyIds: readonly string[];
  readonly by: ShredCertificate['by'];
  readonly reason: ShredReason;
}

export interface ShredParts {
  /** The vault's folder. */
  readonly dir: string;
  readonly store: ObjectStore;
  readonly rows: RetireRows;
  /** True for a study that the catalogue shows. */
  isKnown(studyId: string): boolean;
  /** Studies that must not be shredded now. */
  readonly held: ReadonlySet<string>;
  /** Runs `task` while nobody writes into the study, and ends all reading of it. */
  alone<T>(studyId: StudyId, task: () => Promise<T>): Promise<T>;
}

async function sha256Of(path: string): Promise<{ bytes: number; sha256: string | null }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    return { bytes, sha256: hash.digest('hex') };
  } catch {
    return { bytes, sha256: null };
  }
}

/** What the study's folder holds, but for its key: the hash of a key file would only help to recognise copies of it. */
async function objectsIn(folder: string, signal: AbortSignal): Promise<ShredCertificate['objects']> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const objects: ShredCertificate['objects'] = [];
  for (const name of names.filter((one) => !one.startsWith(KEY_FILE)).sort()) {
    if (signal.aborted) throw vaultError('vault/cancelled', 'shredding was cancelled');
    const kind = extname(name);
    const facts = await sha256Of(join(folder, name));
    objects.push({ objectId: name.slice(0, name.length - kind.length), kind: kind.slice(1), ...facts });
  }
  return objects;
}

/** Key and objects, wherever in the vault they lie; what is gone already is no error. */
async function destroyFiles(dir: string, studyId: string): Promise<void> {
  const places = ['studies', 'set-aside', 'reseal'].map((place) => join(dir, place, studyId));
  const folders = [...places, join(dir, 'reseal', `${studyId}.old`)];
  // All keys first: what dies after this line is shredded.
  for (const folder of folders) await destroyStudyKey(folder);
  reach('shred.key');
  for (const folder of folders) await destroyStudyFolder(folder);
  await rm(join(dir, 'reseal', `${studyId}.whole`), { force: true });
  reach('shred.objects');
}

/**
 * Shreds studies, one after the other. Cancelled, it stops between two studies: those before are shredded, those after are
 * untouched.
 * @param observer progress in studies
 * @returns the records, finished and unsigned
 * @throws vault/no-such-study, vault/on-hold: nothing has happened then; vault/cancelled
 */
export async function shred(
  parts: ShredParts,
  { vaultId, studyIds, by, reason }: ShredRequest,
  observer: VerifyObserver,
): Promise<ShredCertificate[]> {
  for (const studyId of studyIds) {
    if (!parts.isKnown(studyId)) throw vaultError('vault/no-such-study', 'no such study');
    if (parts.held.has(studyId)) throw vaultError('vault/on-hold', 'a study is on hold', { details: { studyId } });
  }
  const done: ShredCertificate[] = [];
  for (const studyId of studyIds.map((text) => parseId<StudyId>(text))) {
    observer.progress(done.length, studyIds.length);
    const folder = parts.store.folder(studyId);
    const record: ShredCertificate = {
      format: 'vitrine-shred-certificate',
      version: 1,
      vaultId,
      studyId,
      reason,
      by,
      startedAt: new Date().toISOString(),
      finishedAt: null,
      objects: [],
      statement: STATEMENT,
      signature: null,
    };
    await parts.alone(studyId, async () => {
      const objects = await objectsIn(folder, observer.signal);
      done.push(await carryOut(parts, { ...record, objects }));
    });
  }
  observer.progress(done.length, studyIds.length);
  return done;
}

async function carryOut(parts: ShredParts, record: ShredCertificate): Promise<ShredCertificate> {
  const studyId = parseId<StudyId>(record.studyId);
  await writeRecord(parts.dir, record);
  reach('shred.recorded');
  parts.store.forget(studyId);
  await destroyFiles(parts.dir, studyId);
  parts.rows.remove([studyId]);
  reach('shred.catalogue');
  const finished = { ...record, finishedAt: new Date().toISOString() };
  await writeRecord(parts.dir, finished);
  reach('shred.finished');
  return finished;
}

/** What a crash left of a shredding: its files go before anything looks at the studies. @returns ids that were unfinished */
export async function settleShredding(dir: string): Promise<StudyId[]> {
  const unfinished = (await readRecords(dir)).filter(({ finishedAt }) => finishedAt === null);
  for (const { studyId } of unfinished) await destroyFiles(dir, studyId);
  return unfinished.map(({ studyId }) => parseId<StudyId>(studyId));
}

/** The catalogue's part of `settleShredding`, when it is open. */
export async function endShredding(dir: string, rows: RetireRows, unfinished: readonly StudyId[]): Promise<void> {
  if (unfinished.length === 0) return;
  rows.remove(unfinished);
  const ids = new Set<string>(unfinished);
  const finishedAt = new Date().toISOString();
  for (const record of await readRecords(dir))
    if (ids.has(record.studyId)) await writeRecord(dir, { ...record, finishedAt });
}
