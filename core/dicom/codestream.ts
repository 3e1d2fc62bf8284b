import { type DicomWarning, dicomError } from './errors.ts';
import type { PixelCoding } from './transfer-syntax.ts';
import type { PixelFormat } from './types.ts';

/** Bytes of a frame that the check wants to see; a JPEG's frame header comes after its application segments. */
export const CODESTREAM_PREFIX = 256 * 1024;

/**
 * Compares a compressed frame's own header with the DICOM header before any decoder sees it, so that a stream that
 * declares 65535 x 65535 pixels, or is not what its transfer syntax says, is refused at import.
 * @param first the frame's first bytes: `CODESTREAM_PREFIX` of them, or the whole frame.
 * @param frameLength bytes of the whole frame.
 * @throws VitrineError `dicom/codestream`, `dicom/codestream-size`.
 */
export function checkCodestream(
  coding: PixelCoding,
  first: Uint8Array,
  frameLength: number,
  format: PixelFormat,
): DicomWarning[] {
  switch (coding) {
    case 'jpeg':
      return checkJpeg(first, format, [0xc0, 0xc1, 0xc2]);
    case 'jpeg-lossless':
      return checkJpeg(first, format, [0xc3]);
    case 'jpeg-ls':
      return checkJpeg(first, format, [0xf7]);
    case 'jpeg-2000':
    case 'htj2k':
      return checkJpeg2000(first, format);
    case 'rle':
      return checkRle(first, frameLength, format);
    case 'jpeg-xl':
      return checkJpegXl(first);
    case 'encapsulated-native':
      return checkLength(frameLength, format);
    default:
      return [];
  }
}

function wrongStream(message: string): Error {
  return dicomError('dicom/codestream', message);
}

function requireSize(width: number, height: number, components: number, format: PixelFormat): void {
  if (width === format.columns && height === format.rows && components === format.samplesPerPixel) return;
  throw dicomError('dicom/codestream-size', 'the compressed stream declares another size than the header', {
    width,
    height,
    components,
  });
}

/** Start of frame of ITU-T T.81 B.2.2 (and T.87 C.2.2), found by stepping over the segments before it. */
function checkJpeg(first: Uint8Array, format: PixelFormat, kinds: readonly number[]): DicomWarning[] {
  if (first[0] !== 0xff || first[1] !== 0xd8) throw wrongStream('no start of image');
  let at = 2;
  while (at + 4 <= first.length) {
    if (first[at] !== 0xff) throw wrongStream('no marker where one must be');
    const marker = first[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrameMarker(marker)) {
      if (!kinds.includes(marker)) throw wrongStream('another JPEG process than the transfer syntax says');
      return checkFrameHeader(first, at, format);
    }
    if (marker === 0xda || marker === 0xd9) break;
    at += 2 + uint16(first, at + 2);
  }
  throw wrongStream('no frame header');
}

function isFrameMarker(marker: number): boolean {
  const sof = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
  return sof || marker === 0xf7;
}

function checkFrameHeader(first: Uint8Array, at: number, format: PixelFormat): DicomWarning[] {
  if (at + 10 > first.length) throw wrongStream('the frame header is cut off');
  const precision = first[at + 4] ?? 0;
  requireSize(uint16(first, at + 7), uint16(first, at + 5), first[at + 9] ?? 0, format);
  if (precision > format.bitsAllocated || precision < 2) {
    throw wrongStream('the stream has more bits than are allocated');
  }
  return precision < format.bitsStored || precision > bitsCeiling(format) ? ['dicom/stream-bits'] : [];
}

/** Encoders round Bits Stored up to 8, 12 or 16; only more than that is odd. */
function bitsCeiling(format: PixelFormat): number {
  if (format.bitsStored <= 8) return 8;
  return format.bitsStored <= 12 && format.bitsAllocated === 16 ? 16 : format.bitsAllocated;
}

