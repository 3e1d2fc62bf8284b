/**
 * What the sealing benchmark runs inside Electron: sealing and opening through `core/seal` beside plain AES-256-GCM of
 * `node:crypto` on the same buffers at the same segment length. Prints one JSON document.
 */
import { fork } from 'node:child_process';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../../core/ids.ts';
import { createChunkSealer, openObject } from '../../core/seal/seal.ts';
import { createStudyKey, deriveObjectKey } from '../../core/seal/study-key.ts';
import type { ObjectContext, ObjectKey } from '../../core/seal/types.ts';
import { SEGMENT_OVERHEAD, V1_PARAMETERS } from '../../core/seal/v1/format.ts';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';

const OBJECT = 256 * 1024 * 1024;
const GIB = 1024 * 1024 * 1024;
/** As an import reads its files. */
const CHUNK = 1024 * 1024;
/** Plaintext of one segment: plain AES works on the same lengths. */
const SEGMENT = V1_PARAMETERS.segmentLength - SEGMENT_OVERHEAD;
/** Argument of a process that seals for this one. */
const AS_WORKER = 'seal-worker';
/** The same for one that only runs the bare loop of `node:crypto`: what two processes gain here at the most. */
const AS_PLAIN_WORKER = 'plain-worker';
const ROUNDS = Number(process.env['VITRINE_BENCH_ROUNDS'] ?? 5);

const engine = createPlatformEngine();
const context: ObjectContext = {
  vaultId: idFrom<VaultId>(randomBytes(16)),
  studyId: idFrom<StudyId>(randomBytes(16)),
  objectId: idFrom<ObjectId>(randomBytes(16)),
  kind: 'instance',
  version: 1,
};

/** What was measured, GB/s (10^9 bytes of plaintext a second), sample by sample. */
export interface SealFigures {
  readonly seal: number[];
  readonly open: number[];
  readonly plainSeal: number[];
  readonly plainOpen: number[];
  /** Worker processes. */
  readonly one: number[];
  readonly two: number[];
  /** Worker processes with the bare loop. */
  readonly onePlain: number[];
  readonly twoPlain: number[];
  /** Worker threads of one process. */
  readonly oneThread: number[];
  readonly twoThreads: number[];
  readonly runtime: string;
  readonly segment: number;
}

function objectKey(): ObjectKey {
  const studyKey = createStudyKey(engine);
  return deriveObjectKey(engine, studyKey, context);
}

/** Seals `bytes` of the buffer again and again, `total` bytes in all; the parts go to `take`. */
function seal(buffer: Uint8Array, total: number, take: (part: Uint8Array) => void): void {
  for (let done = 0; done < total; done += buffer.length) {
    const sealer = createChunkSealer(engine, objectKey(), context);
    for (let at = 0; at < buffer.length; at += CHUNK) sealer.update(buffer.subarray(at, at + CHUNK)).forEach(take);
    sealer.finish().forEach(take);
  }
}

function speed(total: number, started: number): number {
  return total / 1e6 / (performance.now() - started);
}

function measureSeal(buffer: Uint8Array): number {
  const started = performance.now();
  seal(buffer, GIB, () => undefined);
  return speed(GIB, started);
}

async function measureOpen(sealed: Uint8Array, key: ObjectKey): Promise<number> {
  const source = {
    size: sealed.length,
    read: (offset: number, length: number) => Promise.resolve(sealed.subarray(offset, offset + length)),
  };
  const started = performance.now();
  for (let done = 0; done < GIB; done += OBJECT) {
    const reader = await openObject(engine, key, context, source);
    let length = 0;
    for await (const chunk of reader.chunks()) length += chunk.length;
    reader.close();
    if (length !== OBJECT) throw new Error('an object lost bytes');
  }
  return speed(GIB, started);
}

interface Plain {
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function plainSeal(buffer: Uint8Array, key: Uint8Array, keep: boolean): Plain[] {
  const kept: Plain[] = [];
  for (let at = 0; at < buffer.length; at += SEGMENT) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const ciphertext = cipher.update(buffer.subarray(at, at + SEGMENT));
    cipher.final();
    const tag = cipher.getAuthTag();
    if (keep) kept.push({ iv, tag, ciphertext });
  }
  return kept;
}

function measurePlain(buffer: Uint8Array): { plainSeal: number; plainOpen: number } {
  const key = randomBytes(32);
  const segments = plainSeal(buffer, key, true);
  const started = performance.now();
  for (let done = 0; done < GIB; done += OBJECT) plainSeal(buffer, key, false);
  const sealing = speed(GIB, started);
  const opening = performance.now();
  for (let done = 0; done < GIB; done += OBJECT) {
    for (const { iv, tag, ciphertext } of segments) {
      const decipher = createDecipheriv('aes-256-gcm', key, iv);
      decipher.setAuthTag(tag);
      decipher.update(ciphertext);
      decipher.final();
    }
  }
  return { plainSeal: sealing, plainOpen: speed(GIB, opening) };
}

