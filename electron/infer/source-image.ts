import { inferError } from '../../core/infer/errors.ts';
import type { ImageFacts, SourceImage } from '../../core/infer/image.ts';
import type { JpegCodec } from '../../core/schemes/scheme.ts';
import { type ByteReader, headerOf, type StoredFrame, storedFrame, withFileReader } from '../decode/pixels-of.ts';
import { pictureFromBytes, pictureFromFrame } from '../laboratory/picture-file.ts';

/** An image as models take it, with the kind of file that it came from. */
export interface ReadImage {
  readonly source: 'dicom' | 'jpeg' | 'png';
  readonly image: SourceImage;
  readonly facts: ImageFacts;
}

const START = 8;
/** JPEG and PNG begin so. */
const SIGNATURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
];
/** Kinds of pixels whose samples are brightness or red, green and blue (PS3.3 C.7.6.3.1.2). */
const TAKEN = ['MONOCHROME1', 'MONOCHROME2', 'RGB'];

/** Whether a file begins as a JPEG or a PNG does. */
export function isPictureFile(start: Uint8Array): boolean {
  return SIGNATURES.some((signature) => signature.every((byte, i) => start[i] === byte));
}

/** Longer side of a picture on the screen. */
const SHOWN_SIDE = 512;

/** A picture as it is shown beside its scores: 8 bits, and no larger than there is room for. */
export function forScreen({ columns, rows, channels, bits, samples }: SourceImage) {
  const step = Math.max(1, Math.max(columns, rows) / SHOWN_SIDE);
  const [width, height] = [Math.max(1, Math.floor(columns / step)), Math.max(1, Math.floor(rows / step))];
  const most = 2 ** bits - 1;
  const shown = new Uint8Array(width * height * channels);
  for (let at = 0; at < shown.length; at++) {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [row, column] = [Math.floor(Math.floor(pixel / width) * step), Math.floor((pixel % width) * step)];
    shown[at] = (255 * (samples[(row * columns + column) * channels + channel] as number)) / most;
  }
  return { columns: width, rows: height, channels, samples: shown };
}

/**
 * Reads a frame of a DICOM object, a JPEG or a PNG.
 * @param frame counted from 0; JPEG and PNG have one
 * @throws VitrineError<DicomCode>, schemes/file, schemes/too-large, infer/depth
 */
export async function imageFrom(reader: ByteReader, frame: number, jpeg: JpegCodec): Promise<ReadImage> {
  const start = await reader.read(0, Math.min(START, reader.size));
  if (isPictureFile(start)) {
    const { source, picture } = await pictureFromBytes(await reader.read(0, reader.size), 0, jpeg);
    return { source, image: picture, facts: { modality: null, inverted: false } };
  }
  const { summary } = await headerOf(reader);
  return imageOfFrame(await storedFrame(reader, frame), summary.modality);
}

/** The same for a file. @throws also what the operating system says of it */
export function imageOfFile(path: string, frame: number, jpeg: JpegCodec): Promise<ReadImage> {
  return withFileReader(path, (reader) => imageFrom(reader, frame, jpeg));
}

/** The same for a frame that was decoded already. @throws VitrineError infer/depth */
export function imageOfFrame(stored: StoredFrame, modality: string | null): ReadImage {
  const { photometricInterpretation, bitsStored, element } = stored.format;
  if (element === 'float' || element === 'double' || bitsStored > 16)
    throw inferError('infer/depth', 'the model takes whole numbers of up to 16 bits; the image has others');
  if (!TAKEN.includes(photometricInterpretation))
    throw inferError('infer/depth', 'the model takes grey or RGB images; the image has another kind of colour');
  const facts = { modality, inverted: photometricInterpretation === 'MONOCHROME1' };
  return { source: 'dicom', image: pictureFromFrame(stored), facts };
}
