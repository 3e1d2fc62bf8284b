import { type DicomWarning, dicomError } from './errors.ts';
import { nativeFrameBits } from './pixel-format.ts';
import type { ByteRange, DicomHeader, FrameIndex, FramePlace, PixelElement, PixelFormat } from './types.ts';

/** One fragment of an encapsulated pixel element, as the walker met it. */
export interface Fragment {
  /** First byte of the fragment's data. */
  readonly offset: number;
  readonly length: number;
  /** The data begins as a codestream of its own does (SOI, SOC or a JPEG XL signature). */
  readonly startsImage: boolean;
}

/** Where frame `frame` (from 0) lies. @throws RangeError when there is no such frame. */
export function frameRanges(index: FrameIndex, frame: number): FramePlace {
  if (!Number.isInteger(frame) || frame < 0 || frame >= index.count) throw new RangeError('no such frame');
  if (index.layout === 'encapsulated') {
    return { ranges: index.frames[frame] ?? [], bitOffset: 0, inflated: null };
  }
  const firstBit = frame * index.frameBits;
  const offset = Math.floor(firstBit / 8);
  const length = Math.ceil((firstBit + index.frameBits) / 8) - offset;
  return {
    ranges: [{ offset: index.offset + offset, length }],
    bitOffset: firstBit - offset * 8,
    inflated: index.inflated,
  };
}

/**
 * Index of frames that aren't compressed: they follow each other, so it is arithmetic.
 * @throws VitrineError `dicom/pixels-short`, `dicom/frames`.
 */
export function indexNative(
  header: DicomHeader,
  pixels: PixelElement,
  format: PixelFormat,
  warnings: Set<DicomWarning>,
): FrameIndex {
  const total = pixels.inflated ? pixels.inflated.length : header.fileSize;
  const present = Math.max(0, total - pixels.offset);
  const declared = pixels.length ?? present;
  const available = Math.min(present, declared);
  let frameBits = nativeFrameBits(format);
  const needs = (bits: number): number => Math.ceil((bits * format.frames) / 8);
  // Files that say 4:2:2 hold either full or halved chroma; their length tells which.
  if (needs(frameBits) > available) frameBits = nativeFrameBits(format, true);
  if (needs(frameBits) > available) {
    const oneFits = Math.ceil(nativeFrameBits(format) / 8) <= available;
    throw dicomError(oneFits ? 'dicom/frames' : 'dicom/pixels-short', 'fewer pixels than the header declares', {
      needed: needs(frameBits),
      available,
    });
  }
  if (declared > present || declared - needs(frameBits) > 1) warnings.add('dicom/pixel-length');
  return { layout: 'native', count: format.frames, offset: pixels.offset, frameBits, inflated: pixels.inflated };
}

/** What the walker learnt, to be told apart into frames. */
export interface EncapsulatedParts {
  readonly fragments: readonly Fragment[];
  /** Basic Offset Table; empty where the file has none. */
  readonly basicOffsets: readonly number[];
  readonly extendedOffsets: readonly number[] | null;
  readonly extendedLengths: readonly number[] | null;
  /** RLE frames are one fragment each (PS3.5 A.4.2), and carry no marker. */
  readonly oneFragmentPerFrame: boolean;
}

/**
 * Tells fragments apart into frames (PS3.5 A.4): by the Extended or Basic Offset Table where it is consistent, else
 * one fragment per frame, else by the markers with which codestreams begin.
 * @throws VitrineError `dicom/frames` when none of these gives the declared number of frames.
 */
export function indexEncapsulated(parts: EncapsulatedParts, count: number, warnings: Set<DicomWarning>): FrameIndex {
  const { fragments } = parts;
  if (fragments.length === 0) throw dicomError('dicom/pixels-missing', 'the pixel element has no fragments');
  if (count > fragments.length) {
    throw dicomError('dicom/frames', 'more frames than fragments', { frames: count, fragments: fragments.length });
  }
  const starts = frameStarts(parts, count, warnings);
  const frames = starts.map((start, frame) => {
    const end = starts[frame + 1] ?? fragments.length;
    return fragments.slice(start, end).map(({ offset, length }): ByteRange => ({ offset, length }));
  });
  trimToExtendedLengths(frames, parts.extendedLengths);
  return { layout: 'encapsulated', count, frames };
}

/** Number of the first fragment of each frame. */
function frameStarts(parts: EncapsulatedParts, count: number, warnings: Set<DicomWarning>): number[] {
  const { fragments } = parts;
  for (const table of [parts.extendedOffsets, parts.basicOffsets]) {
    if (!table || table.length === 0) continue;
    const starts = matchTable(fragments, table, count);
    if (starts) return starts;
    warnings.add('dicom/offset-table');
  }
  if (count === fragments.length) return fragments.map((_, number) => number);
  const marked = fragments.flatMap((fragment, number) => (fragment.startsImage ? [number] : []));
  if (count === 1) {
    if (marked.length > 1) warnings.add('dicom/frame-count');
    return [0];
  }
  if (!parts.oneFragmentPerFrame && marked.length === count && marked[0] === 0) return marked;
  throw dicomError('dicom/frames', 'fragments can not be told apart into the declared frames', {
    frames: count,
    fragments: fragments.length,
  });
}

/** Offsets count from the first fragment's item header, and each must meet an item header. */
function matchTable(fragments: readonly Fragment[], table: readonly number[], count: number): number[] | null {
  if (table.length !== count) return null;
  const base = fragments[0]?.offset ?? 0;
  const byOffset = new Map(fragments.map((fragment, number) => [fragment.offset - base, number]));
  const starts: number[] = [];
  for (const offset of table) {
    const number = byOffset.get(offset);
    if (number === undefined || number <= (starts.at(-1) ?? -1)) return null;
    starts.push(number);
  }
  return starts[0] === 0 ? starts : null;
}

/** Extended Offset Table Lengths give a frame's true length without the padding byte (PS3.3 C.7.6.3.1.8). */
function trimToExtendedLengths(frames: ByteRange[][], lengths: readonly number[] | null): void {
  if (lengths?.length !== frames.length) return;
  frames.forEach((ranges, frame) => {
    const only = ranges[0];
    const length = lengths[frame];
    if (!only || ranges.length !== 1 || length === undefined) return;
    if (only.length - length === 1) ranges[0] = { offset: only.offset, length };
  });
}
