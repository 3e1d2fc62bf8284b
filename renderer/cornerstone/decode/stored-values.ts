import type { FrameFormat, StoredValues } from './format.ts';

/** Samples in one frame. */
export function sampleCount(format: FrameFormat): number {
  return format.rows * format.columns * format.samples;
}

function swapped(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + size <= bytes.length; at += size) {
    for (let i = 0; i < size; i++) out[at + i] = bytes[at + size - 1 - i] as number;
  }
  return out;
}

/** A typed array over a copy of `bytes`, which are little endian as the machine is. */
function view(bytes: Uint8Array, size: number, count: number, signed: boolean, float: boolean): StoredValues {
  const buffer = new ArrayBuffer(count * size);
  new Uint8Array(buffer).set(bytes.subarray(0, count * size));
  if (float) return size === 8 ? new Float64Array(buffer) : new Float32Array(buffer);
  if (size === 1) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (size === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

/** Drops bits outside the stored ones (old overlays live there) and carries the sign up. In place. */
function cleanBits(values: StoredValues, format: FrameFormat, width: number): void {
  if (format.float || format.bitsStored >= width) return;
  const right = 32 - format.bitsStored;
  const left = Math.max(0, 31 - format.highBit);
  if (format.signed) for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) << left) >> right;
  else for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) << left) >>> right;
}

/** One bit per pixel, least significant bit first (PS3.5 8.1.1). */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  return out;
}

/** Stored values of uncompressed pixels. @throws RangeError when the frame is shorter than its attributes say. */
export function nativeValues(bytes: Uint8Array, format: FrameFormat, bigEndian: boolean): StoredValues {
  const subsampled = format.photometric === 'YBR_FULL_422' && format.samples === 3;
  const count = subsampled ? format.rows * format.columns * 2 : sampleCount(format);
  if (format.bitsAllocated === 1) {
    if (bytes.length * 8 < count) throw new RangeError('frame is too short');
    return unpackBits(bytes, count);
  }
  const size = format.bitsAllocated / 8;
  if (![1, 2, 4, 8].includes(size) || (size === 8 && !format.float)) throw new RangeError('bits allocated');
  if (bytes.length < count * size) throw new RangeError('frame is too short');
  const values = view(bigEndian && size > 1 ? swapped(bytes, size) : bytes, size, count, format.signed, format.float);
  cleanBits(values, format, format.bitsAllocated);
  return values;
}

/**
 * Samples of a codec's output as they come, which may be narrower than Bits Allocated and may lack the sign.
 * @throws RangeError when the codestream holds another number of samples than the attributes say.
 */
export function codecSamples(bytes: Uint8Array, format: FrameFormat): StoredValues {
  const count = sampleCount(format);
  const size = bytes.length / count;
  if (size !== 1 && size !== 2 && size !== 4) throw new RangeError('codestream and attributes disagree');
  return view(bytes, size, count, format.signed, false);
}

/**
 * A codec's samples as stored values: Bits Stored wide, with their sign. In place.
 *
 * Bits beyond Bits Stored are no part of the sample (PS3.5 8.1.1): old overlays live there, and a lossless codestream
 * carries them along. A lossy one can't: what exceeds Bits Stored there is a sample that compression made larger than
 * white, and it is white; without its upper bits it would be black (`isLossy`, unsigned samples).
 */
export function codecValues(samples: StoredValues, format: FrameFormat, isLossy = false): StoredValues {
  const width = samples.BYTES_PER_ELEMENT * 8;
  if (isLossy && !format.signed && format.bitsStored < width) {
    const most = 2 ** format.bitsStored - 1;
    for (let i = 0; i < samples.length; i++) if ((samples[i] as number) > most) samples[i] = most;
    return samples;
  }
  cleanBits(samples, { ...format, highBit: Math.min(format.bitsStored, width) - 1 }, width);
  return samples;
}

/** Colour-by-plane to colour-by-pixel. */
export function interleaved(values: StoredValues, samples: number): StoredValues {
  const pixels = values.length / samples;
  const out = values.slice();
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < pixels; i++) out[i * samples + s] = values[s * pixels + i] as number;
  }
  return out;
}