/** SIZ segment of ITU-T T.800 A.5.1. Some writers wrap the stream in JP2 boxes, which DICOM forbids and decoders read. */
function checkJpeg2000(first: Uint8Array, format: PixelFormat): DicomWarning[] {
  const at = startOfCodestream(first);
  if (at + 42 > first.length) throw wrongStream('the SIZ segment is cut off');
  const [right, bottom, left, top] = [6, 10, 14, 18].map((field) => uint32(first, at + 2 + field)) as Four;
  const [tileWidth, tileHeight, tileLeft, tileTop] = [22, 26, 30, 34].map((field) =>
    uint32(first, at + 2 + field),
  ) as Four;
  const components = uint16(first, at + 40);
  requireSize(right - left, bottom - top, components, format);
  if (tileWidth === 0 || tileHeight === 0) throw wrongStream('tiles of no size');
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
  // SECURITY: T.800 allows 65535 tiles; a decoder allocates for each before it reads any.
  if (tiles > 65535) throw wrongStream('too many tiles');
  const depth = first[at + 42] ?? 0;
  const bits = (depth & 0x7f) + 1;
  const signed = depth >= 0x80;
  if (bits > format.bitsAllocated) throw wrongStream('the stream has more bits than are allocated');
  // More bits than are stored only means that the encoder rounded up.
  return bits < format.bitsStored || signed !== format.signed ? ['dicom/stream-bits'] : [];
}

type Four = [number, number, number, number];

function startOfCodestream(first: Uint8Array): number {
  const boxed = first[0] === 0 && first[3] === 12 && first[4] === 0x6a;
  const last = boxed ? Math.min(first.length - 4, 4096) : 0;
  for (let at = 0; at <= last; at++) {
    if (first[at] === 0xff && first[at + 1] === 0x4f && first[at + 2] === 0xff && first[at + 3] === 0x51) return at;
  }
  throw wrongStream('no JPEG 2000 codestream');
}

/** RLE header (PS3.5 G.5): number of segments and their offsets. */
function checkRle(first: Uint8Array, frameLength: number, format: PixelFormat): DicomWarning[] {
  if (first.length < 64) throw wrongStream('the RLE header is cut off');
  const segments = uint32le(first, 0);
  const expected = format.samplesPerPixel * Math.ceil(format.bitsAllocated / 8);
  if (segments !== expected) throw wrongStream('another number of RLE segments than the image needs');
  const ends: number[] = [];
  let previous = 0;
  for (let segment = 0; segment < segments; segment++) {
    const offset = uint32le(first, 4 + 4 * segment);
    const valid = segment === 0 ? offset === 64 : offset > previous;
    if (!valid || offset >= frameLength) throw wrongStream('an RLE segment lies outside the data');
    if (segment > 0) ends.push(offset);
    previous = offset;
  }
  ends.push(frameLength);
  const plane = Math.ceil((format.rows * format.columns * Math.min(8, format.bitsAllocated)) / 8);
  const whole = ends.filter((end) => end <= first.length);
  const sound = whole.every((end, segment) =>
    isSoundPlane(first.subarray(uint32le(first, 4 + 4 * segment), end), plane),
  );
  return sound ? [] : ['dicom/stream-damaged'];
}

/** Steps over the control bytes of a PackBits plane: a whole one ends where its last pixel does, but for padding. */
function isSoundPlane(packed: Uint8Array, pixels: number): boolean {
  let at = 0;
  let done = 0;
  while (done < pixels && at < packed.length) {
    const control = packed[at] ?? 128;
    if (control === 128) at += 1;
    else if (control < 128) {
      done += control + 1;
      at += control + 2;
    } else {
      done += 257 - control;
      at += 2;
    }
  }
  return done === pixels && at <= packed.length && packed.length - at <= 1;
}

function checkJpegXl(first: Uint8Array): DicomWarning[] {
  const bare = first[0] === 0xff && first[1] === 0x0a;
  const boxed = first[3] === 12 && first[4] === 0x4a && first[5] === 0x58 && first[6] === 0x4c;
  if (!bare && !boxed) throw wrongStream('no JPEG XL codestream');
  return [];
}

function checkLength(frameLength: number, format: PixelFormat): DicomWarning[] {
  const bytes = Math.ceil((format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8);
  if (frameLength < bytes) throw dicomError('dicom/pixels-short', 'fewer pixels than the header declares');
  return [];
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 65536 + uint16(bytes, at + 2);
}

function uint32le(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0) * 65536 + (bytes[at + 3] ?? 0) * 16777216;
}
