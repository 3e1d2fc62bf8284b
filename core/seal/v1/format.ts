/** The numbers, shapes and checks of FLOE version 1 that both ways of sealing share: by segment and in bulk. */
import { bigEndian, concatBytes, equalBytes } from '../../bytes.ts';
import type { FloeParameters, Run } from '../engine.ts';
import { sealError } from '../errors.ts';
import type { KeyMaterial } from '../types.ts';

/**
 * Version 1 seals in segments of 128 KiB. Measured with the platform engine on one thread, GB/s, median of 5 over 1 GiB:
 *
 * | segment | Electron 33.2: seal | open | 512 KiB at random | Node 20.20: seal | open | 512 KiB at random |
 * |---------|---------------------|------|-------------------|------------------|------|-------------------|
 * |  64 KiB | 1.18                | 1.18 | 0.71              | 1.81             | 1.92 | 1.45              |
 * | 128 KiB | 1.40                | 1.37 | 0.82              | 2.06             | 2.37 | 1.44              |
 * | 256 KiB | 1.50                | 1.51 | 0.62              | 2.19             | 2.30 | 1.30              |
 *
 * 256 KiB is a little faster when everything is read and much slower when one frame is, because more is opened than was
 * asked for. All of them are 0.95 to 1.05 of plain AES-256-GCM through node:crypto at the same segment length.
 */
export const V1_PARAMETERS: FloeParameters = { segmentLength: 128 * 1024, rotationMask: 20 };

/** FLOE_IV_LEN. */
export const FLOE_IV_LENGTH = 32;
/** AEAD_IV_LEN of AES-256-GCM. */
export const AEAD_IV_LENGTH = 12;
/** AEAD_TAG_LEN of AES-256-GCM. */
export const AEAD_TAG_LENGTH = 16;
/** Length field and IV before each ciphertext. */
export const SEGMENT_PREFIX_LENGTH = 4 + AEAD_IV_LENGTH;
/** AEAD_MAX_SEGMENTS. */
export const MAX_SEGMENTS = 2 ** 40;
/** The length field of every segment but the final one. */
export const NOT_FINAL = 0xffffffff;
/** HEADER_TAG. */
export const HEADER_TAG_LENGTH = 32;
const PARAMETERS_LENGTH = 10;

/** Bytes of every FLOE key. */
export const KEY_LENGTH = 32;
/** Bytes that a segment is longer than its plaintext: length field, IV, tag. */
export const SEGMENT_OVERHEAD = SEGMENT_PREFIX_LENGTH + AEAD_TAG_LENGTH;
/** Bytes of a FLOE header: parameters, IV, header tag. */
export const HEADER_LENGTH = PARAMETERS_LENGTH + FLOE_IV_LENGTH + HEADER_TAG_LENGTH;

/** Seals segments in their order. */
export interface FloeSealer {
  /** The 74 bytes before the first segment. */
  readonly header: Uint8Array;
  /**
   * Seals the next segment. All but the last are full (`segmentLength - 32` bytes); the last may be shorter, even empty.
   * @returns the parts of the sealed segment, to be written in order
   */
  sealSegment(plaintext: Uint8Array, isFinal: boolean): Uint8Array[];
  /**
   * Seals full segments, and as the last of a final run what is left (nothing only when the run is empty).
   * @returns parts in fresh memory, to be written in order
   */
  sealRun(plaintext: Uint8Array, isFinal: boolean): Uint8Array[];
  /** The same into `out`. @returns bytes written */
  sealInto(plaintext: Uint8Array, isFinal: boolean, out: Uint8Array): number;
  /** Wipes the keys. Called by itself after the final segment. */
  close(): void;
}

/** Opens segments in any order. */
export interface FloeOpener {
  /**
   * Opens one segment. The caller knows from the object's length which segment is final, and trusts that length only
   * after the final segment was opened as such.
   * @returns the plaintext in fresh memory
   * @throws VitrineError `seal/altered`, `seal/truncated`
   */
  openSegment(position: number, isFinal: boolean, segment: Uint8Array): Uint8Array;
  /**
   * Opens whole segments and fills `out` with the part of their plaintext that `run` names. After an error nothing of it
   * is left in `out`.
   * @throws as `openSegment`
   */
  openInto(run: Run, sealed: Uint8Array, out: Uint8Array): void;
  /** True: `openInto` writes to `out` directly. False: it opens segment by segment and copies. */
  readonly isBulk: boolean;
  /** Wipes the keys. */
  close(): void;
}

