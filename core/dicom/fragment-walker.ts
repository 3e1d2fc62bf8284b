import { type DicomWarning, dicomError } from './errors.ts';
import type { Fragment } from './frame-index.ts';

const ITEM = 0xe000;
const SEQUENCE_DELIMITATION = 0xe0dd;
const MAX_FRAGMENTS = 2_000_000;
const MAX_TABLE = 16 * 1024 * 1024;

type State = 'before' | 'item' | 'table' | 'fragment' | 'after';

/**
 * Follows the items of an encapsulated pixel element (PS3.5 A.4) while the file streams by. Only item headers, the
 * Basic Offset Table and the first bytes of each fragment are looked at, so memory grows with the number of fragments
 * that are really there, never with a length that a file claims.
 */
export class FragmentWalker {
  readonly fragments: Fragment[] = [];
  readonly warnings = new Set<DicomWarning>();
  /** Basic Offset Table, empty where the file has none. */
  basicOffsets: number[] = [];
  private readonly end: number;
  /** Position of the next byte that `push` will get. */
  private position = 0;
  /** Bytes still to skip (`before`, `fragment`) or to gather (`item`, `table`). */
  private left: number;
  private state: State = 'before';
  private sawTable = false;
  private gathered: number[] = [];
  private table: Uint8Array = new Uint8Array(0);

  /**
   * @param offset where the element's value begins.
   * @param end first byte after the file (or inflated dataset).
   */
  constructor(offset: number, end: number) {
    this.left = offset;
    this.end = end;
    if (offset === 0) this.expectItem();
  }

  /**
   * Takes the next bytes of the file, in order, in pieces of any size.
   * @returns how many of them belong to what comes before the sequence delimiter's end.
   * @throws VitrineError `dicom/fragment-length`
   */
  push(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.closed()) {
      const take = Math.min(this.left, chunk.length - at);
      this.take(chunk.subarray(at, at + take));
      at += take;
      this.position += take;
      this.left -= take;
      while (this.left === 0 && !this.closed()) this.complete();
    }
    this.position += chunk.length - at;
    return at;
  }

  /** Call after the last byte. @throws VitrineError `dicom/fragment-length` when the file ends inside a fragment. */
  finish(): void {
    if (this.closed()) return;
    const betweenItems = this.state === 'item' && this.gathered.length === 0;
    if (!betweenItems) throw dicomError('dicom/fragment-length', 'the file ends inside a fragment');
    this.warnings.add('dicom/undelimited');
  }

  private closed(): boolean {
    return this.state === 'after';
  }

  private take(bytes: Uint8Array): void {
    if (this.state === 'item') for (const byte of bytes) this.gathered.push(byte);
    if (this.state === 'table') this.table.set(bytes, this.table.length - this.left);
    if (this.state === 'fragment') {
      for (let at = 0; this.gathered.length < 12 && at < bytes.length; at++) this.gathered.push(bytes[at] ?? 0);
    }
  }

  private complete(): void {
    if (this.state === 'item') {
      this.readItem();
      return;
    }
    if (this.state === 'table') this.readTable();
    if (this.state === 'fragment') this.closeFragment();
    this.expectItem();
  }

  private expectItem(): void {
    this.state = 'item';
    this.left = 8;
    this.gathered = [];
  }

  private readItem(): void {
    const view = new DataView(Uint8Array.from(this.gathered).buffer);
    const group = view.getUint16(0, true);
    const element = view.getUint16(2, true);
    const length = view.getUint32(4, true);
    this.gathered = [];
    if (group === 0xfffe && element === SEQUENCE_DELIMITATION) {
      this.state = 'after';
      return;
    }
    if (group !== 0xfffe || element !== ITEM) {
      throw dicomError('dicom/fragment-length', 'something that is no item stands between fragments');
    }
    if (length > this.end - this.position) {
      throw dicomError('dicom/fragment-length', 'a fragment reaches beyond the end of the file');
    }
    this.openItem(length);
  }

  private openItem(length: number): void {
    this.left = length;
    if (!this.sawTable) {
      this.sawTable = true;
      this.state = 'table';
      if (length > MAX_TABLE) throw dicomError('dicom/fragment-length', 'the Basic Offset Table is over the limit');
      this.table = new Uint8Array(length);
      return;
    }
    if (this.fragments.length >= MAX_FRAGMENTS) {
      throw dicomError('dicom/fragment-length', 'too many fragments', { limit: MAX_FRAGMENTS });
    }
    this.state = 'fragment';
    this.fragments.push({ offset: this.position, length, startsImage: false });
  }

  private readTable(): void {
    const view = new DataView(this.table.buffer, 0, this.table.length);
    for (let at = 0; at + 4 <= view.byteLength; at += 4) this.basicOffsets.push(view.getUint32(at, true));
    this.table = new Uint8Array(0);
  }

  private closeFragment(): void {
    const fragment = this.fragments.at(-1);
    if (fragment && startsImage(this.gathered)) {
      this.fragments[this.fragments.length - 1] = { ...fragment, startsImage: true };
    }
  }
}

/** SOI of any JPEG, SOC of JPEG 2000, a JP2 or JPEG XL signature. */
function startsImage(first: readonly number[]): boolean {
  const [a, b, c, d] = first;
  if (a === 0xff && b === 0xd8 && c === 0xff) return true;
  if (a === 0xff && b === 0x4f && c === 0xff && d === 0x51) return true;
  if (a === 0xff && b === 0x0a) return true;
  return a === 0 && b === 0 && c === 0 && d === 12 && (first[4] === 0x6a || first[4] === 0x4a);
}
