/**
 * Reads the beginning of a DICOM file. This is the first code that hostile bytes meet, so it is pure, bounded by the
 * bytes that it is given, and run by the vault process in a worker thread with a memory and a time limit. Structure is
 * dicom-parser's work, the dictionary dcmjs's, text dicom-character-set's; here is only what they leave open: how much
 * to read, what to believe, what to refuse.
 */
import type { Element } from 'dicom-parser';
import { VitrineError } from '../errors.ts';
import { NeedMore, needMore, type Prefix, type ReadDataset, readDataset } from './dataset.ts';
import { addDicomJson } from './dicom-json.ts';
import { type DicomWarning, dicomError } from './errors.ts';
import { asciiValue, type Part10Start, readPart10Start } from './part10.ts';
import { summarize } from './summary.ts';
import type { DicomHeader, DicomJson, HeaderResult, PixelElement } from './types.ts';

/** A good first prefix: the headers of nearly all images fit. */
export const HEADER_FIRST_READ = 256 * 1024;

/** Most bytes that a deflated dataset may expand to. */
export const INFLATE_LIMIT = 128 * 1024 * 1024;

/**
 * Inflates a raw deflate stream (RFC 1951).
 * @throws VitrineError `dicom/inflate-limit` before it makes more than `maxOut` bytes, `dicom/inflate-failed` for a
 * damaged stream.
 */
export type InflateRaw = (deflated: Uint8Array, maxOut: number) => Uint8Array;

const DIRECTORY_CLASS = '1.2.840.10008.1.3.10';

/**
 * Reads the header from the first bytes of a file, or says how many it needs.
 * @param prefix bytes from the start of the file: `HEADER_FIRST_READ` of them, or the whole of a shorter file.
 * @param fileSize bytes in the file.
 * @throws VitrineError<DicomCode>, and nothing else.
 */
export function readHeader(prefix: Uint8Array, fileSize: number, inflateRaw: InflateRaw): HeaderResult {
  try {
    return readWhole({ bytes: prefix, fileSize }, inflateRaw);
  } catch (error) {
    if (error instanceof NeedMore) return { need: error.need };
    if (error instanceof VitrineError) throw error;
    if (error instanceof RangeError && /stack/i.test(error.message)) {
      throw dicomError('dicom/nesting', 'sequences are nested too deeply', {}, error);
    }
    throw dicomError('dicom/malformed', 'the header can not be read', {}, error);
  }
}

function readWhole(prefix: Prefix, inflateRaw: InflateRaw): DicomHeader {
  const warnings = new Set<DicomWarning>();
  const start = readPart10Start(prefix, warnings);
  const media = start.meta['x00020002'];
  if (media && asciiValue(prefix.bytes, media) === DIRECTORY_CLASS) throw isDirectory();
  const inflated = start.syntax.deflated ? inflate(prefix, start, inflateRaw) : null;
  const dataset = inflated
    ? readDataset({ bytes: inflated, fileSize: inflated.length }, 0, start.syntax, warnings)
    : readBody(prefix, start, warnings);
  if (dataset.elements['x00041220']) throw isDirectory();
  const json: DicomJson = {};
  const meta = { bytes: prefix.bytes, explicit: true, bigEndian: false, elements: start.meta, pixel: null };
  addDicomJson(json, meta, warnings);
  addDicomJson(json, dataset, warnings);
  // Readers of the JSON ask it for the transfer syntax, also where the file names none.
  json['00020010'] ??= { vr: 'UI', Value: [start.syntax.uid] };
  const summary = summarize(json, warnings);
  const bare = !start.marked && summary.sopInstanceUid === '' && summary.sopClassUid === null;
  if (bare) throw dicomError('dicom/not-dicom', 'no DICOM prefix, and no object either');
  return {
    transferSyntaxUid: start.syntax.uid,
    summary,
    json,
    // An empty pixel element says as much as none.
    pixels: dataset.pixel?.length ? pixelElement(dataset, dataset.pixel, inflated, start) : null,
    warnings: [...warnings],
    fileSize: prefix.fileSize,
  };
}

/** A file that isn't marked as DICOM and can't be read isn't damaged DICOM: it is something else. */
function readBody(prefix: Prefix, start: Part10Start, warnings: Set<DicomWarning>): ReadDataset {
  try {
    return readDataset(prefix, start.position, start.syntax, warnings);
  } catch (error) {
    if (start.marked || error instanceof NeedMore) throw error;
    throw dicomError('dicom/not-dicom', 'no DICOM prefix, and no dataset either', {}, error);
  }
}

function inflate(prefix: Prefix, start: Part10Start, inflateRaw: InflateRaw): Uint8Array {
  if (prefix.bytes.length < prefix.fileSize) {
    throw needMore(prefix, prefix.fileSize, 'dicom/truncated', 'a deflated dataset is read as a whole');
  }
  return inflateRaw(prefix.bytes.subarray(start.position), INFLATE_LIMIT);
}

function isDirectory(): VitrineError {
  return dicomError('dicom/directory', 'a DICOMDIR is an index, not an image');
}

function pixelElement(
  dataset: ReadDataset,
  pixel: Element,
  inflated: Uint8Array | null,
  start: Part10Start,
): PixelElement {
  const undefinedLength = pixel.hadUndefinedLength === true;
  const encapsulated = start.syntax.coding !== 'native';
  if (encapsulated !== undefinedLength) {
    throw dicomError('dicom/codestream', 'the pixel element is not encoded as the transfer syntax says', {
      encapsulated,
    });
  }
  const native = pixel.tag === 'x7fe00008' ? 'float' : pixel.tag === 'x7fe00009' ? 'double' : 'native';
  return {
    element: encapsulated ? 'encapsulated' : native,
    offset: pixel.dataOffset,
    length: undefinedLength ? null : pixel.length,
    vr: pixel.vr ?? 'OW',
    bigEndian: dataset.bigEndian,
    extendedOffsets: wideList(dataset, 'x7fe00001'),
    extendedLengths: wideList(dataset, 'x7fe00002'),
    inflated: inflated ? { from: start.position, length: inflated.length } : null,
  };
}

/** Values of an OV element; null when absent or when a value is beyond what a file offset can be. */
function wideList(dataset: ReadDataset, tag: string): number[] | null {
  const element = dataset.elements[tag];
  if (!element || element.length === 0 || element.length % 8 !== 0) return null;
  const view = new DataView(dataset.bytes.buffer, dataset.bytes.byteOffset + element.dataOffset, element.length);
  const list: number[] = [];
  for (let at = 0; at < element.length; at += 8) {
    const value = Number(view.getBigUint64(at, !dataset.bigEndian));
    if (!Number.isSafeInteger(value)) return null;
    list.push(value);
  }
  return list;
}
