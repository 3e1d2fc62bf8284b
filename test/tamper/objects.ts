/** Sealed objects of a study, on every engine that there is, and the key of the study. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectId, parseId } from '../../core/ids.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { chooseBulkFiles } from '../../electron/crypto/bulk-files.ts';
import { readManifest } from '../../electron/vault/manifest.ts';
import { readNote } from '../../electron/vault/notes.ts';
import { type ObjectKind, ObjectStore } from '../../electron/vault/objects.ts';
import { runResults } from '../../electron/vault/results.ts';
import { engines } from '../fixtures/engines.ts';
import type { Container, Way } from './container.ts';
import type { Stage } from './stage.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Puts the bytes where the file was, and reads as the product does. */
export function atPath(path: string, read: () => Promise<string | null>): Way {
  return {
    read: async (bytes) => {
      await writeFile(path, bytes);
      return read();
    },
  };
}

/** As viewing, exporting and verifying read: piece by piece, after the end was checked. */
async function inPieces(store: ObjectStore, { studyId }: Stage, objectId: ObjectId, kind: ObjectKind): Promise<string> {
  const { reader, close } = await store.open(studyId, objectId, kind);
  try {
    const hash = createHash('sha256');
    for await (const chunk of reader.chunks()) hash.update(chunk);
    return `${reader.length} ${hash.digest('hex')}`;
  } finally {
    await close();
  }
}

type Reading = (store: ObjectStore) => Promise<string | null>;

/** How the product reads each kind. */
function readings(stage: Stage, objectId: ObjectId, kind: ObjectKind): Record<string, Reading> {
  const { studyId } = stage;
  const pieces: Reading = (store) => inPieces(store, stage, objectId, kind);
  switch (kind) {
    case 'instance':
      return { 'in pieces': pieces, whole: async (store) => sha256(await store.readSmall(studyId, objectId, kind)) };
    case 'note':
      return {
        journal: async (store) => {
          const note = await readNote(store, studyId, objectId);
          return note.entries && JSON.stringify(note);
        },
      };
    case 'manifest':
      return {
        repair: async (store) => JSON.stringify(await readManifest(store, studyId, Number.parseInt(objectId, 16))),
      };
    case 'result':
      return {
        result: async (store) => sha256(await runResults(store, 'read', { studyId, resultId: objectId })),
        list: async (store) => {
          const [first] = (await runResults(store, 'list', { studyId })).results;
          return first === undefined ? null : JSON.stringify(first);
        },
      };
  }
}

async function object(stage: Stage, stores: readonly Named[], kind: ObjectKind): Promise<Container[]> {
  const folder = join(stage.dir, 'studies', stage.studyId);
  const name = (await readdir(folder)).find((one) => one.endsWith(`.${kind}`)) ?? '';
  const stem = name.slice(0, name.indexOf('.'));
  const objectId = parseId<ObjectId>(kind === 'manifest' ? Number(stem).toString(16).padStart(32, '0') : stem);
  const path = join(folder, name);
  const bytes = await readFile(path);
  return stores.flatMap(({ engine, store }) =>
    Object.entries(readings(stage, objectId, kind)).map(([how, read]) => ({
      kind,
      way: `${engine} engine, ${how}`,
      bytes,
      ways: [atPath(path, () => read(store))],
      bits: 'one' as const,
    })),
  );
}

/** The fast path of frames: the native engine opens a file whole, on a thread of its own. */
async function wholeByThread(stage: Stage): Promise<Container[]> {
  const files = chooseBulkFiles();
  const make = engines[2];
  if (files === null || make === undefined) return [];
  const { studyId } = stage;
  const store = storeOf(stage, make(), files);
  const folder = join(stage.dir, 'studies', studyId);
  const name = (await readdir(folder)).find((one) => one.endsWith('.instance')) ?? '';
  const objectId = parseId<ObjectId>(name.slice(0, 32));
  const path = join(folder, name);
  const { length: size } = await store.readSmall(studyId, objectId, 'instance');
  const read = async (): Promise<string | null> => {
    const part = { offset: 0, size, out: () => new Uint8Array(size) };
    const found = await store.readWhole(studyId, objectId, 'instance', part);
    return found && sha256(found);
  };
  const bytes = await readFile(path);
  return [{ kind: 'instance', way: 'native engine, by its threads', bytes, ways: [atPath(path, read)], bits: 'one' }];
}

function storeOf({ dir, vaultId, open }: Stage, engine: AeadEngine, files: ReturnType<typeof chooseBulkFiles>) {
  return new ObjectStore(join(dir, 'studies'), engine, vaultId, { wrappingKey: open.wrappingKey }, files);
}

interface Named {
  readonly engine: string;
  readonly store: ObjectStore;
}

/** `study.key` as a vault without accounts writes it: an object of the study must open by what it gives. */
async function studyKey(stage: Stage, stores: readonly Named[]): Promise<Container[]> {
  const folder = join(stage.dir, 'studies', stage.studyId);
  const path = join(folder, 'study.key');
  const bytes = await readFile(path);
  const note = (await readdir(folder)).find((one) => one.endsWith('.note')) ?? '';
  const noteId = parseId<ObjectId>(note.slice(0, 32));
  return stores.map(({ engine, store }) => ({
    kind: 'study.key v1',
    way: `${engine} engine`,
    bytes,
    ways: [
      atPath(path, async () => {
        store.forget();
        return sha256(await store.readSmall(stage.studyId, noteId, 'note'));
      }),
    ],
    bits: 'all' as const,
  }));
}

/** All objects of the stage's study. */
export async function objectContainers(stage: Stage): Promise<Container[]> {
  const stores = engines.map((make) => {
    const engine = make();
    return { engine: engine.id, store: storeOf(stage, engine, null) };
  });
  const found: Container[] = [];
  for (const kind of ['instance', 'note', 'manifest', 'result'] as const)
    found.push(...(await object(stage, stores, kind)));
  return [...found, ...(await wholeByThread(stage)), ...(await studyKey(stage, stores))];
}
