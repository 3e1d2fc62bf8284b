import { wipe } from '../../bytes.ts';
import type { AeadEngine, FloeParameters } from '../engine.ts';
import { sealError } from '../errors.ts';
import type { KeyMaterial } from '../types.ts';
import { createSealer } from './floe.ts';
import { SEGMENT_OVERHEAD, V1_PARAMETERS } from './format.ts';

/**
 * Seals a stream whose length isn't known beforehand, in chunks of any size, within the memory of one segment. Each step
 * exists twice: one answers with memory of its own, the other fills the caller's, which the caller can use again for the
 * next chunk. An engine with `bulk` writes the sealed bytes straight there.
 */
export interface ChunkSealer {
  /** Bytes taken so far. */
  readonly plaintextLength: number;
  /** Bytes given so far; after `finish` the length of the object. */
  readonly sealedLength: number;
  /**
   * Takes the next bytes. The chunk may be reused afterwards.
   * @param more the caller knows that at least one byte follows: then a full segment needn't wait (and be copied) to see
   *   whether it is the final one
   * @returns parts to be written in order, maybe none; their memory is the caller's
   */
  update(chunk: Uint8Array, more?: boolean): Uint8Array[];
  /**
   * Seals what is left as the final segment and closes.
   * @returns the last parts
   * @throws VitrineError `seal/bad-argument` when the bytes that `more` promised did not come
   */
  finish(): Uint8Array[];
  /** Most bytes that the next `updateInto` writes for a chunk of this length; for 0, what `finishInto` writes at most. */
  outputLimit(chunkLength: number): number;
  /**
   * As `update`, into `out`, which holds `outputLimit(chunk.length)` bytes and doesn't overlap the chunk.
   * @returns bytes written
   */
  updateInto(chunk: Uint8Array, out: Uint8Array, more?: boolean): number;
  /** As `finish`, into `out`, which holds `outputLimit(0)` bytes. @returns bytes written */
  finishInto(out: Uint8Array): number;
  /** Gives up: wipes keys and plaintext. Harmless after `finish`. */
  abort(): void;
}

/** Takes a sealed run's plaintext, in order. */
type Sealing = (plaintext: Uint8Array, isFinal: boolean) => void;

/** Cuts chunks into runs of full segments. A full one waits until it is known that more bytes come: the last is final. */
function createCutter(full: number) {
  let pending: Uint8Array | null = null;
  let length = 0;
  const keep = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    pending ??= new Uint8Array(full);
    pending.set(bytes, length);
    length += bytes.length;
  };
  return {
    /** Bytes that wait. */
    get waiting() {
      return length;
    },
    /** What fills up the waiting segment is copied; the rest of the chunk is sealed where it lies. */
    cut(chunk: Uint8Array, more: boolean, seal: Sealing) {
      // The waiting bytes plus this many make full segments that can't be the final one.
      const least = more ? full : full + 1;
      let offset = 0;
      if (pending && length > 0 && length + chunk.length >= least) {
        offset = full - length;
        keep(chunk.subarray(0, offset));
        seal(pending, false);
        length = 0;
      }
      const rest = chunk.length - offset;
      if (length === 0 && rest >= least) {
        const run = full * Math.floor((rest - least + full) / full);
        seal(chunk.subarray(offset, offset + run), false);
        offset += run;
      }
      keep(chunk.subarray(offset));
    },
    rest: () => (pending ? pending.subarray(0, length) : new Uint8Array(0)),
    wipe() {
      if (pending) wipe(pending);
    },
  };
}

/**
 * The streaming sealer of version 1. The final segment is never empty unless the object is.
 * @param preamble bytes that go before the FLOE header
 */
export function createChunkSealer(
  engine: AeadEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  preamble: Uint8Array,
  parameters: FloeParameters = V1_PARAMETERS,
): ChunkSealer {
  const sealer = createSealer(engine, key, aad, parameters);
  const full = parameters.segmentLength - SEGMENT_OVERHEAD;
  const cutter = createCutter(full);
  let start: Uint8Array[] = [preamble, sealer.header];
  let closed = false;
  let plaintextLength = 0;
  let sealedLength = 0;
  const abort = () => {
    closed = true;
    sealer.close();
    cutter.wipe();
  };
  const checkOpen = () => {
    if (closed) throw sealError('seal/closed', 'the sealer is closed');
  };
  /** Collects parts: what waited at the start, then what `step` seals. */
  const gather = (step: (seal: Sealing) => void): Uint8Array[] => {
    checkOpen();
    const parts = start;
    start = [];
    step((plaintext, isFinal) => parts.push(...sealer.sealRun(plaintext, isFinal)));
    for (const part of parts) sealedLength += part.length;
    return parts;
  };
  /** The same into the caller's memory. */
  const fill = (out: Uint8Array, step: (seal: Sealing) => void): number => {
    checkOpen();
    let written = 0;
    for (const part of start) {
      out.set(part, written);
      written += part.length;
    }
    start = [];
    step((plaintext, isFinal) => {
      written += sealer.sealInto(plaintext, isFinal, out.subarray(written));
    });
    sealedLength += written;
    return written;
  };
  const take = (chunk: Uint8Array, more: boolean) => (seal: Sealing) => {
    plaintextLength += chunk.length;
    cutter.cut(chunk, more, seal);
  };
  const takeRest = (seal: Sealing) => {
    if (cutter.waiting === 0 && plaintextLength > 0) throw sealError('seal/bad-argument', 'promised bytes are missing');
    seal(cutter.rest(), true);
    abort();
  };
  return {
    get plaintextLength() {
      return plaintextLength;
    },
    get sealedLength() {
      return sealedLength;
    },
    outputLimit(chunkLength) {
      let limit = 0;
      for (const part of start) limit += part.length;
      const bytes = cutter.waiting + chunkLength;
      return limit + bytes + (Math.floor(bytes / full) + 1) * SEGMENT_OVERHEAD;
    },
    update: (chunk, more = false) => gather(take(chunk, more)),
    finish: () => gather(takeRest),
    updateInto: (chunk, out, more = false) => fill(out, take(chunk, more)),
    finishInto: (out) => fill(out, takeRest),
    abort,
  };
}
