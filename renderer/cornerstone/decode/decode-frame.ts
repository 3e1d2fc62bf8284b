import { decodeCodestream } from './codecs.ts';
import { isIrreversible } from './codestream.ts';
import { toRgb } from './color.ts';
import { leavesBits, leavesRange } from './doubts.ts';
import type { DecodedFrame, DecodeJob, Doubt, FrameFormat, StoredValues } from './format.ts';
import { decodeRle } from './rle.ts';
import { scaled } from './scale.ts';
import { codecSamples, codecValues, interleaved, nativeValues, sampleCount } from './stored-values.ts';

/** Explicit and implicit little endian, and the deflated syntaxes, whose stream the vault has already inflated. */
const NATIVE: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.98',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.113619.5.2',
]);
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
/** Each frame is a raw deflate stream of its own (PS3.5 A.4.15). */
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const RLE = '1.2.840.10008.1.2.5';
/**
 * JPEG baseline and extended, JPEG-LS near lossless: there is no lossless way to write them. What they make larger than
 * white, or than the header's largest, is no damage.
 */
const ALWAYS_LOSSY: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.81',
]);

/** JPEG 2000 and its high-throughput form where they may be lossy: the codestream says whether it is. */
const MAYBE_LOSSY: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.4.91', '1.2.840.10008.1.2.4.203']);

interface Stored {
  readonly values: StoredValues;
  readonly rgb: boolean;
  readonly doubts: readonly Doubt[];
}

const plain = (values: StoredValues): Stored => ({ values, rgb: false, doubts: [] });

function separated(values: StoredValues, format: FrameFormat, planar: boolean): StoredValues {
  return planar && format.samples > 1 ? interleaved(values, format.samples) : values;
}

function byteCount(format: FrameFormat): number {
  return Math.ceil((sampleCount(format) * format.bitsAllocated) / 8);
}

/** Inflates up to `most` bytes; a stream that holds more is cut there. @throws on a damaged stream. */
async function inflated(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const out = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, most - length);
    out.set(part, length);
    length += part.length;
  }
  if (length === most) await reader.cancel().catch(() => undefined);
  return out.subarray(0, length);
}

/** Stored values of a frame, samples interleaved. @throws on damaged or unsupported data. */
async function storedValues(job: Omit<DecodeJob, 'scale' | 'declared'>): Promise<Stored> {
  const { transferSyntaxUid: uid, bytes, format } = job;
  if (NATIVE.has(uid) || uid === BIG_ENDIAN) {
    const values = nativeValues(bytes, format, uid === BIG_ENDIAN);
    return plain(separated(values, format, format.planar));
  }
  if (uid === DEFLATED_FRAMES) {
    const values = nativeValues(await inflated(bytes, byteCount(format)), format, false);
    return plain(separated(values, format, format.planar));
  }
  if (uid === RLE) return plain(nativeValues(decodeRle(bytes, format), format, false));
  const output = await decodeCodestream(uid, bytes, format);
  const samples = codecSamples(output.bytes, format);
  const doubts: Doubt[] = output.damaged ? ['decoder'] : [];
  // Said where it may be damage; what a lossy codec of the other kind overshoots never is.
  if (!ALWAYS_LOSSY.has(uid) && leavesBits(samples, format)) doubts.push('bits');
  const isLossy = ALWAYS_LOSSY.has(uid) || (MAYBE_LOSSY.has(uid) && isIrreversible(bytes));
  return {
    values: separated(codecValues(samples, format, isLossy), format, output.planar),
    rgb: output.rgb,
    doubts,
  };
}

/** True when the frame is drawn in colour. */
function isColor(format: FrameFormat): boolean {
  return format.samples >= 3 || format.photometric === 'PALETTE COLOR';
}

/** A frame that can be drawn. @throws on damaged or unsupported data. */
export async function decodeFrame(job: DecodeJob): Promise<DecodedFrame> {
  const { values, rgb, doubts } = await storedValues(job);
  if (isColor(job.format))
    return { pixels: toRgb(values, job.format, rgb), color: true, smallest: 0, largest: 255, doubts };
  const outside =
    job.declared !== null && !ALWAYS_LOSSY.has(job.transferSyntaxUid) && leavesRange(values, job.declared);
  return { ...scaled(values, job.scale), color: false, doubts: outside ? [...doubts, 'range'] : doubts };
}
