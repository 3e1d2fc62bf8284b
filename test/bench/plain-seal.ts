/**
 * `core/seal/seal.ts` without the seal: objects on the disk are the plain files. Bundled in its place it makes the same
 * application on plain files, the peer of the benchmark `first-image`. Never part of the product.
 */
import { concatBytes } from '../../core/bytes.ts';
import type { ChunkSealer, SealedReader } from '../../core/seal/seal.ts';
import type { RandomAccessSource } from '../../core/seal/types.ts';

export type { ChunkSealer, SealedReader } from '../../core/seal/seal.ts';

const CHUNK = 4 * 1024 * 1024;

export function sealedLength(plaintext: number): number {
  return plaintext;
}

export function plaintextLength(sealed: number): number {
  return sealed;
}

export function createChunkSealer(): ChunkSealer {
  let taken = 0;
  return {
    get plaintextLength() {
      return taken;
    },
    get sealedLength() {
      return taken;
    },
    update(chunk) {
      taken += chunk.length;
      return [chunk.slice()];
    },
    finish: () => [],
    outputLimit: (length) => length,
    updateInto(chunk, out) {
      taken += chunk.length;
      out.set(chunk);
      return chunk.length;
    },
    finishInto: () => 0,
    abort: () => undefined,
  };
}

/** Never asked for: an engine that writes whole objects by itself is left out of the plain application too. */
export function objectSealing(): never {
  throw new Error('the plain application has no sealing engine');
}

export function sealBytes(_engine: unknown, _key: unknown, _context: unknown, plaintext: Uint8Array): Uint8Array {
  return concatBytes(plaintext);
}

export function openBytes(_engine: unknown, _key: unknown, _context: unknown, sealed: Uint8Array): Uint8Array {
  return sealed;
}

export async function openObject(
  _engine: unknown,
  _key: unknown,
  _context: unknown,
  source: RandomAccessSource,
): Promise<SealedReader> {
  return {
    length: source.size,
    read: (offset, length) => source.read(offset, length),
    async readInto(offset, out) {
      out.set(await source.read(offset, out.length));
    },
    async *chunks() {
      for (let at = 0; at < source.size; at += CHUNK) yield await source.read(at, Math.min(CHUNK, source.size - at));
    },
    close: () => undefined,
  };
}
