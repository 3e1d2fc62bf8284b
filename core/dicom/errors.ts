import { VitrineError } from '../errors.ts';

/**
 * Why a file was refused. Closed list; the renderer owns the wording.
 *
 * - `dicom/not-dicom`: neither a Part 10 file nor a dataset that could be read without its File Meta Information.
 * - `dicom/empty`: no bytes at all.
 * - `dicom/truncated`: the file ends inside an attribute.
 * - `dicom/value-length`: an attribute's length reaches beyond the end of the file, or its sequence can't be followed.
 * - `dicom/malformed`: the structure breaks in another way.
 * - `dicom/nesting`: sequences nested deeper than can be followed.
 * - `dicom/header-too-large`: over 64 MiB, or over a million attributes, before the pixels.
 * - `dicom/inflate-limit`: a deflated dataset that expands beyond the limit.
 * - `dicom/inflate-failed`: a deflated dataset whose deflate stream is damaged.
 * - `dicom/transfer-syntax`: a transfer syntax that Vitrine does not know.
 * - `dicom/no-identity`: SOP, Study or Series Instance UID is missing.
 * - `dicom/directory`: a DICOMDIR, which is an index and not an image.
 * - `dicom/dimensions`: Rows or Columns missing, zero, or more than the limit.
 * - `dicom/bits-allocated`: Bits Allocated is none of 1, 8, 16, 32, 64, or does not fit the pixel element.
 * - `dicom/samples`: Samples per Pixel does not fit the Photometric Interpretation.
 * - `dicom/frames`: Number of Frames is not a positive integer or is beyond the data.
 * - `dicom/pixels-short`: fewer pixel bytes than the header declares.
 * - `dicom/pixels-missing`: the header declares an image but there are no pixel bytes.
 * - `dicom/fragment-length`: a fragment's length reaches beyond the file, or something that is no item stands between.
 * - `dicom/codestream`: the compressed stream isn't what the transfer syntax says.
 * - `dicom/codestream-size`: the compressed stream declares another size than the header.
 * - `dicom/decode`: the compressed stream is damaged; found when the frame is decoded.
 */
export type DicomCode =
  | 'dicom/not-dicom'
  | 'dicom/empty'
  | 'dicom/truncated'
  | 'dicom/value-length'
  | 'dicom/malformed'
  | 'dicom/nesting'
  | 'dicom/header-too-large'
  | 'dicom/inflate-limit'
  | 'dicom/inflate-failed'
  | 'dicom/transfer-syntax'
  | 'dicom/no-identity'
  | 'dicom/directory'
  | 'dicom/dimensions'
  | 'dicom/bits-allocated'
  | 'dicom/samples'
  | 'dicom/frames'
  | 'dicom/pixels-short'
  | 'dicom/pixels-missing'
  | 'dicom/fragment-length'
  | 'dicom/codestream'
  | 'dicom/codestream-size'
  | 'dicom/decode';

/**
 * What is odd about a file that is opened all the same. Shown beside the image.
 *
 * - `dicom/no-preamble`: the dataset starts without preamble or File Meta Information; its syntax was found by trying.
 * - `dicom/meta-damaged`: File Meta Information without its transfer syntax, or with a wrong group length.
 * - `dicom/out-of-order`: attributes are not in ascending order.
 * - `dicom/repeated-attribute`: an attribute occurs twice; the last value counts.
 * - `dicom/undelimited`: a sequence or fragment list is never closed.
 * - `dicom/invalid-vr`: an attribute has a value representation that DICOM doesn't know.
 * - `dicom/invalid-value`: a value is not of its value representation (a number that isn't one).
 * - `dicom/unknown-charset`: text in a character set that isn't known; read as ISO-8859-1.
 * - `dicom/nesting-cut`: sequences deeper than 64 levels were left out.
 * - `dicom/high-bit`: High Bit or Bits Stored doesn't fit Bits Allocated.
 * - `dicom/rescale`: Rescale Slope or Intercept is not a number: the other is applied, and values have no unit.
 * - `dicom/spacing`: Pixel Spacing is not positive: no measurements in millimetres.
 * - `dicom/pixel-length`: the pixel element's length differs from the declared image; the image is complete.
 * - `dicom/data-after-pixels`: something other than padding follows the pixels and was not read.
 * - `dicom/frame-count`: fragments can't be told apart into the declared number of frames.
 * - `dicom/offset-table`: the Basic or Extended Offset Table contradicts the fragments and was not used.
 * - `dicom/stream-bits`: the compressed stream's own precision or sign differs from the header.
 * - `dicom/stream-damaged`: a frame could not be decoded.
 * - `dicom/pixels-doubtful`: a frame could be decoded, to values that the header rules out or with a complaint of the decoder.
 */
export type DicomWarning =
  | 'dicom/no-preamble'
  | 'dicom/meta-damaged'
  | 'dicom/out-of-order'
  | 'dicom/repeated-attribute'
  | 'dicom/undelimited'
  | 'dicom/invalid-vr'
  | 'dicom/invalid-value'
  | 'dicom/unknown-charset'
  | 'dicom/nesting-cut'
  | 'dicom/high-bit'
  | 'dicom/rescale'
  | 'dicom/spacing'
  | 'dicom/pixel-length'
  | 'dicom/data-after-pixels'
  | 'dicom/frame-count'
  | 'dicom/offset-table'
  | 'dicom/stream-bits'
  | 'dicom/stream-damaged'
  | 'dicom/pixels-doubtful';

/** A refusal of this stage. `details` holds counts, limits and tags, never values. */
export function dicomError(
  code: DicomCode,
  message: string,
  details: Record<string, string | number | boolean> = {},
  cause?: unknown,
): VitrineError<DicomCode> {
  return new VitrineError(code, message, cause === undefined ? { details } : { details, cause });
}
