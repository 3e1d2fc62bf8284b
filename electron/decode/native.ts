import type { PixelFormat } from '../../core/dicom/types.ts';

/** Bytes that one sample takes in the decoded form; one-bit images are unpacked to a byte each. */
export function bytesPerSample(format: PixelFormat): number {
  return Math.max(1, format.bitsAllocated / 8);
}

/** Values of a one-bit image, least significant bit first (PS3.5 8.1.1), one byte each. */
function unpackBits(packed: Uint8Array, bitOffset: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    const bit = bitOffset + pixel;
    out[pixel] = ((packed[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return out;
}

/** Turns plane after plane (Planar Configuration 1) into samples that lie beside each other. */
export function interleave(planar: Uint8Array, samples: number, size: number): Uint8Array {
  const out = new Uint8Array(planar.length);
  const pixels = planar.length / samples / size;
  for (let sample = 0; sample < samples; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (sample * pixels + pixel) * size;
      const to = (pixel * samples + sample) * size;
      for (let byte = 0; byte < size; byte++) out[to + byte] = planar[from + byte] ?? 0;
    }
  }
  return out;
}

/** Reverses the bytes of every group of `size`, in place. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

/** Widens samples of `from` bytes to `size`, with their sign where they have one, or narrows what is wider than allocated. */
export function resize(bytes: Uint8Array, from: number, size: number, signed: boolean): Uint8Array {
  if (from === size) return bytes;
  const count = bytes.length / from;
  const out = new Uint8Array(count * size);
  for (let sample = 0; sample < count; sample++) {
    const negative = signed && (bytes[(sample + 1) * from - 1] ?? 0) >= 0x80;
    for (let byte = 0; byte < size; byte++) {
      out[sample * size + byte] = byte < from ? (bytes[sample * from + byte] ?? 0) : negative ? 0xff : 0;
    }
  }
  return out;
}

/** Gives each pixel of YBR_FULL_422 the chroma of its pair: `Y1 Y2 Cb Cr` becomes `Y1 Cb Cr Y2 Cb Cr` (PS3.3 C.7.6.3.1.2). */
function expandChroma(bytes: Uint8Array): Uint8Array {
  const pairs = Math.floor(bytes.length / 4);
  const out = new Uint8Array(pairs * 6);
  for (let pair = 0; pair < pairs; pair++) {
    const [first = 0, second = 0, blue = 0, red = 0] = bytes.subarray(4 * pair, 4 * pair + 4);
    out.set([first, blue, red, second, blue, red], 6 * pair);
  }
  return out;
}

/** True where 8-bit samples lie in swapped pairs: big-endian words (PS3.5 8.1.1). */
export function inSwappedPairs(format: PixelFormat): boolean {
  return format.bigEndian && format.vr === 'OW' && format.bitsAllocated === 8;
}

/**
 * Stored values of an uncompressed frame: little endian, samples interleaved, halved chroma given to both pixels.
 * Where {@link inSwappedPairs} holds, the caller has put the pairs right: a frame may begin in the middle of one.
 */
export function nativeFrame(bytes: Uint8Array, bitOffset: number, format: PixelFormat): Uint8Array {
  const { samplesPerPixel, planarConfiguration } = format;
  const pixels = format.rows * format.columns;
  if (format.bitsAllocated === 1) {
    const values = unpackBits(bytes, bitOffset, pixels * samplesPerPixel);
    return planarConfiguration === 1 ? interleave(values, samplesPerPixel, 1) : values;
  }
  const size = bytesPerSample(format);
  const halved = samplesPerPixel === 3 && size === 1 && bytes.length === 2 * pixels;
  if (halved) return expandChroma(bytes);
  const copy = bytes.slice();
  if (format.bigEndian && size > 1) swapBytes(copy, size);
  return planarConfiguration === 1 ? interleave(copy, samplesPerPixel, size) : copy;
}
