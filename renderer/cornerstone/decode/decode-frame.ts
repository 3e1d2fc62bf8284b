import { decodeCodestream } from './codecs.ts';
import { toRgb } from './color.ts';
import type { DecodedFrame, DecodeJob, FrameFormat, StoredValues } from './format.ts';
import { decodeRle } from './rle.ts';
import { scaled } from './scale.ts';
import { codecValues, interleaved, nativeValues } from './stored-values.ts';

/** Explicit and implicit little endian, and the deflated syntaxes, whose stream the vault has already inflated. */
const NATIVE: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.98',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.113619.5.2',
]);
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const RLE = '1.2.840.10008.1.2.5';

interface Stored {
  readonly values: StoredValues;
  readonly rgb: boolean;
}

function separated(values: StoredValues, format: FrameFormat, planar: boolean): StoredValues {
  return planar && format.samples > 1 ? interleaved(values, format.samples) : values;
}

/** Stored values of a frame, samples interleaved. @throws on damaged or unsupported data. */
export async function storedValues(job: Omit<DecodeJob, 'scale'>): Promise<Stored> {
  const { transferSyntaxUid: uid, bytes, format } = job;
  if (NATIVE.has(uid) || uid === BIG_ENDIAN) {
    const values = nativeValues(bytes, format, uid === BIG_ENDIAN);
    return { values: separated(values, format, format.planar), rgb: false };
  }
  if (uid === RLE) return { values: nativeValues(decodeRle(bytes, format), format, false), rgb: false };
  const output = await decodeCodestream(uid, bytes, format);
  return { values: separated(codecValues(output.bytes, format), format, output.planar), rgb: output.rgb };
}

/** True when the frame is drawn in colour. */
export function isColor(format: FrameFormat): boolean {
  return format.samples >= 3 || format.photometric === 'PALETTE COLOR';
}

/** A frame that can be drawn. @throws on damaged or unsupported data. */
export async function decodeFrame(job: DecodeJob): Promise<DecodedFrame> {
  const { values, rgb } = await storedValues(job);
  if (isColor(job.format)) {
    return { pixels: toRgb(values, job.format, rgb), color: true, smallest: 0, largest: 255 };
  }
  return { ...scaled(values, job.scale), color: false };
}
