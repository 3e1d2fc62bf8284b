import dicomParser, { type ByteArrayParser, type Element } from 'dicom-parser';
import { toBase64 } from './base64.ts';
import type { ReadDataset } from './dataset.ts';
import { vrInFile } from './element-stream.ts';
import type { DicomWarning } from './errors.ts';
import { decodeText, readCharset } from './text.ts';
import type { DicomJson, DicomJsonElement, DicomJsonValue, DicomPersonName } from './types.ts';
import { isKnownVr, NUMBER_SIZE, SINGLE_TEXT_VRS, vrOf } from './vr.ts';

const MAX_DEPTH = 64;
const MAX_INLINE = 64 * 1024;
/** Overlays are one bit per pixel of the image and are drawn from the header. */
const MAX_OVERLAY = 4 * 1024 * 1024;
/** Look-up tables (PS3.3 C.7.6.3.1.6, C.11.1.1.1): 16-bit words that the viewer needs as numbers. */
const LUT_TAGS = /^0028(120[1-4]|122[1-3]|3006)$/;
/** Window Center and Width: a viewer has its own presets, so a bad one is no reason to warn. */
const PRESENTATION_TAGS = /^0028105[01]$/;

const WORD_SIZE: Readonly<Record<string, number>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

interface Level {
  readonly bytes: Uint8Array;
  readonly explicit: boolean;
  readonly parser: ByteArrayParser;
  readonly charset: string;
  readonly signed: boolean;
  readonly depth: number;
  readonly warnings: Set<DicomWarning>;
}

/** Adds the elements of a dataset to `json` in the DICOM JSON model (PS3.18 Annex F), text decoded. */
export function addDicomJson(json: DicomJson, dataset: ReadDataset, warnings: Set<DicomWarning>): void {
  const parser = dataset.bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const representation = dataset.elements['x00280103'];
  const signed = representation?.length === 2 && parser.readUint16(dataset.bytes, representation.dataOffset) === 1;
  const { bytes, explicit } = dataset;
  addLevel(json, dataset.elements, { bytes, explicit, parser, charset: '', signed, depth: 0, warnings });
}

function addLevel(json: DicomJson, elements: Readonly<Record<string, Element>>, outer: Level): DicomJson {
  const charset = readCharset(outer.bytes, elements['x00080005'], outer.warnings) ?? outer.charset;
  const level = charset === outer.charset ? outer : { ...outer, charset };
  for (const key in elements) {
    const element = elements[key];
    if (element === undefined || key.startsWith('xfffe')) continue;
    const tag = key.slice(1).toUpperCase();
    json[tag] = elementJson(tag, element, level);
  }
  return json;
}

function elementJson(tag: string, element: Element, level: Level): DicomJsonElement {
  if (element.items) return sequenceJson(element.items, level);
  const vr = representation(tag, element, level);
  if (vr === 'SQ' || element.length === 0) return { vr };
  const end = Math.min(element.dataOffset + element.length, level.bytes.length);
  const value = level.bytes.subarray(element.dataOffset, end);
  const size = NUMBER_SIZE.get(vr);
  if (LUT_TAGS.test(tag)) return { vr, Value: numbers(value, vr === 'SS' ? 'SS' : 'US', 2, level.parser) };
  if (size !== undefined && vr !== 'OV') return { vr, Value: numbers(value, vr, size, level.parser) };
  if (!isBinary(vr)) return { vr, Value: textValues(value, vr, tag, level) };
  const limit = /^60..3000$/.test(tag) ? MAX_OVERLAY : MAX_INLINE;
  return value.length > limit ? { vr } : { vr, InlineBinary: toBase64(littleEndian(value, vr, level.parser)) };
}

function sequenceJson(items: readonly Element[], level: Level): DicomJsonElement {
  if (level.depth >= MAX_DEPTH) {
    level.warnings.add('dicom/nesting-cut');
    return { vr: 'SQ' };
  }
  const inner = { ...level, depth: level.depth + 1 };
  const values: DicomJsonValue[] = items.map((item) => addLevel({}, item.dataSet?.elements ?? {}, inner));
  return values.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: values };
}

