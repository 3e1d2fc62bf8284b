import { inflateRawSync } from 'node:zlib';
import { dicomError } from '../../core/dicom/errors.ts';

/** The platform's inflater with an output limit: what core/dicom asks for as `InflateRaw`. */
export function inflateRawLimited(deflated: Uint8Array, maxOut: number): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength: maxOut });
  } catch (error) {
    if (error instanceof RangeError) {
      throw dicomError('dicom/inflate-limit', 'the dataset expands beyond the limit', { limit: maxOut }, error);
    }
    throw dicomError('dicom/inflate-failed', 'the deflate stream is damaged', {}, error);
  }
}
