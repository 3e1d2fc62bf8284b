/**
 * What the benchmark of the native engine runs inside Electron, on one thread: FLOE through `core/seal` beside the bare loop
 * of `aws-lc-rs` in place. `openssl speed` works on one buffer again and again, and so do these: 1 GiB goes through the same
 * half MiB, which stays in the processor's cache, as a file does that is read chunk by chunk. The figures named `cold` go
 * through an object of 256 MiB instead, at the pace of the memory. All of them take turns, because a machine's speed drifts,
 * and are timed by processor time, which other programs don't lengthen; `wall` is sealing and opening by the clock, for
 * peers that can only be timed so. Prints one JSON document.
 */
import { randomBytes } from 'node:crypto';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../../core/ids.ts';
import { createChunkSealer, openObject, sealBytes } from '../../core/seal/seal.ts';
import { createStudyKey, deriveObjectKey } from '../../core/seal/study-key.ts';
import type { ObjectContext } from '../../core/seal/types.ts';
import { objectContext } from '../../core/seal/v1/context.ts';
import { createOpener, createSealer } from '../../core/seal/v1/floe.ts';
import { SEGMENT_OVERHEAD, V1_PARAMETERS } from '../../core/seal/v1/format.ts';
import { createNativeEngine } from '../../electron/crypto/native-engine.ts';
import { loadNativeEngine } from '../../native/engine/index.ts';

const SEGMENT = V1_PARAMETERS.segmentLength - SEGMENT_OVERHEAD;
/** Plaintext of four segments. */
const CHUNK = 4 * SEGMENT;
const CHUNKS = 512;
const COLD = 256 * 1024 * 1024;
/** Turns of a round: a little over 1 GiB in all. */
const TURNS = 4;
const ROUNDS = Number(process.env['VITRINE_BENCH_ROUNDS'] ?? 5);

const NAMES = ['bare', 'seal', 'open', 'coldBare', 'coldSeal', 'coldOpen'] as const;

/** GB/s (10^9 bytes of plaintext a second), sample by sample. */
export type NativeFigures = Readonly<Record<(typeof NAMES)[number] | 'wall', number[]>> & { readonly runtime: string };

const { engine: native, reason } = loadNativeEngine();
if (native === null) throw new Error(reason);
const addOn = native;
const engine = createNativeEngine(addOn);
const context: ObjectContext = {
  vaultId: idFrom<VaultId>(randomBytes(16)),
  studyId: idFrom<StudyId>(randomBytes(16)),
  objectId: idFrom<ObjectId>(randomBytes(16)),
  kind: 'instance',
  version: 1,
};
const studyKey = createStudyKey(engine);

/** Seals one object, chunk by chunk into memory that is used again, as an import does. */
function seal(chunks: Iterable<Uint8Array>, length: number, out: Uint8Array): void {
  const sealer = createChunkSealer(engine, deriveObjectKey(engine, studyKey, context), context);
  for (const chunk of chunks) sealer.updateInto(chunk, out, sealer.plaintextLength + chunk.length < length);
  sealer.finishInto(out);
}

function* repeated(chunk: Uint8Array): Generator<Uint8Array> {
  for (let n = 0; n < CHUNKS; n++) yield chunk;
}

function* cut(buffer: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < buffer.length; at += CHUNK) yield buffer.subarray(at, at + CHUNK);
}

/** Opens a whole object as verifying and exporting do. */
async function openWhole(sealed: Uint8Array): Promise<void> {
  const read = async (offset: number, length: number) => sealed.subarray(offset, offset + length);
  const key = deriveObjectKey(engine, studyKey, context);
  const reader = await openObject(engine, key, context, { size: sealed.length, read });
  let length = 0;
  for await (const chunk of reader.chunks()) length += chunk.length;
  reader.close();
  if (length !== COLD) throw new Error('an object lost bytes');
}

/** Opens the same four segments again and again. */
function opening(chunk: Uint8Array): () => void {
  const key = deriveObjectKey(engine, studyKey, context);
  const aad = objectContext(context);
  const sealer = createSealer(engine, key, aad);
  const sealed = sealer.sealRun(chunk, false)[0] ?? new Uint8Array(0);
  const opener = createOpener(engine, key, aad, sealer.header);
  const plaintext = new Uint8Array(chunk.length);
  return () => {
    for (let n = 0; n < CHUNKS; n++) opener.openInto({ position: 0, isFinal: false, skip: 0 }, sealed, plaintext);
  };
}

async function main(): Promise<void> {
  const chunk = new Uint8Array(randomBytes(CHUNK));
  const scrap = chunk.slice();
  const out = new Uint8Array(2 * CHUNK);
  const cold = new Uint8Array(COLD);
  for (let at = 0; at < COLD; at += CHUNK) cold.set(chunk.subarray(0, COLD - at), at);
  const sealed = sealBytes(engine, deriveObjectKey(engine, studyKey, context), context, cold);
  const steps = {
    bare: () => {
      for (let n = 0; n < CHUNKS; n++) addOn.bareAes(scrap, SEGMENT);
    },
    seal: () => seal(repeated(chunk), CHUNK * CHUNKS, out),
    open: opening(chunk),
    coldBare: () => addOn.bareAes(cold, SEGMENT),
    coldSeal: () => seal(cut(cold), COLD, out),
    coldOpen: () => openWhole(sealed),
  };
  const figures = { bare: [], seal: [], open: [], coldBare: [], coldSeal: [], coldOpen: [], wall: [] } as Record<
    (typeof NAMES)[number] | 'wall',
    number[]
  >;
  for (let round = -1; round < ROUNDS; round++) {
    const spent = { bare: 0, seal: 0, open: 0, coldBare: 0, coldSeal: 0, coldOpen: 0 };
    let wall = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      for (const name of NAMES) {
        const [started, used] = [performance.now(), process.cpuUsage()];
        await steps[name]();
        const { user, system } = process.cpuUsage(used);
        spent[name] += (user + system) / 1000;
        if (name === 'seal' || name === 'open') wall += performance.now() - started;
      }
    }
    // The round before the first warms up memory and processor.
    if (round < 0) continue;
    figures.wall.push((2 * TURNS * CHUNK * CHUNKS) / 1e6 / wall);
    for (const name of NAMES) {
      const bytes = name.startsWith('cold') ? COLD : CHUNK * CHUNKS;
      figures[name].push((TURNS * bytes) / 1e6 / spent[name]);
    }
  }
  const runtime = process.versions['electron'] ? `Electron ${process.versions['electron']}` : `Node ${process.version}`;
  process.stdout.write(JSON.stringify({ ...figures, runtime } satisfies NativeFigures));
}

await main();
