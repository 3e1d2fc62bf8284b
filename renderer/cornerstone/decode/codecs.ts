/**
 * The image codecs of Cornerstone's DICOM image loader, one by one. They are taken from the package's files because its
 * index brings the whole renderer with it, which can't load in a worker; nothing of the loader's network side is used.
 */
import decodeHTJ2K from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeHTJ2K.js';
import decodeJPEG2000 from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEG2000.js';
import decodeJPEGBaseline8Bit from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEGBaseline8Bit.js';
import decodeJPEGExtended from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEGBaseline12Bit-js.js';
import decodeJPEGLossless from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEGLossless.js';
import decodeJPEGLS from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEGLS.js';
import decodeJPEGXL from '../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeJPEGXL.js';
import { type FrameFormat, UnsupportedSyntax } from './format.ts';

/** A codec's output: little-endian samples. */
export interface CodecOutput {
  readonly bytes: Uint8Array;
  readonly planar: boolean;
  /** The codec has already turned the codestream's colour into RGB. */
  readonly rgb: boolean;
}

interface LoaderResult {
  readonly pixelData?: ArrayBufferView;
  readonly interleaveMode?: number;
}

function loaderFrame(format: FrameFormat): Record<string, unknown> {
  return {
    rows: format.rows,
    columns: format.columns,
    samplesPerPixel: format.samples,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    pixelRepresentation: format.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: format.photometric,
    signed: format.signed,
    bytesPerPixel: format.bitsAllocated <= 8 ? 1 : 2,
  };
}

type Codec = (bytes: Uint8Array, format: FrameFormat) => Promise<LoaderResult>;
/** The loader's decoders take either (frame, bytes) or (bytes, frame), and their types are loose. */
type FrameFirst = (frame: unknown, bytes: Uint8Array) => Promise<LoaderResult>;
type BytesFirst = (bytes: Uint8Array, frame: unknown) => Promise<LoaderResult>;

const frameFirst =
  (decode: unknown): Codec =>
  (bytes, format) =>
    (decode as FrameFirst)(loaderFrame(format), bytes);
const bytesFirst =
  (decode: unknown): Codec =>
  (bytes, format) =>
    (decode as BytesFirst)(bytes, loaderFrame(format));

const baseline = bytesFirst(decodeJPEGBaseline8Bit);
const extended = frameFirst(decodeJPEGExtended);
const lossless = frameFirst(decodeJPEGLossless);
const jpegLs = bytesFirst(decodeJPEGLS);
const jpeg2000 = bytesFirst(decodeJPEG2000);
const highThroughput = bytesFirst(decodeHTJ2K);
const jpegXl = bytesFirst(decodeJPEGXL);

const JPEG = '1.2.840.10008.1.2.4.';
const CODECS: Readonly<Record<string, Codec>> = {
  [`${JPEG}50`]: baseline,
  [`${JPEG}51`]: (bytes, format) => (format.bitsStored <= 8 ? baseline : extended)(bytes, format),
  [`${JPEG}53`]: extended,
  [`${JPEG}55`]: extended,
  [`${JPEG}57`]: lossless,
  [`${JPEG}70`]: lossless,
  [`${JPEG}80`]: jpegLs,
  [`${JPEG}81`]: jpegLs,
  [`${JPEG}90`]: jpeg2000,
  [`${JPEG}91`]: jpeg2000,
  [`${JPEG}92`]: jpeg2000,
  [`${JPEG}93`]: jpeg2000,
  [`${JPEG}201`]: highThroughput,
  [`${JPEG}202`]: highThroughput,
  [`${JPEG}203`]: highThroughput,
  '3.2.840.10008.1.2.4.96': highThroughput,
  [`${JPEG}110`]: jpegXl,
  [`${JPEG}111`]: jpegXl,
  [`${JPEG}112`]: jpegXl,
};

/** Decodes one codestream. @throws UnsupportedSyntax, or whatever the codec throws on damaged data. */
export async function decodeCodestream(uid: string, bytes: Uint8Array, format: FrameFormat): Promise<CodecOutput> {
  const codec = CODECS[uid];
  if (codec === undefined) throw new UnsupportedSyntax('no decoder for this transfer syntax');
  const result = await codec(bytes, format);
  const data = result.pixelData;
  if (data === undefined) throw new RangeError('codec returned nothing');
  const output = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const turbo = codec === baseline || (uid === `${JPEG}51` && format.bitsStored <= 8);
  return { bytes: output, planar: codec === jpegLs && result.interleaveMode === 0, rgb: turbo && format.samples === 3 };
}