/** A worker that seals as many bytes as it is asked to. */
interface SealWorker {
  seal(total: number): Promise<void>;
  end(): void;
}

/** Sealing in workers: `GIB` bytes shared out among them, all starting together. */
async function measureWorkers(workers: readonly SealWorker[]): Promise<number> {
  const started = performance.now();
  await Promise.all(workers.map((worker) => worker.seal(GIB / workers.length)));
  return speed(GIB, started);
}

/** A worker thread doesn't inherit tsx: it registers it by itself. */
async function startThread(): Promise<SealWorker> {
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(import.meta.url)})))`;
  const worker = new Worker(start, { eval: true });
  const said = () => new Promise<void>((resolve) => worker.once('message', () => resolve()));
  await said();
  return {
    async seal(total) {
      const done = said();
      worker.postMessage(total);
      await done;
    },
    end: () => void worker.terminate(),
  };
}

async function startProcess(role: string): Promise<SealWorker> {
  const child = fork(fileURLToPath(import.meta.url), [role], { execArgv: ['--import', 'tsx'] });
  const said = () => new Promise<void>((resolve) => child.once('message', () => resolve()));
  await said();
  return {
    async seal(total) {
      const done = said();
      child.send(total);
      await done;
    },
    end: () => void child.kill(),
  };
}

async function main(): Promise<void> {
  const buffer = randomBytes(OBJECT);
  const key = objectKey();
  const sealed: Uint8Array[] = [];
  const sealer = createChunkSealer(engine, key, context);
  sealed.push(...sealer.update(buffer), ...sealer.finish());
  const object = Buffer.concat(sealed.splice(0));
  const processes = [await startProcess(AS_WORKER), await startProcess(AS_WORKER)];
  const plainProcesses = [await startProcess(AS_PLAIN_WORKER), await startProcess(AS_PLAIN_WORKER)];
  const threads = [await startThread(), await startThread()];
  const figures: Record<string, number[]> = {
    seal: [],
    open: [],
    plainSeal: [],
    plainOpen: [],
    one: [],
    two: [],
    onePlain: [],
    twoPlain: [],
    oneThread: [],
    twoThreads: [],
  };
  const add = (name: string, value: number) => figures[name]?.push(value);
  for (let round = 0; round < ROUNDS; round++) {
    add('seal', measureSeal(buffer));
    const plain = measurePlain(buffer);
    add('plainSeal', plain.plainSeal);
    add('open', await measureOpen(object, key));
    add('plainOpen', plain.plainOpen);
    add('one', await measureWorkers(processes.slice(0, 1)));
    add('two', await measureWorkers(processes));
    add('onePlain', await measureWorkers(plainProcesses.slice(0, 1)));
    add('twoPlain', await measureWorkers(plainProcesses));
    add('oneThread', await measureWorkers(threads.slice(0, 1)));
    add('twoThreads', await measureWorkers(threads));
  }
  for (const worker of [...processes, ...plainProcesses, ...threads]) worker.end();
  const runtime = process.versions['electron'] ? `Electron ${process.versions['electron']}` : `Node ${process.version}`;
  process.stdout.write(JSON.stringify({ ...figures, runtime, segment: V1_PARAMETERS.segmentLength }));
}

/** What a worker works through: `total` bytes, from a buffer that is used again. */
type Work = (buffer: Uint8Array, total: number) => void;

const sealing: Work = (buffer, total) => seal(buffer, total, () => undefined);

const plainly: Work = (buffer, total) => {
  const key = randomBytes(32);
  for (let done = 0; done < total; done += buffer.length) plainSeal(buffer, key, false);
};

/** What a worker does, whatever its messages come through. */
function serve(work: Work, listen: (total: (bytes: number) => void) => void, answer: (said: string) => void): void {
  const buffer = randomBytes(CHUNK * 64);
  listen((total) => {
    work(buffer, total);
    answer('done');
  });
  answer('ready');
}

const port = parentPort;
const role = process.argv[2];
if (port !== null)
  serve(
    sealing,
    (take) => port.on('message', take),
    (said) => port.postMessage(said),
  );
else if (role === AS_WORKER || role === AS_PLAIN_WORKER)
  serve(
    role === AS_WORKER ? sealing : plainly,
    (take) => process.on('message', (total) => take(Number(total))),
    (said) => process.send?.(said),
  );
else await main();
