import { VitrineError } from '../errors.ts';

/**
 * Why a sealed object wasn't opened (or sealed). The list is closed; the renderer owns the wording.
 *
 * - `seal/not-sealed`: the bytes don't begin as a sealed object does.
 * - `seal/unknown-version`: sealed by a newer Vitrine; details: `version`.
 * - `seal/unknown-parameters`: a FLOE header of another AEAD, KDF or segment length than the version's.
 * - `seal/wrong-key`: the header tag doesn't fit: another key, another context (vault, study, object, kind, version) or
 *   an altered header. FLOE commits to key and context, so the three look alike on purpose.
 * - `seal/altered`: a segment isn't what was sealed at this position; details: `segment`.
 * - `seal/truncated`: the object is shorter than any sealed object can be, or was cut while it was read.
 * - `seal/out-of-range`: the caller asked for bytes outside of the plaintext.
 * - `seal/too-long`: more segments than FLOE allows.
 * - `seal/closed`: the sealer or reader was used after its end.
 * - `seal/bad-argument`: a key, context or buffer of the wrong shape: a programming error.
 */
export type SealCode =
  | 'seal/not-sealed'
  | 'seal/unknown-version'
  | 'seal/unknown-parameters'
  | 'seal/wrong-key'
  | 'seal/altered'
  | 'seal/truncated'
  | 'seal/out-of-range'
  | 'seal/too-long'
  | 'seal/closed'
  | 'seal/bad-argument';

/** Makes an error of this stage. */
export function sealError(
  code: SealCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<SealCode> {
  return new VitrineError(code, message, options);
}
