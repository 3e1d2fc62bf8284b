import { wipe } from '../../bytes.ts';
import type { AeadEngine, FloeParameters } from '../engine.ts';
import { sealError } from '../errors.ts';
import type { KeyMaterial, RandomAccessSource } from '../types.ts';
import { createOpener } from './floe.ts';
import { type FloeOpener, HEADER_LENGTH, SEGMENT_OVERHEAD, V1_PARAMETERS } from './format.ts';
import { type Layout, layoutOf } from './lengths.ts';

/** An opened object: its plaintext at any place, each byte authenticated before it is given out. */
export interface SealedReader {
  /** Bytes of plaintext. Authenticated: the final segment was opened as final before this reader existed. */
  readonly length: number;
  /**
   * Plaintext bytes `offset` to `offset + length`.
   * @throws VitrineError `seal/out-of-range`, `seal/altered`, `seal/truncated`, `seal/closed`
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `read`, as many bytes as `out` holds, into it. After an error its content is undefined. */
  readInto(offset: number, out: Uint8Array): Promise<void>;
  /**
   * The whole plaintext in order, a few segments at a time, for copying out and for verifying. A chunk is good until the
   * next one is asked for: its memory may be used again, and is wiped at the end.
   * @throws as `read`
   */
  chunks(): AsyncGenerator<Uint8Array, void, void>;
  /** Wipes the keys and the kept final segment. The source stays the caller's to close. */
  close(): void;
}

/** Most encrypted bytes that one read of the source asks for; bounds the memory of long reads. */
const READ_LIMIT = 4 * 1024 * 1024;

/** A source whose start was read already. */
export interface StartedSource {
  readonly source: RandomAccessSource;
  /** Where the FLOE header begins. */
  readonly base: number;
  /** The bytes from 0 on that were read: at least `base + HEADER_LENGTH`, or the whole source. */
  readonly head: Uint8Array;
}

async function readExactly(started: StartedSource, offset: number, length: number): Promise<Uint8Array> {
  if (offset + length <= started.head.length) return started.head.subarray(offset, offset + length);
  const bytes = await started.source.read(offset, length);
  if (bytes.length !== length) throw sealError('seal/truncated', 'the source ended early');
  return bytes;
}

/** Gives memory of the source back, unless it is a part of the head, which goes with the reader. */
function giveBack({ source, head }: StartedSource, bytes: Uint8Array): void {
  if (bytes.buffer !== head.buffer) source.release?.(bytes);
}

/** What every read of an opened object needs. */
interface OpenObject {
  readonly started: StartedSource;
  readonly opener: FloeOpener;
  readonly layout: Layout;
  readonly segmentLength: number;
  /** Plaintext of the final segment: small objects are opened once, not twice. */
  readonly final: Uint8Array;
  /** @throws VitrineError `seal/closed`: `close` may come while a read waits for its source. */
  checkOpen(): void;
}

