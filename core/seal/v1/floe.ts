/**
 * FLOE: random-access, key-committing authenticated encryption (https://c2sp.org/FLOE, https://eprint.iacr.org/2025/2275)
 * with AES-256-GCM and HKDF-Expand-SHA-384. This file is the scheme itself: a header and numbered segments, by an engine
 * that knows AES only; one that knows FLOE is asked through `bulk.ts`. What reads and writes whole objects stands in
 * `chunk-sealer.ts` and `reader.ts`. `test/reference/floe.ts` is its slow, literal twin.
 */
import { bigEndian, concatBytes, equalBytes, utf8, wipe } from '../../bytes.ts';
import type { AeadEngine, FloeParameters } from '../engine.ts';
import { sealError } from '../errors.ts';
import { keyBytes } from '../held-key.ts';
import type { KeyMaterial } from '../types.ts';
import { createBulkOpener, createBulkSealer } from './bulk.ts';
import {
  AEAD_IV_LENGTH,
  AEAD_TAG_LENGTH,
  checkParameters,
  checkSegmentLength,
  encodeParameters,
  FLOE_IV_LENGTH,
  type FloeOpener,
  type FloeSealer,
  HEADER_TAG_LENGTH,
  KEY_LENGTH,
  MAX_SEGMENTS,
  NOT_FINAL,
  pieceLengths,
  readHeader,
  SEGMENT_OVERHEAD,
  SEGMENT_PREFIX_LENGTH,
  segmentsOf,
  V1_PARAMETERS,
} from './format.ts';

/** What sealing and opening share: FLOE_KDF and the current AES key. */
interface Schedule {
  headerTag: Uint8Array;
  /** DERIVE_KEY. The answer is good until the next call. */
  segmentKey(position: number): Uint8Array;
  close(): void;
}

function createSchedule(
  engine: AeadEngine,
  key: Uint8Array,
  aad: Uint8Array,
  iv: Uint8Array,
  parameters: FloeParameters,
): Schedule {
  const prefix = concatBytes(encodeParameters(parameters), iv);
  const derive = (from: Uint8Array, purpose: Uint8Array, length: number) =>
    engine.hkdfExpandSha384(from, concatBytes(prefix, purpose, aad), length);
  const messageKey = derive(key, utf8('MESSAGE_KEY:'), 48);
  const window = 2 ** parameters.rotationMask;
  const purpose = utf8('DEK:');
  let current: Uint8Array = new Uint8Array(0);
  let currentStart = -1;
  return {
    headerTag: derive(key, utf8('HEADER_TAG:'), HEADER_TAG_LENGTH),
    segmentKey(position) {
      const start = position - (position % window);
      if (start !== currentStart) {
        wipe(current);
        current = derive(messageKey, concatBytes(purpose, bigEndian(start, 8)), KEY_LENGTH);
        currentStart = start;
      }
      return current;
    },
    close: () => wipe(messageKey, current),
  };
}

/** I2BE(position, 8) || is-final, written into the same nine bytes each time. */
function writeSegmentAad(out: DataView, position: number, isFinal: boolean): void {
  out.setUint32(0, Math.floor(position / 2 ** 32));
  out.setUint32(4, position % 2 ** 32);
  out.setUint8(8, isFinal ? 1 : 0);
}

/**
 * Draws IVs from one pool instead of asking the machine for twelve bytes at a time. The first pool holds the FLOE IV and
 * two segment IVs, enough for most objects. The bytes are used in the order in which they were drawn, all of them.
 */
