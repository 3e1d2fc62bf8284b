import { dicomError } from '../../core/dicom/errors.ts';

/**
 * Decodes RLE Lossless (PS3.5 Annex G): byte planes, most significant first, sample by sample, each PackBits-coded.
 * Cornerstone's own decoder stops at 16 bits; this one takes every Bits Allocated.
 * @returns samples interleaved, little endian.
 * @throws VitrineError `dicom/decode` when a plane ends early or its segment lies outside the frame.
 */
export function decodeRle(frame: Uint8Array, pixels: number, samples: number, bytesPerSample: number): Uint8Array {
  const out = new Uint8Array(pixels * samples * bytesPerSample);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const segments = frame.length >= 64 ? view.getUint32(0, true) : 0;
  if (segments !== samples * bytesPerSample) throw damaged('another number of segments than byte planes');
  for (let segment = 0; segment < segments; segment++) {
    const from = view.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : frame.length;
    if (from < 64 || from > to || to > frame.length) throw damaged('a segment lies outside the frame');
    const sample = Math.floor(segment / bytesPerSample);
    const significance = bytesPerSample - 1 - (segment % bytesPerSample);
    const plane = { first: sample * bytesPerSample + significance, stride: samples * bytesPerSample, pixels };
    unpack(frame.subarray(from, to), out, plane);
  }
  return out;
}

interface Plane {
  readonly first: number;
  readonly stride: number;
  readonly pixels: number;
}

function unpack(packed: Uint8Array, out: Uint8Array, plane: Plane): void {
  let at = 0;
  let done = 0;
  let target = plane.first;
  while (done < plane.pixels) {
    const control = packed[at++];
    if (control === undefined) throw damaged('a byte plane ends early');
    if (control === 128) continue;
    const literal = control < 128;
    const count = Math.min(literal ? control + 1 : 257 - control, plane.pixels - done);
    if (at + (literal ? count : 1) > packed.length) throw damaged('a byte plane ends early');
    for (let step = 0; step < count; step++) {
      out[target] = packed[literal ? at + step : at] ?? 0;
      target += plane.stride;
    }
    at += literal ? control + 1 : 1;
    done += count;
  }
}

function damaged(message: string): Error {
  return dicomError('dicom/decode', message);
}
