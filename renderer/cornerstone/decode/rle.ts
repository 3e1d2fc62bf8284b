import type { FrameFormat } from './format.ts';

/** One PackBits segment (PS3.5 G.3) into every `step`-th byte of `out`, starting at `start`. */
function unpackSegment(data: Uint8Array, out: Uint8Array, start: number, step: number): void {
  let at = 0;
  let to = start;
  while (at < data.length && to < out.length) {
    const control = data[at++] as number;
    if (control === 128) continue;
    if (control < 128) {
      for (let i = 0; i <= control && at < data.length && to < out.length; i++, to += step)
        out[to] = data[at++] as number;
    } else {
      const value = data[at++] ?? 0;
      for (let i = 0; i <= 256 - control && to < out.length; i++, to += step) out[to] = value;
    }
  }
}

/**
 * Bytes of an RLE frame (PS3.5 G): little-endian samples, interleaved. Each byte plane of each sample is a segment, most
 * significant first. @throws RangeError on a table that doesn't fit the frame.
 */
export function decodeRle(data: Uint8Array, format: FrameFormat): Uint8Array<ArrayBuffer> {
  const bytesPerSample = Math.max(1, format.bitsAllocated / 8);
  const planes = bytesPerSample * format.samples;
  if (data.length < 64) throw new RangeError('no RLE header');
  const header = new DataView(data.buffer, data.byteOffset, 64);
  if (header.getUint32(0, true) !== planes) throw new RangeError('RLE segments');
  const out = new Uint8Array(format.rows * format.columns * planes);
  for (let plane = 0; plane < planes; plane++) {
    const from = header.getUint32(4 + plane * 4, true);
    const end = plane + 1 < planes ? header.getUint32(8 + plane * 4, true) : data.length;
    if (from < 64 || end < from || end > data.length) throw new RangeError('RLE offsets');
    const sample = Math.floor(plane / bytesPerSample);
    const significance = bytesPerSample - 1 - (plane % bytesPerSample);
    unpackSegment(data.subarray(from, end), out, sample * bytesPerSample + significance, planes);
  }
  return out;
}