function createIvPool(engine: AeadEngine): (length: number) => Uint8Array {
  let pool = new Uint8Array(FLOE_IV_LENGTH + 2 * AEAD_IV_LENGTH);
  let used = 0;
  engine.randomFill(pool);
  return (length) => {
    if (used === pool.length) {
      if (pool.length !== 256 * AEAD_IV_LENGTH) pool = new Uint8Array(256 * AEAD_IV_LENGTH);
      engine.randomFill(pool);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}

/** startOnlineEncryption, encryptOnlineSegment, encryptLastSegment. */
export function createSealer(
  engine: AeadEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  parameters: FloeParameters = V1_PARAMETERS,
): FloeSealer {
  checkParameters(parameters, key);
  if (engine.bulk) return createBulkSealer(engine.bulk, key, aad, parameters);
  const fullLength = parameters.segmentLength - SEGMENT_OVERHEAD;
  const drawIv = createIvPool(engine);
  const floeIv = drawIv(FLOE_IV_LENGTH);
  const schedule = createSchedule(engine, keyBytes(key), aad, floeIv, parameters);
  const segmentAad = new Uint8Array(9);
  const segmentAadView = new DataView(segmentAad.buffer);
  let position = 0;
  let closed = false;
  const close = () => {
    closed = true;
    schedule.close();
  };
  const sealSegment = (plaintext: Uint8Array, isFinal: boolean): Uint8Array[] => {
    if (closed) throw sealError('seal/closed', 'the sealer is closed');
    if (isFinal ? plaintext.length > fullLength : plaintext.length !== fullLength)
      throw sealError('seal/bad-argument', 'plaintext of a wrong length for a segment');
    if (!isFinal && position === MAX_SEGMENTS - 1) throw sealError('seal/too-long', 'too many segments');
    writeSegmentAad(segmentAadView, position, isFinal);
    const prefix = new Uint8Array(SEGMENT_PREFIX_LENGTH);
    new DataView(prefix.buffer).setUint32(0, isFinal ? plaintext.length + SEGMENT_OVERHEAD : NOT_FINAL);
    prefix.set(drawIv(AEAD_IV_LENGTH), 4);
    const sealed = engine.sealSegment(schedule.segmentKey(position), prefix.subarray(4), segmentAad, plaintext);
    position++;
    if (isFinal) close();
    return [prefix, ...sealed];
  };
  const header = concatBytes(encodeParameters(parameters), floeIv, schedule.headerTag);
  return { header, close, sealSegment, ...runsBySegment(sealSegment, parameters) };
}

/** Runs, made of single segments. */
function runsBySegment(
  sealSegment: FloeSealer['sealSegment'],
  parameters: FloeParameters,
): Pick<FloeSealer, 'sealRun' | 'sealInto'> {
  const sealRun = (plaintext: Uint8Array, isFinal: boolean): Uint8Array[] => {
    const pieces = pieceLengths(plaintext.length, isFinal, parameters);
    let at = 0;
    return pieces.flatMap((length, n) => {
      at += length;
      return sealSegment(plaintext.subarray(at - length, at), isFinal && n === pieces.length - 1);
    });
  };
  return {
    sealRun,
    sealInto(plaintext, isFinal, out) {
      let written = 0;
      for (const part of sealRun(plaintext, isFinal)) {
        out.set(part, written);
        written += part.length;
      }
      return written;
    },
  };
}

/**
 * startDecryption and decryptSegment.
 * @throws VitrineError `seal/wrong-key`, `seal/unknown-parameters`, `seal/truncated`
 */
export function createOpener(
  engine: AeadEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  header: Uint8Array,
  parameters: FloeParameters = V1_PARAMETERS,
): FloeOpener {
  checkParameters(parameters, key);
  const { floeIv, tag } = readHeader(header, parameters);
  if (engine.bulk) return createBulkOpener(engine.bulk, key, aad, header, parameters);
  const schedule = createSchedule(engine, keyBytes(key), aad, floeIv, parameters);
  if (!equalBytes(schedule.headerTag, tag)) {
    schedule.close();
    throw sealError('seal/wrong-key', 'the header tag does not fit key and context');
  }
  const segmentAad = new Uint8Array(9);
  const segmentAadView = new DataView(segmentAad.buffer);
  let closed = false;
  const openSegment = (position: number, isFinal: boolean, segment: Uint8Array): Uint8Array => {
    if (closed) throw sealError('seal/closed', 'the opener is closed');
    if (!Number.isInteger(position) || position < 0 || position >= MAX_SEGMENTS)
      throw sealError('seal/out-of-range', 'no such segment');
    checkSegmentLength(segment, position, isFinal, parameters.segmentLength);
    writeSegmentAad(segmentAadView, position, isFinal);
    const tagStart = segment.length - AEAD_TAG_LENGTH;
    const plaintext = engine.openSegment(
      schedule.segmentKey(position),
      segment.subarray(4, SEGMENT_PREFIX_LENGTH),
      segmentAad,
      segment.subarray(SEGMENT_PREFIX_LENGTH, tagStart),
      segment.subarray(tagStart),
    );
    if (!plaintext) throw sealError('seal/altered', 'segment altered', { details: { segment: position } });
    return plaintext;
  };
  return {
    close() {
      closed = true;
      schedule.close();
    },
    openSegment,
    isBulk: false,
    openInto: openIntoBySegment(openSegment, parameters),
  };
}

/** A run, made of single segments. */
function openIntoBySegment(openSegment: FloeOpener['openSegment'], parameters: FloeParameters): FloeOpener['openInto'] {
  return (run, sealed, out) => {
    let { skip } = run;
    let filled = 0;
    try {
      for (const { position, isFinal, segment } of segmentsOf(run, sealed, parameters.segmentLength)) {
        const plaintext = openSegment(position, isFinal, segment);
        const piece = plaintext.subarray(skip, skip + out.length - filled);
        out.set(piece, filled);
        filled += piece.length;
        skip = Math.max(0, skip - plaintext.length);
      }
      if (filled < out.length) throw sealError('seal/bad-argument', 'more is wanted than the run holds');
    } catch (error) {
      wipe(out);
      throw error;
    }
  };
}
