import dicomParser, { type Element } from 'dicom-parser';
import { needMore, type Prefix } from './dataset.ts';
import { ElementStream, UnreadableElement } from './element-stream.ts';
import { type DicomWarning, dicomError } from './errors.ts';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  type TransferSyntax,
  transferSyntax,
} from './transfer-syntax.ts';
import { isKnownVr } from './vr.ts';

/** File Meta Information and what follows from it. */
export interface Part10Start {
  readonly syntax: TransferSyntax;
  /** Elements of group 0002; empty for a bare dataset. */
  readonly meta: Readonly<Record<string, Element>>;
  /** First byte of the dataset (or of its deflate stream). */
  readonly position: number;
  /** Whether "DICM" stood where it belongs. A file without it is opened only when it turns out to be readable. */
  readonly marked: boolean;
}

const PREAMBLE = 128;

/**
 * Reads preamble, prefix and File Meta Information (PS3.10 7.1), or recognises a bare dataset by its first attribute.
 * @throws NeedMore, VitrineError
 */
export function readPart10Start(prefix: Prefix, warnings: Set<DicomWarning>): Part10Start {
  const { bytes, fileSize } = prefix;
  if (fileSize === 0) throw dicomError('dicom/empty', 'the file is empty');
  if (hasPrefix(bytes, PREAMBLE)) return readMeta(prefix, PREAMBLE + 4, true, warnings);
  warnings.add('dicom/no-preamble');
  if (hasPrefix(bytes, 0)) return readMeta(prefix, 4, true, warnings);
  if (uint16(bytes, 0, false) === 2) return readMeta(prefix, 0, false, warnings);
  const guessed = guessSyntax(bytes, 0);
  if (!guessed) throw dicomError('dicom/not-dicom', 'no DICOM prefix, and no dataset either');
  return { syntax: guessed, meta: {}, position: 0, marked: false };
}

function hasPrefix(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}

function readMeta(prefix: Prefix, position: number, marked: boolean, warnings: Set<DicomWarning>): Part10Start {
  const { bytes } = prefix;
  if (position + 8 > bytes.length) {
    throw needMore(prefix, 0, 'dicom/truncated', 'the file ends before its File Meta Information');
  }
  const implicit = !looksExplicit(bytes, position) && uint16(bytes, position, false) === 2;
  // Group 0002 is explicit little endian whatever follows; implicit is seen in the wild and can be told apart.
  const stream = new ElementStream(bytes, position, !implicit, dicomParser.littleEndianByteArrayParser);
  const meta: Record<string, Element> = Object.create(null);
  let groupEnd: number | null = null;
  while (uint16(bytes, stream.position, false) === 2) {
    const element = readMetaElement(stream, prefix);
    meta[element.tag] = element;
    if (element.tag === 'x00020000') groupEnd = stream.position + (uint32(bytes, element.dataOffset) ?? 0);
  }
  if (stream.position + 8 > bytes.length) {
    throw needMore(prefix, 0, 'dicom/truncated', 'the file ends in its File Meta Information');
  }
  if (implicit || groupEnd !== stream.position) warnings.add('dicom/meta-damaged');
  const syntax = declaredSyntax(bytes, meta, stream.position, warnings);
  return { syntax, meta, position: stream.position, marked };
}

function readMetaElement(stream: ElementStream, prefix: Prefix): Element {
  try {
    const element = stream.next();
    if (stream.position > prefix.bytes.length) throw new UnreadableElement('overrun');
    return element;
  } catch (error) {
    if (!(error instanceof UnreadableElement)) throw error;
    throw needMore(prefix, 0, 'dicom/truncated', 'the file ends in its File Meta Information');
  }
}

function declaredSyntax(
  bytes: Uint8Array,
  meta: Readonly<Record<string, Element>>,
  position: number,
  warnings: Set<DicomWarning>,
): TransferSyntax {
  const element = meta['x00020010'];
  const uid = element ? asciiValue(bytes, element) : '';
  if (uid !== '') {
    const syntax = transferSyntax(uid);
    if (!syntax) throw dicomError('dicom/transfer-syntax', 'unknown transfer syntax');
    if (!syntax.deflated && position < bytes.length) requireVrStyle(bytes, position, syntax);
    return syntax;
  }
  warnings.add('dicom/meta-damaged');
  const guessed = guessSyntax(bytes, position);
  if (!guessed)
    throw dicomError('dicom/malformed', 'no transfer syntax, and the dataset is in none that can be guessed');
  return guessed;
}

/** SECURITY: a dataset read with the wrong kind of VR yields lengths made of text. Refused, not guessed. */
function requireVrStyle(bytes: Uint8Array, position: number, syntax: TransferSyntax): void {
  const explicit = looksExplicit(bytes, position);
  if (explicit !== syntax.explicit) {
    throw dicomError('dicom/malformed', 'the dataset is not in the declared transfer syntax', { explicit });
  }
}

/** The syntax of a dataset without File Meta Information, by its first attribute; null when it is no dataset. */
function guessSyntax(bytes: Uint8Array, at: number): TransferSyntax | null {
  const little = isFirstGroup(uint16(bytes, at, false));
  const big = isFirstGroup(uint16(bytes, at, true));
  if (!little && !big) return null;
  const explicit = looksExplicit(bytes, at);
  if (big && !little) return explicit ? transferSyntax(EXPLICIT_BIG) : null;
  return transferSyntax(explicit ? EXPLICIT_LITTLE : IMPLICIT_LITTLE);
}

/** Datasets begin with group 0008; command groups and the odd 0004 or 0010 are seen as well. */
function isFirstGroup(group: number | null): boolean {
  return group === 0x0008 || group === 0x0004 || group === 0x0010;
}

function looksExplicit(bytes: Uint8Array, at: number): boolean {
  return isKnownVr(String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0));
}

function uint16(bytes: Uint8Array, at: number, bigEndian: boolean): number | null {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first === undefined || second === undefined) return null;
  return bigEndian ? first * 256 + second : second * 256 + first;
}

function uint32(bytes: Uint8Array, at: number): number | null {
  const low = uint16(bytes, at, false);
  const high = uint16(bytes, at + 2, false);
  return low === null || high === null ? null : high * 65536 + low;
}

/** Text of an element in the default repertoire, without padding. */
export function asciiValue(bytes: Uint8Array, element: Element): string {
  let text = '';
  for (const byte of bytes.subarray(element.dataOffset, element.dataOffset + element.length)) {
    text += String.fromCharCode(byte);
  }
  return text.replace(/[\0 ]+$/, '').trim();
}
