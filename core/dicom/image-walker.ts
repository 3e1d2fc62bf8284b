import { concatBytes } from '../bytes.ts';
import { CODESTREAM_PREFIX, checkCodestream } from './codestream.ts';
import { type DicomWarning, dicomError } from './errors.ts';
import { FragmentWalker } from './fragment-walker.ts';
import { indexEncapsulated, indexNative } from './frame-index.ts';
import { pixelFormat } from './pixel-format.ts';
import { isSoundStream } from './stream-soundness.ts';
import { type TransferSyntax, transferSyntax } from './transfer-syntax.ts';
import type { ByteRange, DicomHeader, FrameIndex, PixelFormat } from './types.ts';

/** What is known of a file once its last byte has passed. */
export interface WalkedImage {
  /** Null for objects without pixels. */
  readonly frames: FrameIndex | null;
  /** Besides the header's own warnings. */
  readonly warnings: readonly DicomWarning[];
}

/**
 * Checks a file while it streams by into the vault, and makes its frame index. The header is judged at once, the
 * fragments as they pass, the first frame's codestream at the end; whatever is refused throws.
 */
export class ImageWalker {
  private readonly header: DicomHeader;
  private readonly format: PixelFormat | null;
  private readonly syntax: TransferSyntax | null;
  private readonly warnings = new Set<DicomWarning>();
  private readonly fragments: FragmentWalker | null = null;
  private readonly native: FrameIndex | null = null;
  private readonly window: FirstBytes | null = null;
  private readonly tail: Tail;

  /** @throws VitrineError<DicomCode> when the header declares something that can't be an image, or names no study. */
  constructor(header: DicomHeader) {
    this.header = header;
    requireIdentity(header);
    this.syntax = transferSyntax(header.transferSyntaxUid);
    const { pixels, fileSize } = header;
    if (!pixels) {
      if (declaresImage(header)) throw dicomError('dicom/pixels-missing', 'an image without pixels');
      this.format = null;
      this.tail = new Tail(fileSize);
      return;
    }
    this.format = pixelFormat(header);
    if (!fitsAllocated(this.format)) this.warnings.add('dicom/high-bit');
    if (pixels.element === 'encapsulated') {
      this.fragments = new FragmentWalker(pixels.offset, fileSize);
      this.window = new FirstBytes(pixels.offset, fileSize);
      this.tail = new Tail(0);
    } else {
      this.native = indexNative(header, pixels, this.format, this.warnings);
      this.tail = new Tail(pixels.inflated ? fileSize : pixels.offset + (pixels.length ?? 0));
    }
  }

  /**
   * Takes all bytes of the file in order, in pieces of any size. A piece may be kept until `finish`: its memory is not to
   * be used again before. @throws VitrineError<DicomCode>
   */
  push(chunk: Uint8Array): void {
    this.window?.push(chunk);
    const used = this.fragments?.push(chunk) ?? 0;
    this.tail.push(chunk.subarray(used));
  }

  /** Call after the last byte. @throws VitrineError<DicomCode> */
  finish(): WalkedImage {
    const frames = this.native ?? this.finishFragments();
    if (this.tail.foreign()) this.warnings.add('dicom/data-after-pixels');
    return { frames, warnings: [...this.warnings] };
  }

  private finishFragments(): FrameIndex | null {
    const { fragments, format, syntax } = this;
    const { pixels } = this.header;
    if (!fragments || !format || !syntax || !pixels) return null;
    fragments.finish();
    for (const warning of fragments.warnings) this.warnings.add(warning);
    const index = indexEncapsulated(
      {
        fragments: fragments.fragments,
        basicOffsets: fragments.basicOffsets,
        extendedOffsets: pixels.extendedOffsets,
        extendedLengths: pixels.extendedLengths,
        oneFragmentPerFrame: syntax.coding === 'rle',
      },
      format.frames,
      this.warnings,
    );
    const first = index.layout === 'encapsulated' ? (index.frames[0] ?? []) : [];
    const length = first.reduce((sum, range) => sum + range.length, 0);
    const bytes = this.window?.of(first) ?? new Uint8Array(0);
    for (const warning of checkCodestream(syntax.coding, bytes, length, format)) this.warnings.add(warning);
    if (bytes.length === length && !isSoundStream(syntax.coding, bytes)) this.warnings.add('dicom/stream-damaged');
    return index;
  }
}

