import { Decoder as LosslessDecoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import { CODESTREAM_PREFIX, checkCodestream } from '../../core/dicom/codestream.ts';
import { dicomError } from '../../core/dicom/errors.ts';
import { transferSyntax } from '../../core/dicom/transfer-syntax.ts';
import type { PixelFormat } from '../../core/dicom/types.ts';
import { VitrineError } from '../../core/errors.ts';
import { type DecodedFrame, decodeWasm, loadJpegImage, type WasmCodec } from './codecs.ts';
import { inflateRawLimited } from './inflate.ts';
import { bytesPerSample, interleave, nativeFrame, resize } from './native.ts';
import { decodeRle } from './rle.ts';

/** One frame as it is stored. */
export interface EncodedFrame {
  readonly transferSyntaxUid: string;
  /** The frame's bytes: native pixels, or its fragments joined. */
  readonly bytes: Uint8Array;
  readonly format: PixelFormat;
  /** Bits to skip in the first byte; not zero for some frames of one-bit images only. */
  readonly bitOffset: number;
}

/** Stored pixel values as `decodeFrame` gives them, and what the decoder said meanwhile. */
export interface DecodedValues {
  readonly bytes: Uint8Array;
  /** The decoder reported damage and went on. */
  readonly complained: boolean;
}

/**
 * Stored pixel values of one frame: little endian, samples of a pixel beside each other, one byte per value for one-bit
 * images, before any rescale or look-up table.
 * @throws VitrineError `dicom/decode`, `dicom/codestream`, `dicom/codestream-size`, `dicom/transfer-syntax`.
 */
export async function decodeFrame(frame: EncodedFrame): Promise<Uint8Array> {
  return (await decodeValues(frame)).bytes;
}

/** As `decodeFrame`. @throws as `decodeFrame` */
export async function decodeValues(frame: EncodedFrame): Promise<DecodedValues> {
  const syntax = transferSyntax(frame.transferSyntaxUid);
  if (!syntax) throw dicomError('dicom/transfer-syntax', 'unknown transfer syntax');
  const { bytes, format } = frame;
  checkCodestream(syntax.coding, bytes.subarray(0, CODESTREAM_PREFIX), bytes.length, format);
  switch (syntax.coding) {
    case 'native':
      return quiet(nativeFrame(bytes, frame.bitOffset, format));
    case 'encapsulated-native':
      return quiet(nativeFrame(bytes.subarray(0, packedLength(format)), 0, format));
    case 'deflated-frames':
      return quiet(nativeFrame(inflateRawLimited(bytes, packedLength(format) + 1), 0, format));
    case 'rle':
      return quiet(rleFrame(bytes, format));
    case 'jpeg-lossless':
      return quiet(losslessFrame(bytes, format));
    case 'jpeg':
      return format.bitsAllocated === 8 ? wasmFrame('jpeg-8', bytes, format) : quiet(await jpegFrame(bytes, format));
    default:
      return wasmFrame(syntax.coding, bytes, format);
  }
}

/** What a decoder gave that throws or says nothing. */
function quiet(bytes: Uint8Array): DecodedValues {
  return { bytes, complained: false };
}

async function wasmFrame(codec: WasmCodec, bytes: Uint8Array, format: PixelFormat): Promise<DecodedValues> {
  const frame = await decodeWasm(codec, bytes);
  return { bytes: fitted(frame, format), complained: frame.complained };
}

/** Bytes of an uncompressed frame, one-bit pixels eight to a byte. */
function packedLength(format: PixelFormat): number {
  return Math.ceil((format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8);
}

function rleFrame(bytes: Uint8Array, format: PixelFormat): Uint8Array {
  const pixels = format.rows * format.columns;
  if (format.bitsAllocated > 1) return decodeRle(bytes, pixels, format.samplesPerPixel, bytesPerSample(format));
  const packed = decodeRle(bytes, Math.ceil((pixels * format.samplesPerPixel) / 8), 1, 1);
  return nativeFrame(packed, 0, format);
}

function losslessFrame(bytes: Uint8Array, format: PixelFormat): Uint8Array {
  const size = format.bitsAllocated <= 8 ? 1 : 2;
  try {
    // The decoder reads its input's whole buffer, so it gets one of its own.
    const input = bytes.slice();
    const values = new LosslessDecoder().decode(input.buffer, 0, input.length, size);
    const out = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const whole = { components: format.samplesPerPixel, width: format.columns, height: format.rows };
    return fitted({ ...whole, bytes: out, bytesPerSample: size, planar: false }, format);
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    throw dicomError('dicom/decode', 'the compressed stream can not be decoded', {}, error);
  }
}

/** 12-bit and progressive streams; baseline goes through libjpeg-turbo as on screen. */
async function jpegFrame(bytes: Uint8Array, format: PixelFormat): Promise<Uint8Array> {
  const JpegImage = await loadJpegImage();
  try {
    const image = new JpegImage();
    image.parse(bytes);
    image.colorTransform = false;
    const values = image.getData16(format.columns, format.rows);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  } catch (error) {
    throw dicomError('dicom/decode', 'the compressed stream can not be decoded', {}, error);
  }
}

/** Checks what a codec gave against the header, and brings it to the stored form. */
function fitted(frame: Omit<DecodedFrame, 'complained'>, format: PixelFormat): Uint8Array {
  const expected = format.rows * format.columns * format.samplesPerPixel * frame.bytesPerSample;
  const same = frame.width === format.columns && frame.height === format.rows;
  if (!same || frame.components !== format.samplesPerPixel || frame.bytes.length !== expected) {
    throw dicomError('dicom/codestream-size', 'the decoded frame has another size than the header says');
  }
  const beside = frame.planar ? interleave(frame.bytes, frame.components, frame.bytesPerSample) : frame.bytes;
  return resize(beside, frame.bytesPerSample, bytesPerSample(format), format.signed);
}
