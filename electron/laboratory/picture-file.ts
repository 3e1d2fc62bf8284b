import { hasCode, VitrineError } from '../../core/errors.ts';
import { schemesError } from '../../core/schemes/errors.ts';
import type { Picture } from '../../core/schemes/picture.ts';
import type { JpegCodec } from '../../core/schemes/scheme.ts';
import { type ByteReader, memoryReader, type StoredFrame, storedFrame, withFileReader } from '../decode/pixels-of.ts';
import { decodePng, isPng } from '../decode/png.ts';

/** Most samples that the Laboratory works on: its metrics hold several planes of real numbers at once. */
const MOST_SAMPLES = 2 ** 23;

/** A picture with the kind of file that it came from. */
export interface LabPicture {
  readonly source: 'dicom' | 'jpeg' | 'png';
  readonly picture: Picture;
}

/**
 * Reads a frame of a DICOM file, a JPEG or a PNG.
 * @param frame counted from 0; JPEG and PNG have one
 * @throws VitrineError<DicomCode>, schemes/picture, schemes/file, schemes/too-large
 */
export function pictureFromFile(path: string, frame: number, jpeg: JpegCodec): Promise<LabPicture> {
  return withFileReader(path, (reader) => pictureFrom(reader, frame, jpeg));
}

/** The same for a file that is in memory. */
export function pictureFromBytes(bytes: Uint8Array, frame: number, jpeg: JpegCodec): Promise<LabPicture> {
  return pictureFrom(memoryReader(bytes), frame, jpeg);
}

async function pictureFrom(reader: ByteReader, frame: number, jpeg: JpegCodec): Promise<LabPicture> {
  const start = await reader.read(0, Math.min(8, reader.size));
  const whole = (): Promise<Uint8Array> => reader.read(0, reader.size);
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff)
    return { source: 'jpeg', picture: boundedPicture(decodedJpeg(await whole(), jpeg)) };
  if (isPng(start)) return { source: 'png', picture: boundedPicture(decodePng(await whole())) };
  return { source: 'dicom', picture: boundedPicture(pictureFromFrame(await dicomFrame(reader, frame))) };
}

async function dicomFrame(reader: ByteReader, frame: number): Promise<StoredFrame> {
  try {
    return await storedFrame(reader, frame);
  } catch (cause) {
    if (!hasCode(cause, 'dicom/not-dicom')) throw cause;
    // Said of a text or a program too: nobody meant it to be DICOM.
    throw new VitrineError('schemes/file', 'the file is no JPEG, PNG or DICOM image; choose one that is', { cause });
  }
}

function decodedJpeg(stream: Uint8Array, jpeg: JpegCodec): Picture {
  try {
    return jpeg.decode(stream);
  } catch (cause) {
    throw new VitrineError('schemes/file', 'the file is no JPEG that can be decoded; save it again', { cause });
  }
}

/** The picture itself. @throws VitrineError schemes/too-large where it has more samples than the Laboratory takes */
export function boundedPicture(picture: Picture): Picture {
  if (picture.samples.length > MOST_SAMPLES)
    throw schemesError(
      'schemes/too-large',
      `the Laboratory takes up to ${MOST_SAMPLES} samples; choose a smaller image`,
    );
  return picture;
}

/** Stored values as unsigned samples: signed ones are moved up by half their range, the overlay bits beside them cleared. */
export function pictureFromFrame({ format, bytes }: StoredFrame): Picture {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, signed, element } = format;
  if (element === 'float' || element === 'double' || bitsStored > 16 || bitsAllocated > 16)
    throw schemesError('schemes/picture', 'the Laboratory takes whole numbers of up to 16 bits');
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw schemesError(
      'schemes/picture',
      `the Laboratory takes 1 or 3 samples a pixel, and this image has ${samplesPerPixel}`,
    );
  const wide = bitsAllocated > 8;
  const [shift, mask, half] = [highBit + 1 - bitsStored, 2 ** bitsStored - 1, signed ? 2 ** (bitsStored - 1) : 0];
  const samples = Uint16Array.from({ length: rows * columns * samplesPerPixel }, (_, i) => {
    const stored = wide ? (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8) : (bytes[i] as number);
    return ((stored >> shift) & mask) ^ half;
  });
  return { columns, rows, channels: samplesPerPixel, bits: bitsStored, samples };
}
