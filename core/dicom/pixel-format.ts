import { dicomError } from './errors.ts';
import type { DicomHeader, ImageSummary, PixelFormat } from './types.ts';

const COLOUR = /^(RGB|YBR_|ARGB|HSV|CMYK)/;
const ALLOCATED: ReadonlySet<number> = new Set([1, 8, 16, 32, 64]);

/** The attributes that describe an image's pixels, from wherever they were read. */
export interface ImageAttributes {
  readonly summary: ImageSummary;
  readonly pixels: Pick<NonNullable<DicomHeader['pixels']>, 'element' | 'bigEndian' | 'vr'> | null;
}

/**
 * What a decoder must know of the image, checked for sense.
 * @throws VitrineError `dicom/pixels-missing`, `dicom/dimensions`, `dicom/bits-allocated`, `dicom/samples`, `dicom/frames`.
 */
export function pixelFormat(header: ImageAttributes): PixelFormat {
  const { summary, pixels } = header;
  if (!pixels) throw dicomError('dicom/pixels-missing', 'the object has no pixels');
  const { rows, columns } = summary;
  if (!rows || !columns) throw dicomError('dicom/dimensions', 'Rows or Columns is missing or zero');
  const bitsAllocated = allocated(summary.bitsAllocated, pixels.element);
  const samplesPerPixel = summary.samplesPerPixel ?? 1;
  const photometricInterpretation =
    summary.photometricInterpretation ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2');
  const colour = COLOUR.test(photometricInterpretation);
  const fits = colour ? samplesPerPixel === 3 || samplesPerPixel === 4 : samplesPerPixel === 1;
  if (!fits) throw dicomError('dicom/samples', 'Samples per Pixel contradicts Photometric Interpretation');
  if (summary.numberOfFrames < 1) throw dicomError('dicom/frames', 'Number of Frames is not positive');
  const bitsStored = summary.bitsStored ?? bitsAllocated;
  return {
    rows,
    columns,
    frames: summary.numberOfFrames,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: summary.highBit ?? bitsStored - 1,
    signed: summary.pixelRepresentation === 1,
    planarConfiguration: samplesPerPixel > 1 ? (summary.planarConfiguration ?? 0) : 0,
    photometricInterpretation,
    element: pixels.element,
    bigEndian: pixels.bigEndian,
    vr: pixels.vr,
  };
}

function allocated(declared: number | null, element: string): number {
  if (element === 'float' || element === 'double') {
    const bits = element === 'float' ? 32 : 64;
    if (declared === null || declared === bits) return bits;
  } else if (declared !== null && ALLOCATED.has(declared)) {
    return declared;
  }
  throw dicomError('dicom/bits-allocated', 'Bits Allocated is not one that pixels can have', { bits: declared ?? 0 });
}

/** Bits of one frame when it isn't compressed. Half and quarter chroma count as PS3.3 C.7.6.3.1.2 says. */
export function nativeFrameBits(format: PixelFormat, subsampled = false): number {
  const pixels = format.rows * format.columns;
  if (subsampled && format.photometricInterpretation.endsWith('_422')) return pixels * 2 * format.bitsAllocated;
  if (subsampled && format.photometricInterpretation.endsWith('_420')) return pixels * 1.5 * format.bitsAllocated;
  return pixels * format.samplesPerPixel * format.bitsAllocated;
}