function requireIdentity(header: DicomHeader): void {
  const { sopInstanceUid, studyInstanceUid, seriesInstanceUid } = header.summary;
  if (sopInstanceUid === '' || studyInstanceUid === '' || seriesInstanceUid === '') {
    throw dicomError('dicom/no-identity', 'an instance, series or study UID is missing');
  }
}

/** Rows and Columns belong to images; an object that has them and no pixels has lost them. */
function declaresImage(header: DicomHeader): boolean {
  return header.summary.rows !== null && header.summary.columns !== null;
}

function fitsAllocated(format: PixelFormat): boolean {
  const { bitsAllocated, bitsStored, highBit } = format;
  return bitsStored >= 1 && bitsStored <= bitsAllocated && highBit >= bitsStored - 1 && highBit < bitsAllocated;
}

/** Keeps the first bytes of the pixel element, in which the first frame's codestream begins. */
class FirstBytes {
  private readonly from: number;
  private readonly length: number;
  private kept: Uint8Array | null = null;
  private filled = 0;
  private position = 0;

  constructor(from: number, fileSize: number) {
    this.from = from;
    this.length = Math.min(CODESTREAM_PREFIX + 64 * 1024, Math.max(0, fileSize - from));
  }

  push(chunk: Uint8Array): void {
    const skip = Math.max(0, this.from - this.position);
    this.position += chunk.length;
    if (skip >= chunk.length) return;
    const piece = chunk.subarray(skip, skip + this.length - this.filled);
    if (piece.length === this.length) {
      // Most files come as one chunk that holds it all: nothing to copy.
      this.kept = piece;
    } else {
      this.kept ??= new Uint8Array(this.length);
      this.kept.set(piece, this.filled);
    }
    this.filled += piece.length;
  }

  /** The part of those ranges that was kept, joined. */
  of(ranges: readonly ByteRange[]): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const { offset, length } of ranges) {
      const start = offset - this.from;
      if (start >= this.filled || this.kept === null) break;
      parts.push(this.kept.subarray(start, Math.min(start + length, this.filled)));
    }
    return parts.length === 1 && parts[0] ? parts[0] : concatBytes(...parts);
  }
}

/**
 * Looks at what follows the pixels. Data Set Trailing Padding (FFFC,FFFC) is normal (PS3.10 7.2); anything else was not
 * read, and the user is told.
 */
class Tail {
  private readonly from: number;
  private readonly first: number[] = [];
  private position = 0;
  private length = 0;

  constructor(from: number) {
    this.from = from;
  }

  push(chunk: Uint8Array): void {
    let at = Math.max(0, this.from - this.position);
    this.position += chunk.length;
    this.length += Math.max(0, chunk.length - at);
    for (; at < chunk.length && this.first.length < 12; at++) this.first.push(chunk[at] ?? 0);
  }

  foreign(): boolean {
    const [a, b, c, d] = this.first;
    if (this.first.every((byte) => byte === 0)) return false;
    const little = a === 0xfc && b === 0xff && c === 0xfc && d === 0xff;
    const big = a === 0xff && b === 0xfc && c === 0xff && d === 0xfc;
    if (!little && !big) return true;
    const explicit = this.first[4] === 0x4f;
    const header = explicit ? 12 : 8;
    const lengthBytes = this.first.slice(header - 4, header);
    const digits = big ? lengthBytes : lengthBytes.reverse();
    return this.length !== header + digits.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