/** @throws VitrineError unless the parameters leave room for a plaintext. */
export function checkParameters(parameters: FloeParameters, key: KeyMaterial): void {
  const { segmentLength, rotationMask } = parameters;
  if (!Number.isInteger(segmentLength) || segmentLength <= SEGMENT_OVERHEAD || segmentLength >= NOT_FINAL)
    throw sealError('seal/bad-argument', 'segment length out of range');
  if (!Number.isInteger(rotationMask) || rotationMask < 0 || rotationMask > 40)
    throw sealError('seal/bad-argument', 'rotation mask out of range');
  if (key instanceof Uint8Array && key.length !== KEY_LENGTH)
    throw sealError('seal/bad-argument', 'a FLOE key has 32 bytes');
}

/** PARAM_ENCODE. */
export function encodeParameters(parameters: FloeParameters): Uint8Array {
  const aeadAndKdf = new Uint8Array([0, 0]);
  return concatBytes(aeadAndKdf, bigEndian(parameters.segmentLength, 4), bigEndian(FLOE_IV_LENGTH, 4));
}

/** Checks a header and gives its FLOE IV. */
export function readHeader(header: Uint8Array, parameters: FloeParameters): { floeIv: Uint8Array; tag: Uint8Array } {
  if (header.length !== HEADER_LENGTH) throw sealError('seal/truncated', 'a FLOE header has 74 bytes');
  if (!equalBytes(header.subarray(0, PARAMETERS_LENGTH), encodeParameters(parameters)))
    throw sealError('seal/unknown-parameters', 'FLOE parameters of another kind');
  const tagStart = PARAMETERS_LENGTH + FLOE_IV_LENGTH;
  return { floeIv: header.subarray(PARAMETERS_LENGTH, tagStart), tag: header.subarray(tagStart) };
}

/** The length field, read as a claim: which error fits is said by it, whether the segment is right only by the tag. */
export function checkSegmentLength(
  segment: Uint8Array,
  position: number,
  isFinal: boolean,
  segmentLength: number,
): void {
  const fits = isFinal
    ? segment.length >= SEGMENT_OVERHEAD && segment.length <= segmentLength
    : segment.length === segmentLength;
  if (!fits) throw sealError('seal/truncated', 'segment of an impossible length', { details: { segment: position } });
  const claimed = new DataView(segment.buffer, segment.byteOffset, 4).getUint32(0);
  if (claimed === (isFinal ? segment.length : NOT_FINAL)) return;
  if (isFinal && claimed > segment.length)
    throw sealError('seal/truncated', 'the object ends too early', { details: { segment: position } });
  throw sealError('seal/altered', 'segment of another length', { details: { segment: position } });
}

/** Lengths of the pieces that a run's plaintext is cut into: full ones, then what is left of a final run. */
export function pieceLengths(length: number, isFinal: boolean, parameters: FloeParameters): number[] {
  const full = parameters.segmentLength - SEGMENT_OVERHEAD;
  if (!isFinal && length % full !== 0)
    throw sealError('seal/bad-argument', 'plaintext of a wrong length for a segment');
  const pieces: number[] = new Array(Math.floor(length / full)).fill(full);
  if (isFinal && (length === 0 || length % full !== 0)) pieces.push(length % full);
  return pieces;
}

/** Every segment of a run with its position, and whether it is final; their lengths are checked as claims. */
export function* segmentsOf(
  run: Run,
  sealed: Uint8Array,
  segmentLength: number,
): Generator<{ position: number; isFinal: boolean; segment: Uint8Array }> {
  const count = Math.max(1, Math.ceil(sealed.length / segmentLength));
  if (!Number.isInteger(run.position) || run.position < 0 || run.position + count > MAX_SEGMENTS)
    throw sealError('seal/out-of-range', 'no such segment');
  for (let n = 0; n < count; n++) {
    const position = run.position + n;
    const isFinal = run.isFinal && n === count - 1;
    const segment = sealed.subarray(n * segmentLength, (n + 1) * segmentLength);
    checkSegmentLength(segment, position, isFinal, segmentLength);
    yield { position, isFinal, segment };
  }
}
