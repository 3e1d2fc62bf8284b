/** What the FLOE vector tests share: given IVs, and FLOE ciphertexts opened in every way that there is. */

import { readdirSync, readFileSync } from 'node:fs';
import { fromHex, utf8 } from '../../core/bytes.ts';
import type { AeadEngine, FloeParameters, RandomFill } from '../../core/seal/engine.ts';
import type { RandomAccessSource } from '../../core/seal/types.ts';
import { createChunkSealer } from '../../core/seal/v1/chunk-sealer.ts';
import { HEADER_LENGTH } from '../../core/seal/v1/format.ts';
import { openReader, type SealedReader } from '../../core/seal/v1/reader.ts';

/** Key and associated data of the published vectors. */
export const PUBLISHED_KEY = new Uint8Array(32);
export const PUBLISHED_AAD = utf8('This is AAD');

/** The name says which parameters; `rotation` is mask ~3 in the reference code: a new AES key every 2^2 segments. */
function parametersOf(name: string): FloeParameters {
  if (name.includes('rotation')) return { segmentLength: 40, rotationMask: 2 };
  if (name.includes('lastSeg')) return { segmentLength: 40, rotationMask: 20 };
  return { segmentLength: name.includes('_4K') ? 4096 : 64, rotationMask: 20 };
}

/** A published known answer. */
export interface PublishedVector {
  name: string;
  parameters: FloeParameters;
  plaintext: Uint8Array;
  ciphertext: Uint8Array;
}

/** The known answers in a folder as Snowflake-Labs/floe-specification keeps them (`kats`). */
export function publishedVectors(from: string): PublishedVector[] {
  const names = readdirSync(from).filter((file) => file.endsWith('_ct.txt'));
  const bytes = (file: string) => fromHex(readFileSync(`${from}/${file}`, 'utf8').trim());
  return names.map((file) => {
    const name = file.slice(0, -'_ct.txt'.length);
    return {
      name,
      parameters: parametersOf(name),
      plaintext: bytes(`${name}_pt.txt`),
      ciphertext: bytes(file),
    };
  });
}

/** Gives `bytes` out in order, then zeros: a pool may draw more than a message uses. */
export function fixedRandom(bytes: Uint8Array): RandomFill {
  let used = 0;
  return (out) => {
    out.fill(0);
    out.set(bytes.subarray(used, used + out.length));
    used += out.length;
  };
}

/** FLOE IV and segment IVs of a ciphertext, in the order in which sealing draws them. */
export function ivsOf(ciphertext: Uint8Array, segmentLength: number): Uint8Array {
  const ivs: number[] = [...ciphertext.subarray(10, 42)];
  for (let at = HEADER_LENGTH; at < ciphertext.length; at += segmentLength)
    ivs.push(...ciphertext.subarray(at + 4, at + 16));
  return new Uint8Array(ivs);
}

function bufferSource(bytes: Uint8Array): RandomAccessSource {
  return { size: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) };
}

/** A bare FLOE ciphertext (no preamble) as a reader. */
export function openFloe(
  engine: AeadEngine,
  key: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  parameters: FloeParameters,
): Promise<SealedReader> {
  const started = { source: bufferSource(ciphertext), base: 0, head: ciphertext.slice(0, HEADER_LENGTH) };
  return openReader(engine, key, aad, started, parameters);
}

export async function openWhole(reader: SealedReader): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of reader.chunks()) parts.push(part.slice());
  return new Uint8Array(Buffer.concat(parts));
}

/** Seals in chunks of `size` bytes. */
export function sealStreamed(
  engine: AeadEngine,
  key: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  parameters: FloeParameters,
  size: number,
): Uint8Array {
  const sealer = createChunkSealer(engine, key, aad, new Uint8Array(0), parameters);
  const parts: Uint8Array[] = [];
  const chunk = new Uint8Array(size);
  for (let at = 0; at < plaintext.length; at += size) {
    const length = Math.min(size, plaintext.length - at);
    chunk.set(plaintext.subarray(at, at + length));
    parts.push(...sealer.update(chunk.subarray(0, length)));
  }
  parts.push(...sealer.finish());
  return new Uint8Array(Buffer.concat(parts));
}
