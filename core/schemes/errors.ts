import { VitrineError } from '../errors.ts';

/**
 * Why a scheme of the Laboratory did not run. Closed list.
 *
 * - `schemes/parameter`: a parameter that the scheme doesn't have, or a value outside its range.
 * - `schemes/picture`: no picture, or none in a form that the Laboratory takes.
 * - `schemes/file`: a picture file that can't be read.
 * - `schemes/constant`: a picture all of whose samples are the same: nothing can be seen or measured.
 * - `schemes/too-small`, `schemes/too-large`: more or fewer pixels are needed.
 * - `schemes/depth`: a depth that the scheme doesn't take (details: `low`, `high`, `bits`).
 * - `schemes/key`: a key of another length than 32 bytes.
 * - `schemes/altered`: the envelope's tag doesn't fit: wrong key, other associated data, or an altered byte. Nothing of
 *   the scheme has run.
 * - `schemes/payload`: bytes that this scheme did not write.
 */
export type SchemesCode =
  | 'schemes/parameter'
  | 'schemes/picture'
  | 'schemes/file'
  | 'schemes/constant'
  | 'schemes/too-small'
  | 'schemes/too-large'
  | 'schemes/depth'
  | 'schemes/key'
  | 'schemes/altered'
  | 'schemes/payload';

/** Makes an error of the Laboratory. The message is a sentence without its full stop, and says what to do. */
export function schemesError(
  code: SchemesCode,
  message: string,
  details: Record<string, string | number | boolean> = {},
): VitrineError<SchemesCode> {
  return new VitrineError(code, message, { details });
}