/** Sealed bytes of whole segments that are not the object's final one. */
interface SealedRun {
  readonly position: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Reads the segments from `first` up to `end`, few at a time, all before the final one. */
async function* readRuns(object: OpenObject, first: number, end: number): AsyncGenerator<SealedRun, void, void> {
  const { started, layout, segmentLength } = object;
  const bodyStart = started.base + HEADER_LENGTH;
  const perRead = Math.max(1, Math.floor(READ_LIMIT / segmentLength));
  const stop = Math.min(end, layout.segments - 1);
  for (let position = first; position < stop; position += perRead) {
    const count = Math.min(perRead, stop - position);
    const bytes = await readExactly(started, bodyStart + position * segmentLength, count * segmentLength);
    try {
      yield { position, count, bytes };
    } finally {
      giveBack(started, bytes);
    }
  }
}

/** Fills `out` with the plaintext from `offset` on. */
async function readRange(object: OpenObject, offset: number, out: Uint8Array): Promise<void> {
  const { opener, layout, segmentLength, final } = object;
  const perSegment = segmentLength - SEGMENT_OVERHEAD;
  const last = layout.segments - 1;
  const first = Math.min(last, Math.floor(offset / perSegment));
  const end = Math.min(last, Math.floor((offset + out.length - 1) / perSegment));
  let skip = offset - first * perSegment;
  let filled = 0;
  for await (const { position, count, bytes } of readRuns(object, first, end + 1)) {
    const wanted = Math.min(count * perSegment - skip, out.length - filled);
    opener.openInto({ position, isFinal: false, skip }, bytes, out.subarray(filled, filled + wanted));
    filled += wanted;
    skip = 0;
  }
  object.checkOpen();
  out.set(final.subarray(skip, skip + out.length - filled), filled);
}

/** Chunks of one segment each, as the engine opened them. */
function* bySegment(object: OpenObject, run: SealedRun): Generator<Uint8Array, void, void> {
  const { opener, segmentLength } = object;
  for (let n = 0; n < run.count; n++)
    yield opener.openSegment(run.position + n, false, run.bytes.subarray(n * segmentLength, (n + 1) * segmentLength));
}

/** Every chunk in the same memory where the engine writes to it; else copying would cost more than it saves. */
async function* readChunks(object: OpenObject): AsyncGenerator<Uint8Array, void, void> {
  const perSegment = object.segmentLength - SEGMENT_OVERHEAD;
  let memory = new Uint8Array(0);
  try {
    for await (const run of readRuns(object, 0, object.layout.segments)) {
      if (!object.opener.isBulk) {
        yield* bySegment(object, run);
        continue;
      }
      const { position, count, bytes } = run;
      if (memory.length < count * perSegment) memory = new Uint8Array(count * perSegment);
      const chunk = memory.subarray(0, count * perSegment);
      object.opener.openInto({ position, isFinal: false, skip: 0 }, bytes, chunk);
      yield chunk;
    }
    object.checkOpen();
    yield object.final.slice();
  } finally {
    wipe(memory);
  }
}

/** Opens header and final segment; the object's length is trusted from then on. */
async function openEnds(
  engine: AeadEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  started: StartedSource,
  parameters: FloeParameters,
  checkOpen: () => void,
): Promise<OpenObject> {
  const { segmentLength } = parameters;
  const { base } = started;
  const header = started.head.subarray(base, base + HEADER_LENGTH);
  const opener = createOpener(engine, key, aad, header, parameters);
  try {
    const layout = layoutOf(started.source.size - base, parameters);
    const position = layout.segments - 1;
    const finalStart = base + HEADER_LENGTH + position * segmentLength;
    const sealed = await readExactly(started, finalStart, layout.finalLength);
    const final = opener.openSegment(position, true, sealed);
    giveBack(started, sealed);
    return { started, opener, layout, segmentLength, final, checkOpen };
  } catch (error) {
    opener.close();
    throw error;
  }
}

/**
 * Opens an object of version 1 for random access.
 * @throws VitrineError `seal/wrong-key`, `seal/altered`, `seal/truncated`, `seal/unknown-parameters`
 */
export async function openReader(
  engine: AeadEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  started: StartedSource,
  parameters: FloeParameters = V1_PARAMETERS,
): Promise<SealedReader> {
  let closed = false;
  const check = () => {
    if (closed) throw sealError('seal/closed', 'the reader is closed');
  };
  const object = await openEnds(engine, key, aad, started, parameters, check);
  const total = object.layout.plaintextLength;
  const checkRange = (offset: number, length: number) => {
    check();
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (!whole || offset < 0 || length < 0 || offset + length > total)
      throw sealError('seal/out-of-range', 'range outside of the object');
  };
  return {
    length: total,
    async read(offset, length) {
      checkRange(offset, length);
      const out = new Uint8Array(length);
      if (length > 0) await readRange(object, offset, out);
      return out;
    },
    async readInto(offset, out) {
      checkRange(offset, out.length);
      if (out.length > 0) await readRange(object, offset, out);
    },
    async *chunks() {
      check();
      yield* readChunks(object);
    },
    close() {
      if (closed) return;
      closed = true;
      object.opener.close();
      object.final.fill(0);
      started.source.release?.(started.head);
    },
  };
}
