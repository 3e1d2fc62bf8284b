import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { concatBytes } from '../../core/bytes.ts';
import { type DicomWarning, dicomError } from '../../core/dicom/errors.ts';
import { FragmentWalker } from '../../core/dicom/fragment-walker.ts';
import { frameRanges, indexEncapsulated, indexNative } from '../../core/dicom/frame-index.ts';
import { pixelFormat } from '../../core/dicom/pixel-format.ts';
import { HEADER_FIRST_READ, INFLATE_LIMIT, readHeader } from '../../core/dicom/read-header.ts';
import type { ByteRange, DicomHeader, FrameIndex, PixelFormat } from '../../core/dicom/types.ts';
import { decodeFrame } from './decode-frame.ts';
import { inflateRawLimited } from './inflate.ts';
import { inSwappedPairs, swapBytes } from './native.ts';

/** Random access to a file's plain bytes, wherever they lie: on disk, in memory, sealed in a vault. */
export interface ByteReader {
  readonly size: number;
  /** Exactly `length` bytes from `offset`; both lie inside the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What `vitrine pixels` says of an image. */
export interface PixelReport {
  readonly sopInstanceUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  /** Type of the stored values, as NumPy names it: `uint8`, `int16`, `float32`, ... */
  readonly type: string;
  /** SHA-256 over all frames of the stored pixel values: little endian, frame by frame, before rescale. */
  readonly sha256: string;
}

/** A file's bytes held in memory, as a reader. */
export function memoryReader(bytes: Uint8Array): ByteReader {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Lends a reader of a file until `use` has ended. @throws also what the operating system says of the file */
export async function withFileReader<T>(path: string, use: (reader: ByteReader) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const read: ByteReader['read'] = async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      return bytesRead === length ? bytes : bytes.subarray(0, bytesRead);
    };
    return await use({ size, read });
  } finally {
    await handle.close();
  }
}

/**
 * Decodes every frame and hashes the stored pixel values.
 * @throws VitrineError<DicomCode>, `dicom/pixels-missing` for objects without pixels.
 */
export async function pixelsOf(reader: ByteReader): Promise<PixelReport> {
  const header = await headerOf(reader);
  const format = pixelFormat(header);
  const index = await indexOf(header, format, reader);
  const source = await frameSource(index, reader, format);
  const hash = createHash('sha256');
  for (let frame = 0; frame < index.count; frame++) {
    const { bytes, bitOffset } = await source(frame);
    hash.update(await decodeFrame({ transferSyntaxUid: header.transferSyntaxUid, bytes, format, bitOffset }));
  }
  return {
    sopInstanceUid: header.summary.sopInstanceUid,
    rows: format.rows,
    columns: format.columns,
    frames: format.frames,
    samples: format.samplesPerPixel,
    type: valueType(format),
    sha256: hash.digest('hex'),
  };
}

/** One frame's stored pixel values with what says how to read them: `decodeFrame` has their form. */
export interface StoredFrame {
  readonly format: PixelFormat;
  readonly bytes: Uint8Array;
}

/**
 * Decodes one frame, counted from 0.
 * @throws VitrineError<DicomCode>, `dicom/pixels-missing` for objects without pixels or without this frame.
 */
export async function storedFrame(reader: ByteReader, frame: number): Promise<StoredFrame> {
  const header = await headerOf(reader);
  const format = pixelFormat(header);
  const index = await indexOf(header, format, reader);
  if (frame >= index.count) throw dicomError('dicom/pixels-missing', `the object has ${index.count} frames`);
  const { bytes, bitOffset } = await (await frameSource(index, reader, format))(frame);
  const { transferSyntaxUid } = header;
  return { format, bytes: await decodeFrame({ transferSyntaxUid, bytes, format, bitOffset }) };
}

/** Reads as much of the file as its header takes. @throws VitrineError<DicomCode> */
export async function headerOf(reader: ByteReader): Promise<DicomHeader> {
  let length = Math.min(reader.size, HEADER_FIRST_READ);
  for (;;) {
    const result = readHeader(await reader.read(0, length), reader.size, inflateRawLimited);
    if (!('need' in result)) return result;
    length = result.need;
  }
}

async function indexOf(header: DicomHeader, format: PixelFormat, reader: ByteReader): Promise<FrameIndex> {
  const { pixels } = header;
  if (!pixels) throw dicomError('dicom/pixels-missing', 'the object has no pixels');
  const warnings = new Set<DicomWarning>();
  if (pixels.element !== 'encapsulated') return indexNative(header, pixels, format, warnings);
  const walker = new FragmentWalker(pixels.offset, header.fileSize);
  for (let at = 0; at < reader.size; at += CHUNK) walker.push(await reader.read(at, Math.min(CHUNK, reader.size - at)));
  walker.finish();
  const { fragments, basicOffsets } = walker;
  const { extendedOffsets, extendedLengths } = pixels;
  const parts = { fragments, basicOffsets, extendedOffsets, extendedLengths, oneFragmentPerFrame: false };
  return indexEncapsulated(parts, format.frames, warnings);
}

const CHUNK = 1024 * 1024;

type FrameSource = (frame: number) => Promise<{ bytes: Uint8Array; bitOffset: number }>;

async function frameSource(index: FrameIndex, reader: ByteReader, format: PixelFormat): Promise<FrameSource> {
  let from = reader;
  if (index.layout === 'native' && index.inflated) {
    const start = index.inflated.from;
    const deflated = await reader.read(start, reader.size - start);
    from = memoryReader(inflateRawLimited(deflated, INFLATE_LIMIT));
  }
  const read = ({ offset, length }: ByteRange): Promise<Uint8Array> =>
    index.layout === 'native' && inSwappedPairs(format)
      ? readSwappedPairs(from, index.offset, offset, length)
      : from.read(offset, length);
  return async (frame) => {
    const { ranges, bitOffset } = frameRanges(index, frame);
    const parts = await Promise.all(ranges.map(read));
    return { bytes: parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts), bitOffset };
  };
}

/** Reads whole pairs, counted from the start of the pixels, puts them right and takes what was asked for. */
async function readSwappedPairs(reader: ByteReader, base: number, offset: number, length: number): Promise<Uint8Array> {
  const start = offset - ((offset - base) % 2);
  const end = offset + length;
  const evenEnd = Math.min(reader.size, end + ((end - base) % 2));
  const pairs = swapBytes((await reader.read(start, evenEnd - start)).slice(), 2);
  return pairs.subarray(offset - start, offset - start + length);
}

function valueType(format: PixelFormat): string {
  if (format.element === 'float') return 'float32';
  if (format.element === 'double') return 'float64';
  return `${format.signed ? 'int' : 'uint'}${Math.max(8, format.bitsAllocated)}`;
}
