import { VitrineError } from '../errors.ts';

/**
 * Why a computation on encrypted data did not run. Closed list.
 *
 * - `private/series`: a file that holds no series: no rows, too many or too large, more than two columns, or no text.
 * - `private/series-date`: a row without a day of the calendar. `line` says which, here and in the next three.
 * - `private/series-number`: a row with text, or nothing, where a number belongs.
 * - `private/series-order`: a row that isn't later than the one before it.
 * - `private/series-gap`: a row that doesn't follow the one before it evenly: a gap, or a day twice.
 * - `private/series-short`: too few rows for the days that are to be forecast. `rows` there are, `needed` there must be.
 * - `private/series-flat`: all values before the days that are to be forecast are the same.
 * - `private/no-such-series`: a series that was read before and is forgotten: the vault was locked, or others came after it.
 * - `private/weights`: a weights file that is none, or of another network than the topology asked for.
 * - `private/range`: values that leave the range for which the arithmetic was planned. Exact integers would wrap silently.
 * - `private/noise`: no set of parameters at 128 bits of security carries the circuit.
 * - `private/evaluator`: the evaluating process ended or refused.
 * - `private/payload`: bytes that are no ciphertext or key of these parameters.
 * - `private/cancelled`: the caller gave up.
 */
export type PrivateCode =
  | 'private/series'
  | 'private/series-date'
  | 'private/series-number'
  | 'private/series-order'
  | 'private/series-gap'
  | 'private/series-short'
  | 'private/series-flat'
  | 'private/no-such-series'
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
