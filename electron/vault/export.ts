import { mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { VitrineError } from '../../core/errors.ts';
import { parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { Catalogue, StoredInstance } from './catalogue.ts';
import { systemCode } from './failure.ts';
import { type ObjectStore, syncFolder } from './objects.ts';

const PREAMBLE = 128;

/** A UID as a file name, or null when it isn't one: a hostile UID may hold a path. PS3.5 9.1: digits and dots, at most 64. */
function safeName(uid: string): string | null {
  return /^\d[\d.]{0,63}$/.test(uid) && !uid.includes('..') && !uid.endsWith('.') ? uid : null;
}

/** File names of a study's instances: the SOP Instance UID where it can be one, made unique where a conflict shares it. */
function exportNames(instances: readonly StoredInstance[]): Map<StoredInstance, string> {
  const names = new Map<StoredInstance, string>();
  const taken = new Set<string>();
  for (const instance of instances) {
    const uid = safeName(instance.sopUid);
    const name =
      uid === null || taken.has(uid) ? [uid, instance.objectId].filter((part) => part !== null).join('-') : uid;
    taken.add(name);
    names.set(instance, `${name}.dcm`);
  }
  return names;
}

/**
 * Writes a study's original files below `folder`, which is made when it is missing. The 128 bytes before `DICM` are
 * cleared: they may hold another program's magic number, which some system would run. Files that exist are never replaced.
 * Whatever can be read is written; then, if an object could not be, its error is thrown.
 * @throws vault/exists, vault/disk-full, vault/io; seal/… or vault/object-missing after all others were written.
 */
export async function exportStudy(
  catalogue: Catalogue,
  store: ObjectStore,
  studyId: string,
  folder: string,
): Promise<{ files: number; bytes: number }> {
  const instances = catalogue.instances(studyId);
  await mkdir(folder, { recursive: true });
  let files = 0;
  let bytes = 0;
  let failure: VitrineError | null = null;
  for (const [instance, name] of exportNames(instances)) {
    try {
      bytes += await exportObject(store, parseId<StudyId>(studyId), instance, join(folder, name));
      files += 1;
    } catch (error) {
      if (!(error instanceof VitrineError) || error.code === 'vault/exists') throw error;
      failure ??= error;
    }
  }
  await syncFolder(folder);
  if (failure !== null) throw failure;
  return { files, bytes };
}

async function exportObject(
  store: ObjectStore,
  studyId: StudyId,
  instance: StoredInstance,
  path: string,
): Promise<number> {
  const object = await store.open(studyId, instance.objectId, 'instance');
  try {
    const handle = await open(path, 'wx', 0o600).catch((cause: unknown) => {
      if (systemCode(cause) !== 'EEXIST') throw cause;
      throw vaultError('vault/exists', 'a file of that name is there already', { cause });
    });
    try {
      let first = true;
      for await (const chunk of object.reader.chunks()) {
        if (first) clearPreamble(chunk);
        first = false;
        await handle.writeFile(chunk);
      }
      await handle.sync();
      await handle.close();
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlink(path).catch(() => undefined);
      throw error;
    }
    return object.reader.length;
  } finally {
    await object.close();
  }
}

/** Clears the preamble of a Part 10 file (PS3.10 7.1); a file without one starts with data and is left as it is. */
function clearPreamble(start: Uint8Array): void {
  const prefix = String.fromCharCode(...start.subarray(PREAMBLE, PREAMBLE + 4));
  if (prefix === 'DICM') start.fill(0, 0, PREAMBLE);
}
