import { pixelFormat } from '../../core/dicom/pixel-format.ts';
import { isAlwaysLossy, transferSyntax } from '../../core/dicom/transfer-syntax.ts';
import type { DicomJson, PixelFormat } from '../../core/dicom/types.ts';
import { decodeValues } from './decode-frame.ts';
import { bytesPerSample } from './native.ts';

/** One compressed frame, and the header that says what it must decode to. */
export interface FrameToCheck {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
  /** The object's DICOM JSON text (PS3.18 F). */
  readonly header: string;
}

/**
 * What decoding a frame shows:
 * - `damaged`: it can't be decoded
 * - `doubtful`: it can, to values that its header rules out, or the decoder complained. The window's own doubts
 *   (renderer/cornerstone/decode/doubts.ts) are the same
 */
export type Verdict = 'sound' | 'damaged' | 'doubtful';

type Values = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** Decodes a frame and holds it against its header. Never throws: what can't be read is damaged. */
export async function checkFrame({ transferSyntaxUid, bytes, header }: FrameToCheck): Promise<Verdict> {
  try {
    const dataset = JSON.parse(header) as DicomJson;
    const format = formatOf(dataset);
    const { bytes: stored, complained } = await decodeValues({ transferSyntaxUid, bytes, format, bitOffset: 0 });
    if (complained) return 'doubtful';
    const values = valuesOf(stored, format);
    // What always loses may make a sample larger than white, and than the header's largest.
    if (isAlwaysLossy(transferSyntaxUid)) return 'sound';
    // Bits above those stored are the decoder's doing, except where the stream is the pixels themselves: overlays were kept there.
    const isCodec = !['rle', 'encapsulated-native', 'deflated-frames'].includes(
      transferSyntax(transferSyntaxUid)?.coding ?? '',
    );
    if (isCodec && leavesBits(values, format)) return 'doubtful';
    return leavesRange(values, dataset, format) ? 'doubtful' : 'sound';
  } catch {
    return 'damaged';
  }
}

function text(dataset: DicomJson, tag: string): string | null {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function number(dataset: DicomJson, tag: string): number | null {
  const value = text(dataset, tag);
  return value === null || value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value);
}

function formatOf(dataset: DicomJson): PixelFormat {
  const summary = {
    rows: number(dataset, '00280010'),
    columns: number(dataset, '00280011'),
    numberOfFrames: number(dataset, '00280008') ?? 1,
    samplesPerPixel: number(dataset, '00280002'),
    bitsAllocated: number(dataset, '00280100'),
    bitsStored: number(dataset, '00280101'),
    highBit: number(dataset, '00280102'),
    pixelRepresentation: number(dataset, '00280103'),
    planarConfiguration: number(dataset, '00280006'),
    photometricInterpretation: text(dataset, '00280004'),
  };
  return pixelFormat({ summary, pixels: { element: 'encapsulated', bigEndian: false, vr: 'OB' } });
}

function valuesOf(bytes: Uint8Array, format: PixelFormat): Values {
  const { buffer } = bytes.slice();
  const { signed } = format;
  switch (bytesPerSample(format)) {
    case 1:
      return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
    case 2:
      return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    default:
      return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
  }
}

/** A signed sample may come without its sign carried up. */
function leavesBits(values: Values, { bitsStored, signed }: PixelFormat): boolean {
  if (bitsStored >= values.BYTES_PER_ELEMENT * 8) return false;
  const most = 2 ** bitsStored - 1;
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  return values.some((value) => value > most || value < least);
}

/** Smallest and Largest Image Pixel Value (PS3.3 C.7.6.3.1), where they can be meant of what is stored. */
function leavesRange(values: Values, dataset: DicomJson, format: PixelFormat): boolean {
  const smallest = number(dataset, '00280106');
  const largest = number(dataset, '00280107');
  if (smallest === null || largest === null || smallest >= largest) return false;
  if (format.samplesPerPixel > 1 || text(dataset, '00282110') === '01') return false;
  if (format.photometricInterpretation === 'PALETTE COLOR') return false;
  const { bitsStored, signed } = format;
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  if (smallest < least || largest > least + 2 ** bitsStored - 1) return false;
  const padding = number(dataset, '00280120');
  const limit = number(dataset, '00280121') ?? padding;
  const low = padding === null || limit === null ? Number.NaN : Math.min(padding, limit);
  const high = padding === null || limit === null ? Number.NaN : Math.max(padding, limit);
  const unused = 32 - bitsStored;
  return values.some((raw) => {
    const value = signed ? (raw << unused) >> unused : (raw << unused) >>> unused;
    return (value < smallest || value > largest) && !(value >= low && value <= high);
  });
}
