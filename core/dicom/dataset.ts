import dicomParser, { type Element } from 'dicom-parser';
import { ElementStream, PIXEL_DATA, UnreadableElement } from './element-stream.ts';
import { type DicomCode, type DicomWarning, dicomError } from './errors.ts';
import { isKnownVr } from './vr.ts';

/** Most bytes that may come before the pixels. */
const HEADER_LIMIT = 64 * 1024 * 1024;

/** Thrown inside this stage: the prefix ends too early. Caught by `readHeader`, never seen outside. */
export class NeedMore extends Error {
  readonly need: number;
  constructor(need: number) {
    super('a longer prefix is needed');
    this.need = need;
  }
}

/** The bytes at hand, and how much there is in all. */
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly fileSize: number;
}

/** Elements of one level as dicom-parser found them, and where the pixels are. */
export interface ReadDataset {
  readonly bytes: Uint8Array;
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  readonly elements: Readonly<Record<string, Element>>;
  readonly pixel: Element | null;
}

const PIXEL_TAGS: ReadonlySet<string> = new Set(['x7fe00008', 'x7fe00009', PIXEL_DATA]);

/** Asks for a longer prefix, or throws `code` when the whole file is here already. */
export function needMore(prefix: Prefix, atLeast: number, code: DicomCode, message: string): Error {
  const have = prefix.bytes.length;
  if (have >= prefix.fileSize) return dicomError(code, message);
  const need = Math.min(prefix.fileSize, Math.max(2 * have, atLeast));
  if (have >= HEADER_LIMIT || atLeast > HEADER_LIMIT) {
    return dicomError('dicom/header-too-large', 'the header is over the limit', { limit: HEADER_LIMIT });
  }
  return new NeedMore(Math.min(need, HEADER_LIMIT));
}

/**
 * Reads the dataset from `position` to its pixel element (whose value is not touched) or to the end of the file.
 * @throws NeedMore, VitrineError
 */
export function readDataset(
  prefix: Prefix,
  position: number,
  syntax: { explicit: boolean; bigEndian: boolean },
  warnings: Set<DicomWarning>,
): ReadDataset {
  const { bytes, fileSize } = prefix;
  const parser = syntax.bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const stream = new ElementStream(bytes, position, syntax.explicit, parser);
  const elements: Record<string, Element> = Object.create(null);
  let pixel: Element | null = null;
  let previous = '';
  while (stream.position < bytes.length && !pixel) {
    const element = nextElement(stream, prefix);
    noteOddities(element, previous, elements, syntax.explicit, warnings);
    previous = element.tag;
    if (PIXEL_TAGS.has(element.tag)) {
      pixel = element;
      continue;
    }
    elements[element.tag] = element;
    const end = element.dataOffset + element.length;
    if (end > fileSize) throw dicomError('dicom/value-length', 'a value reaches beyond the end of the file');
    if (end > bytes.length) {
      if (end === fileSize && isBulk(element)) break;
      throw needMore(prefix, end + 4096, 'dicom/truncated', 'the file ends inside a value');
    }
  }
  if (!pixel && bytes.length < fileSize && stream.position <= bytes.length) {
    throw needMore(prefix, 0, 'dicom/truncated', 'unreachable');
  }
  if (stream.warnings.some((warning) => warning.includes('eof encountered'))) warnings.add('dicom/undelimited');
  return { bytes, ...syntax, elements, pixel };
}

/** A document or waveform that fills the rest of the file needn't be read to know what the file is. */
function isBulk(element: Element): boolean {
  return !element.hadUndefinedLength && ['OB', 'OW', 'UN'].includes(element.vr ?? '') && element.length > 65536;
}

function nextElement(stream: ElementStream, prefix: Prefix): Element {
  try {
    return stream.next();
  } catch (error) {
    if (!(error instanceof UnreadableElement)) throw error;
    throw needMore(prefix, 0, failureCode(stream, error, prefix), 'an attribute can not be read');
  }
}

function failureCode(stream: ElementStream, error: UnreadableElement, prefix: Prefix): DicomCode {
  if (stream.position + 16 >= prefix.bytes.length) return 'dicom/truncated';
  // dicom-parser's own words for an item that is longer than what is left.
  return error.message.includes('invalid value for parameter') ? 'dicom/value-length' : 'dicom/malformed';
}

function noteOddities(
  element: Element,
  previous: string,
  seen: Readonly<Record<string, Element>>,
  explicit: boolean,
  warnings: Set<DicomWarning>,
): void {
  if (seen[element.tag]) warnings.add('dicom/repeated-attribute');
  else if (element.tag < previous) warnings.add('dicom/out-of-order');
  if (explicit && !isKnownVr(element.vr ?? '')) warnings.add('dicom/invalid-vr');
}
