import { wipe } from '../../bytes.ts';
import type { AeadEngine } from '../engine.ts';
import { sealError } from '../errors.ts';
import { createSealer, type FloeParameters, SEGMENT_OVERHEAD, V1_PARAMETERS } from './floe.ts';

/** Seals a stream whose length isn't known beforehand, in chunks of any size, within the memory of one segment. */
export interface ChunkSealer {
  /** Bytes taken so far. */
  readonly plaintextLength: number;
  /** Bytes given so far; after `finish` the length of the object. */
  readonly sealedLength: number;
  /**
   * Takes the next bytes. The chunk may be reused afterwards.
   * @returns parts to be written in order, maybe none; their memory is the caller's
   */
  update(chunk: Uint8Array): Uint8Array[];
  /** Seals what is left as the final segment and closes. @returns the last parts */
  finish(): Uint8Array[];
  /** Gives up: wipes keys and plaintext. Harmless after `finish`. */
  abort(): void;
}

/**
 * The streaming sealer of version 1. A full segment waits until more bytes come, because only the end says which segment
 * is final; so the final segment is never empty unless the object is.
 * @param preamble bytes that go before the FLOE header
 */
export function createChunkSealer(
  engine: AeadEngine,
  key: Uint8Array,
  aad: Uint8Array,
  preamble: Uint8Array,
  parameters: FloeParameters = V1_PARAMETERS,
): ChunkSealer {
  const sealer = createSealer(engine, key, aad, parameters);
  const full = parameters.segmentLength - SEGMENT_OVERHEAD;
  let pending: Uint8Array | null = null;
  let pendingLength = 0;
  let start: Uint8Array[] = [preamble, sealer.header];
  let closed = false;
  let plaintextLength = 0;
  let sealedLength = 0;
  const give = (parts: Uint8Array[]) => {
    const all = start.length === 0 ? parts : [...start, ...parts];
    start = [];
    for (const part of all) sealedLength += part.length;
    return all;
  };
  const abort = () => {
    closed = true;
    sealer.close();
    if (pending) wipe(pending);
  };
  const keep = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    pending ??= new Uint8Array(full);
    pending.set(bytes, pendingLength);
    pendingLength += bytes.length;
  };
  /** What fills up the waiting segment; the rest of the chunk is sealed where it lies. */
  const sealChunk = (chunk: Uint8Array, parts: Uint8Array[]) => {
    let offset = 0;
    if (pending && pendingLength > 0 && pendingLength + chunk.length > full) {
      offset = full - pendingLength;
      keep(chunk.subarray(0, offset));
      parts.push(...sealer.sealSegment(pending, false));
      pendingLength = 0;
    }
    for (; pendingLength === 0 && chunk.length - offset > full; offset += full)
      parts.push(...sealer.sealSegment(chunk.subarray(offset, offset + full), false));
    keep(chunk.subarray(offset));
  };
  return {
    get plaintextLength() {
      return plaintextLength;
    },
    get sealedLength() {
      return sealedLength;
    },
    update(chunk) {
      if (closed) throw sealError('seal/closed', 'the sealer is closed');
      plaintextLength += chunk.length;
      const parts: Uint8Array[] = [];
      sealChunk(chunk, parts);
      return give(parts);
    },
    finish() {
      if (closed) throw sealError('seal/closed', 'the sealer is closed');
      const parts = sealer.sealSegment(pending ? pending.subarray(0, pendingLength) : new Uint8Array(0), true);
      abort();
      return give(parts);
    },
    abort,
  };
}
