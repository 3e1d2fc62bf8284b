/**
 * Sealed objects. On disk: eight bytes that name the format and its version, then exactly one FLOE ciphertext. Each version
 * of the format is a folder (`v1/`); this file chooses it, and refuses what it doesn't know by a code of its own. Sealing
 * always uses the newest version.
 */
import { concatBytes, equalBytes, utf8 } from '../bytes.ts';
import type { AeadEngine } from './engine.ts';
import { sealError } from './errors.ts';
import type { ObjectContext, ObjectKey, RandomAccessSource } from './types.ts';
import { type ChunkSealer, createChunkSealer as createChunkSealerV1 } from './v1/chunk-sealer.ts';
import { objectContext } from './v1/context.ts';
import { createOpener } from './v1/floe.ts';
import { HEADER_LENGTH, V1_PARAMETERS } from './v1/format.ts';
import { ciphertextLength, layoutOf } from './v1/lengths.ts';
import { openReader, type SealedReader } from './v1/reader.ts';

export type { ChunkSealer } from './v1/chunk-sealer.ts';
export type { SealedReader } from './v1/reader.ts';

const MAGIC = utf8('VITRINE');
const VERSION = 1;
const PREAMBLE = concatBytes(MAGIC, new Uint8Array([VERSION]));

/** An object of up to this many bytes is read at once: waiting for a second and a third read would take longer. */
const WHOLE_LENGTH = 1024 * 1024;
/** The first read of a larger object: enough for preamble and header. */
const HEAD_LENGTH = 4096;

/** @throws VitrineError `seal/not-sealed`, `seal/unknown-version`, `seal/truncated` */
function checkPreamble(head: Uint8Array): void {
  const known = Math.min(head.length, MAGIC.length);
  if (!equalBytes(head.subarray(0, known), MAGIC.subarray(0, known)))
    throw sealError('seal/not-sealed', 'not a sealed object');
  const version = head[MAGIC.length];
  if (version === undefined) throw sealError('seal/truncated', 'shorter than its preamble');
  if (version !== VERSION)
    throw sealError('seal/unknown-version', 'sealed by another version', { details: { version } });
}

/** Bytes that the sealed object of `plaintext` bytes takes. */
export function sealedLength(plaintext: number): number {
  return PREAMBLE.length + ciphertextLength(plaintext, V1_PARAMETERS);
}

/**
 * Bytes of plaintext that a sealed object of `sealed` bytes holds, if it is whole. A claim: only an opened object's length
 * is authenticated.
 * @throws VitrineError `seal/truncated` for a length that no sealed object has
 */
export function plaintextLength(sealed: number): number {
  return layoutOf(sealed - PREAMBLE.length, V1_PARAMETERS).plaintextLength;
}

/** Seals a stream; see `ChunkSealer`. The key seals this one object and no other. */
export function createChunkSealer(engine: AeadEngine, key: ObjectKey, context: ObjectContext): ChunkSealer {
  return createChunkSealerV1(engine, key, objectContext(context), PREAMBLE);
}

/** What `createChunkSealer` seals with besides the key, for an engine that writes whole objects by itself. */
export function objectSealing(context: ObjectContext) {
  return { preamble: PREAMBLE, aad: objectContext(context), parameters: V1_PARAMETERS };
}

/** Seals bytes that are in memory. */
export function sealBytes(
  engine: AeadEngine,
  key: ObjectKey,
  context: ObjectContext,
  plaintext: Uint8Array,
): Uint8Array {
  const sealer = createChunkSealer(engine, key, context);
  return concatBytes(...sealer.update(plaintext), ...sealer.finish());
}

/**
 * Opens bytes that are in memory.
 * @throws VitrineError any code of `SealCode` but `closed` and `too-long`; nothing of the plaintext is given out then
 */
export function openBytes(engine: AeadEngine, key: ObjectKey, context: ObjectContext, sealed: Uint8Array): Uint8Array {
  checkPreamble(sealed);
  const floe = sealed.subarray(PREAMBLE.length);
  const opener = createOpener(engine, key, objectContext(context), floe.subarray(0, HEADER_LENGTH));
  try {
    const body = floe.subarray(HEADER_LENGTH);
    const { segments, plaintextLength: total } = layoutOf(floe.length, V1_PARAMETERS);
    if (segments === 1) return opener.openSegment(0, true, body);
    const plaintext = new Uint8Array(total);
    opener.openInto({ position: 0, isFinal: true, skip: 0 }, body, plaintext);
    return plaintext;
  } finally {
    opener.close();
  }
}

/**
 * Opens an object for random access. Header and final segment are verified before anything is given out, so that the
 * length of the plaintext is authenticated too.
 * @throws VitrineError `seal/not-sealed`, `seal/unknown-version`, `seal/unknown-parameters`, `seal/wrong-key`,
 *   `seal/altered`, `seal/truncated`
 */
export async function openObject(
  engine: AeadEngine,
  key: ObjectKey,
  context: ObjectContext,
  source: RandomAccessSource,
): Promise<SealedReader> {
  const aad = objectContext(context);
  const length = source.size <= WHOLE_LENGTH ? source.size : HEAD_LENGTH;
  const head = await source.read(0, length);
  if (head.length !== length) throw sealError('seal/truncated', 'the source ended early');
  checkPreamble(head);
  return openReader(engine, key, aad, { source, base: PREAMBLE.length, head });
}
