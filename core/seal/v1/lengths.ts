import type { FloeParameters } from '../engine.ts';
import { sealError } from '../errors.ts';
import { HEADER_LENGTH, SEGMENT_OVERHEAD } from './format.ts';

/** Where the segments of an object stand and how much plaintext they hold; all from its length alone. */
export interface Layout {
  /** Segments, the final one included; at least 1. */
  readonly segments: number;
  /** Bytes of the final segment, its overhead included. */
  readonly finalLength: number;
  /** Bytes of plaintext. */
  readonly plaintextLength: number;
}

/** Length of the FLOE ciphertext of `plaintextLength` bytes as the chunk sealer writes it. */
export function ciphertextLength(plaintextLength: number, parameters: FloeParameters): number {
  const perSegment = parameters.segmentLength - SEGMENT_OVERHEAD;
  const segments = Math.max(1, Math.ceil(plaintextLength / perSegment));
  return HEADER_LENGTH + segments * SEGMENT_OVERHEAD + plaintextLength;
}

/**
 * Layout of a FLOE ciphertext. It is a claim until the final segment was opened as final.
 * @throws VitrineError `seal/truncated` for a length that no FLOE ciphertext has
 */
export function layoutOf(length: number, parameters: FloeParameters): Layout {
  const body = length - HEADER_LENGTH;
  const segments = Math.ceil(body / parameters.segmentLength);
  const finalLength = body - (segments - 1) * parameters.segmentLength;
  if (body < SEGMENT_OVERHEAD || finalLength < SEGMENT_OVERHEAD)
    throw sealError('seal/truncated', 'no sealed object has this length');
  return { segments, finalLength, plaintextLength: body - segments * SEGMENT_OVERHEAD };
}
