import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../core/errors.ts';
import { parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { ExportedStudy } from '../../core/vault/types.ts';
import { makeFolder, syncFolder } from '../durable-file.ts';
import type { Catalogue, StoredInstance } from './catalogue.ts';
import { asVitrineError, systemCode } from './failure.ts';
import type { ObjectStore } from './objects.ts';

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
 * Writes a study's original files below `folder`, which is made, or empty. The 128 bytes before `DICM` are cleared: they may
 * hold another program's magic number, which some system would run. Files that exist are never replaced. Whatever can be
 * read is written, and every object that could not be is named: what lies in the clear on the disk is always told.
 * @throws export/exists, vault/no-such-study, vault/locked; vault/disk-full, vault/io when there is no folder
 */
export async function exportStudy(
  catalogue: Catalogue,
  store: ObjectStore,
  studyId: string,
  folder: string,
): Promise<ExportedStudy> {
  const instances = catalogue.instances(studyId);
  // A study that is sealed for others is refused as a whole; one whose key is damaged, object by object.
  await store.studyKey(parseId<StudyId>(studyId)).catch((error: unknown) => {
    if (hasCode(error, 'users/not-a-recipient', 'policy/not-met')) throw error;
  });
  if (!(await makeFolder(folder)) && (await readdir(folder)).length > 0) {
    throw vaultError('export/exists', 'the folder of the export is there already');
  }
  let files = 0;
  let bytes = 0;
  const refused: ExportedStudy['refused'][number][] = [];
  for (const [instance, name] of exportNames(instances)) {
    try {
      bytes += await exportObject(store, parseId<StudyId>(studyId), instance, join(folder, name));
      files += 1;
    } catch (error) {
      if (hasCode(error, 'vault/locked')) throw error;
      const { objectId, sopUid } = instance;
      refused.push({ objectId, sopInstanceUid: sopUid, code: asVitrineError(error).code });
    }
  }
  await syncFolder(folder);
  return { files, bytes, refused };
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
      throw vaultError('export/exists', 'a file of that name is there already', { cause });
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