/** The file's own VR where it has one that means something, else the dictionary's, else UN. */
function representation(tag: string, element: Element, level: Level): string {
  let vr = element.vr;
  if (vr === 'UN' && level.explicit) vr = vrInFile(level.bytes, element);
  if (vr === undefined || vr === 'UN' || !isKnownVr(vr)) return vrOf(tag, level.signed) ?? 'UN';
  return vr;
}

function isBinary(vr: string): boolean {
  return vr.startsWith('O') || vr === 'UN';
}

/** Bulk data of the JSON model is little endian whatever the file is (PS3.18 F.2.7). */
function littleEndian(value: Uint8Array, vr: string, parser: ByteArrayParser): Uint8Array {
  const size = WORD_SIZE[vr] ?? 1;
  if (size === 1 || parser !== dicomParser.bigEndianByteArrayParser) return value;
  const swapped = value.slice();
  for (let at = 0; at + size <= swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return swapped;
}

function numbers(value: Uint8Array, vr: string, size: number, parser: ByteArrayParser): (number | string)[] {
  const list: (number | string)[] = [];
  for (let at = 0; at + size <= value.length; at += size) list.push(numberAt(value, at, vr, parser));
  return list;
}

function numberAt(value: Uint8Array, at: number, vr: string, parser: ByteArrayParser): number | string {
  switch (vr) {
    case 'SS':
      return parser.readInt16(value, at);
    case 'UL':
      return parser.readUint32(value, at);
    case 'SL':
      return parser.readInt32(value, at);
    case 'FL':
      return finite(parser.readFloat(value, at));
    case 'FD':
      return finite(parser.readDouble(value, at));
    case 'AT':
      return hex4(parser.readUint16(value, at)) + hex4(parser.readUint16(value, at + 2));
    case 'UV':
    case 'SV':
      return wide(value, at, vr === 'SV', parser);
    default:
      return parser.readUint16(value, at);
  }
}

/** JSON has no NaN and no infinity; PS3.18 F.2.2 writes them as strings. */
function finite(number: number): number | string {
  if (Number.isFinite(number)) return number;
  return Number.isNaN(number) ? 'NaN' : number > 0 ? 'inf' : '-inf';
}

function wide(value: Uint8Array, at: number, signed: boolean, parser: ByteArrayParser): number | string {
  const bigEndian = parser === dicomParser.bigEndianByteArrayParser;
  const view = new DataView(value.buffer, value.byteOffset + at, 8);
  const number = signed ? view.getBigInt64(0, !bigEndian) : view.getBigUint64(0, !bigEndian);
  const plain = Number(number);
  return Number.isSafeInteger(plain) ? plain : number.toString();
}

function hex4(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, '0');
}

function textValues(value: Uint8Array, vr: string, tag: string, level: Level): DicomJsonValue[] {
  const text = decodeText(value, vr, level.charset, level.warnings);
  const parts = SINGLE_TEXT_VRS.has(vr) ? [text] : text.split('\\');
  return parts.map((part) => {
    const read = textValue(part, vr);
    if (read !== undefined) return read;
    if (!PRESENTATION_TAGS.test(tag)) level.warnings.add('dicom/invalid-value');
    return null;
  });
}

/** Undefined for a number that isn't one. */
function textValue(part: string, vr: string): DicomJsonValue | undefined {
  // Trailing spaces and NULs are padding in every text VR (PS3.5 6.2); leading spaces are only in those that say so.
  const padded = part.replace(/[\0 ]+$/, '');
  const text = SINGLE_TEXT_VRS.has(vr) || vr === 'UC' ? padded : padded.trimStart();
  if (text === '') return null;
  if (vr === 'PN') return personName(text);
  if (vr !== 'IS' && vr !== 'DS') return text;
  const valid = vr === 'IS' ? /^[+-]?\d+$/.test(text) : /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
  return valid ? Number(text) : undefined;
}

function personName(text: string): DicomPersonName {
  const [alphabetic, ideographic, phonetic] = text.split('=').map((group) => group.trimEnd());
  const name: DicomPersonName = {};
  if (alphabetic) name.Alphabetic = alphabetic;
  if (ideographic) name.Ideographic = ideographic;
  if (phonetic) name.Phonetic = phonetic;
  return name;
}
