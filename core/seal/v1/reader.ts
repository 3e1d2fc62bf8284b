import type { AeadEngine } from '../engine.ts';
import { sealError } from '../errors.ts';
import type { RandomAccessSource } from '../types.ts';
import {
  createOpener,
  type FloeOpener,
  type FloeParameters,
  HEADER_LENGTH,
  SEGMENT_OVERHEAD,
  V1_PARAMETERS,
} from './floe.ts';
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
  /** The whole plaintext in order, a segment at a time, for copying out and for verifying. @throws as `read` */
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

/** Opens the segments `first` to `last` with few reads of the source, in order. */
async function* openSegments(object: OpenObject, first: number, last: number): AsyncGenerator<Uint8Array, void, void> {
  const { started, opener, layout, segmentLength } = object;
  const bodyStart = started.base + HEADER_LENGTH;
  const perRead = Math.max(1, Math.floor(READ_LIMIT / segmentLength));
  const lastWhole = Math.min(last, layout.segments - 2);
  for (let from = first; from <= lastWhole; from += perRead) {
    const count = Math.min(perRead, lastWhole - from + 1);
    const bytes = await readExactly(started, bodyStart + from * segmentLength, count * segmentLength);
    for (let i = 0; i < count; i++)
      yield opener.openSegment(from + i, false, bytes.subarray(i * segmentLength, (i + 1) * segmentLength));
  }
  object.checkOpen();
  if (last === layout.segments - 1) yield object.final;
}

async function readRange(object: OpenObject, offset: number, length: number): Promise<Uint8Array> {
  const perSegment = object.segmentLength - SEGMENT_OVERHEAD;
  const last = object.layout.segments - 1;
  const first = Math.min(last, Math.floor(offset / perSegment));
  const end = Math.min(last, Math.floor((offset + length - 1) / perSegment));
  let skip = offset - first * perSegment;
  let range: Uint8Array | null = null;
  let filled = 0;
  for await (const plaintext of openSegments(object, first, end)) {
    const piece = plaintext.subarray(skip, skip + length - filled);
    // A range within one segment is given out as it is; only longer ones are copied together.
    if (first === end) return end === last ? new Uint8Array(piece) : piece;
    range ??= new Uint8Array(length);
    range.set(piece, filled);
    filled += piece.length;
    skip = 0;
  }
  return range ?? new Uint8Array(0);
}

/** Opens header and final segment; the object's length is trusted from then on. */
async function openEnds(
  engine: AeadEngine,
  key: Uint8Array,
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
    const final = opener.openSegment(position, true, await readExactly(started, finalStart, layout.finalLength));
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
  key: Uint8Array,
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
  return {
    length: total,
    async read(offset, length) {
      check();
      if (
        !Number.isSafeInteger(offset) ||
        !Number.isSafeInteger(length) ||
        offset < 0 ||
        length < 0 ||
        offset + length > total
      )
        throw sealError('seal/out-of-range', 'range outside of the object');
      if (length === 0) return new Uint8Array(0);
      return readRange(object, offset, length);
    },
    async *chunks() {
      check();
      for await (const plaintext of openSegments(object, 0, object.layout.segments - 1))
        yield plaintext === object.final ? new Uint8Array(plaintext) : plaintext;
    },
    close() {
      closed = true;
      object.opener.close();
      object.final.fill(0);
    },
  };
}
