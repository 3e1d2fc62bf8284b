import { inflateSync } from 'node:zlib';
import { schemesError } from '../../core/schemes/errors.ts';
import type { Picture } from '../../core/schemes/picture.ts';

/** Portable Network Graphics (ISO/IEC 15948), as far as pictures of an image come in it: no interlacing. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Nothing larger is unpacked: a few kilobytes of a hostile file can hold gigabytes of one value. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Samples a pixel by colour type (11.2.2). */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Header {
  readonly columns: number;
  readonly rows: number;
  readonly depth: number;
  readonly colourType: number;
}

/** True for the first bytes of a PNG. */
export function isPng(start: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => start[i] === byte);
}

/**
 * Grey stays grey, palettes become colour, transparency is left out.
 * @throws VitrineError schemes/file, schemes/too-large for what is interlaced or damaged
 */
export function decodePng(bytes: Uint8Array): Picture {
  const chunks = chunksOf(bytes);
  const header = headerOf(chunks.get('IHDR')?.[0]);
  const { columns, rows, depth, colourType } = header;
  const bitsPerPixel = depth * (CHANNELS[colourType] as number);
  const lineLength = Math.ceil((columns * bitsPerPixel) / 8);
  const raw = inflated(chunks.get('IDAT') ?? [], (lineLength + 1) * rows);
  const lines = unfiltered(raw, lineLength, rows, Math.max(1, bitsPerPixel >> 3));
  if (colourType === 3) return fromPalette(header, lines, lineLength, chunks.get('PLTE')?.[0]);
  return fromSamples(header, lines, lineLength);
}

function damaged(): Error {
  return schemesError('schemes/file', 'the PNG is damaged; save it again from the program that made it');
}

function chunksOf(bytes: Uint8Array): Map<string, Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw damaged();
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.set(type, [...(chunks.get(type) ?? []), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return chunks;
}

function headerOf(chunk: Uint8Array | undefined): Header {
  if (chunk === undefined || chunk.length !== 13) throw damaged();
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [columns, rows, depth, colourType] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
  const fits = CHANNELS[colourType] !== undefined && [1, 2, 4, 8, 16].includes(depth) && columns > 0 && rows > 0;
  if (!fits) throw damaged();
  if (view.getUint8(12) !== 0)
    throw schemesError('schemes/file', 'interlaced PNGs are not read; save it without interlacing');
  if (columns * rows * (CHANNELS[colourType] as number) * Math.max(1, depth >> 3) > MOST_BYTES)
    throw schemesError('schemes/too-large', 'the PNG is too large; choose a smaller image');
  return { columns, rows, depth, colourType };
}

function inflated(parts: readonly Uint8Array[], length: number): Uint8Array {
  try {
    const raw = inflateSync(Buffer.concat(parts), { maxOutputLength: length });
    if (raw.length === length) return raw;
  } catch {
    // Said below.
  }
  throw damaged();
}

/** Takes the filter of each line off (9.2). */
function unfiltered(raw: Uint8Array, length: number, rows: number, step: number): Uint8Array {
  const out = new Uint8Array(length * rows);
  for (let row = 0; row < rows; row++) {
    const filter = raw[row * (length + 1)] as number;
    if (filter > 4) throw damaged();
    for (let i = 0; i < length; i++) {
      const at = row * length + i;
      const left = i >= step ? (out[at - step] as number) : 0;
      const up = row > 0 ? (out[at - length] as number) : 0;
      const corner = row > 0 && i >= step ? (out[at - length - step] as number) : 0;
      out[at] = (raw[row * (length + 1) + 1 + i] as number) + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** The n-th sample of a line; samples of less than a byte are packed from the highest bit. */
function sampleAt(lines: Uint8Array, start: number, n: number, depth: number): number {
  if (depth === 16) return ((lines[start + 2 * n] as number) << 8) | (lines[start + 2 * n + 1] as number);
  if (depth === 8) return lines[start + n] as number;
  const bit = n * depth;
  return ((lines[start + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

function fromSamples({ columns, rows, depth, colourType }: Header, lines: Uint8Array, length: number): Picture {
  const stored = CHANNELS[colourType] as number;
  const channels = stored >= 3 ? 3 : 1;
  const samples = new Uint16Array(columns * rows * channels);
  for (let row = 0; row < rows; row++)
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < channels; c++)
        samples[(row * columns + x) * channels + c] = sampleAt(lines, row * length, x * stored + c, depth);
  return { columns, rows, channels, bits: depth, samples };
}

function fromPalette(header: Header, lines: Uint8Array, length: number, palette: Uint8Array | undefined): Picture {
  const { columns, rows, depth } = header;
  if (palette === undefined) throw damaged();
  const samples = new Uint16Array(columns * rows * 3);
  for (let row = 0; row < rows; row++)
    for (let x = 0; x < columns; x++) {
      const entry = sampleAt(lines, row * length, x, depth);
      for (let c = 0; c < 3; c++) samples[(row * columns + x) * 3 + c] = palette[entry * 3 + c] ?? 0;
    }
  return { columns, rows, channels: 3, bits: 8, samples };
}
