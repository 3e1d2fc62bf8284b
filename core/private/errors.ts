import { VitrineError } from '../errors.ts';

/**
 * Why a computation on encrypted data did not run. Closed list.
 *
 * - `private/series`: a series with gaps, text, too few rows, or all of one value.
 * - `private/weights`: a weights file that is none, or of another network than the topology asked for.
 * - `private/range`: values that leave the range for which the arithmetic was planned. Exact integers would wrap silently.
 * - `private/noise`: no set of parameters at 128 bits of security carries the circuit.
 * - `private/evaluator`: the evaluating process ended or refused.
 * - `private/payload`: bytes that are no ciphertext or key of these parameters.
 * - `private/cancelled`: the caller gave up.
 */
export type PrivateCode =
  | 'private/series'
  | 'private/weights'
  | 'private/range'
  | 'private/noise'
  | 'private/evaluator'
  | 'private/payload'
  | 'private/cancelled';

/** Makes an error of private inference. The message is a sentence without its full stop, says what to do, and holds no value. */
export function privateError(
  code: PrivateCode,
  message: string,
  details: Record<string, string | number | boolean> = {},
): VitrineError<PrivateCode> {
  return new VitrineError(code, message, { details });
}
