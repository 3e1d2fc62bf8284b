/**
 * Cornerstone's image codecs, one by one and by their own packages: the DICOM image loader that wraps them brings the
 * whole renderer and its network loaders with it. Each is loaded when the first frame wants it.
 */
import { type FrameFormat, UnsupportedSyntax } from './format.ts';

/** A codec's output: little-endian samples of one size. */
export interface CodecOutput {
  readonly bytes: Uint8Array;
  readonly planar: boolean;
  /** The codec has already turned the codestream's colour into RGB. */
  readonly rgb: boolean;
  /** The codec wrote a complaint and went on. */
  readonly damaged: boolean;
}

type Codec = (bytes: Uint8Array<ArrayBuffer>, format: FrameFormat) => Promise<CodecOutput>;
type Decoder = new () => CodecDecoder;

/**
 * Errors that the codecs told of and went on. They write them where they write everything else; a worker decodes one frame
 * at a time, so they are its own.
 */
let complaints = 0;
const listen = (line: string): void => {
  if (/error|corrupt/i.test(line)) complaints += 1;
};

/** Where a module's WebAssembly lies: beside this worker, put there by the bundler. */
const from = (wasm: URL) => ({ locateFile: () => wasm.href, print: listen, printErr: listen });

const MODULES = {
  jpeg: async (): Promise<Decoder> => {
    const { default: factory } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
    const wasm = new URL('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm', import.meta.url);
    return (await factory(from(wasm))).JPEGDecoder;
  },
  jpegLs: async (): Promise<Decoder> => {
    const { default: factory } = await import('@cornerstonejs/codec-charls/decodewasmjs');
    const wasm = new URL('@cornerstonejs/codec-charls/decodewasm', import.meta.url);
    return (await factory(from(wasm))).JpegLSDecoder;
  },
  jpeg2000: async (): Promise<Decoder> => {
    const { default: factory } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    const wasm = new URL('@cornerstonejs/codec-openjpeg/decodewasm', import.meta.url);
    return (await factory(from(wasm))).J2KDecoder;
  },
  highThroughput: async (): Promise<Decoder> => {
    const { default: factory } = await import('@cornerstonejs/codec-openjph/wasmjs');
    const wasm = new URL('@cornerstonejs/codec-openjph/wasm', import.meta.url);
    return (await factory(from(wasm))).HTJ2KDecoder;
  },
  jpegXl: async (): Promise<Decoder> => {
    const { default: factory } = await import('@cornerstonejs/codec-libjxl/decodewasmjs');
    const wasm = new URL('@cornerstonejs/codec-libjxl/decodewasm', import.meta.url);
    return (await factory(from(wasm))).JpegXLDecoder;
  },
};

type ModuleName = keyof typeof MODULES;
const loaded = new Map<ModuleName, Promise<Decoder>>();

function decoderOf(name: ModuleName): Promise<Decoder> {
  const ready = loaded.get(name) ?? MODULES[name]();
  loaded.set(name, ready);
  return ready;
}

/** Memory of a decoder is given back even after it failed; a module that aborted can't, and goes with its worker. */
function release(decoder: CodecDecoder): void {
  try {
    decoder.delete();
  } catch {
    // Nothing is left to free in a module that aborted.
  }
}

const wasmCodec =
  (name: ModuleName): Codec =>
  async (bytes, format) => {
    const decoder = new (await decoderOf(name))();
    const before = complaints;
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const info = decoder.getFrameInfo();
      const same = info.width === format.columns && info.height === format.rows;
      if (!same || info.componentCount !== format.samples) throw new RangeError('codestream and attributes disagree');
      const planar = info.componentCount > 1 && decoder.getInterleaveMode?.() === 0;
      // A copy: the view is of memory that the next decoder takes.
      return {
        bytes: Uint8Array.from(decoder.getDecodedBuffer()),
        planar,
        rgb: name === 'jpeg' && format.samples === 3,
        damaged: complaints !== before,
      };
    } catch (error) {
      if (error instanceof Error && error.name === 'RuntimeError') loaded.delete(name);
      throw error;
    } finally {
      release(decoder);
    }
  };

const lossless: Codec = async (bytes, format) => {
  const { Decoder: Lossless } = await import('@cornerstonejs/jpeg-lossless-decoder-js');
  const values = new Lossless().decode(bytes.buffer, bytes.byteOffset, bytes.length, format.bitsAllocated <= 8 ? 1 : 2);
  return {
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    planar: false,
    rgb: false,
    damaged: false,
  };
};

interface TwelveBitDecoder {
  colorTransform: boolean;
  parse(bytes: Uint8Array): void;
  getData16(width: number, height: number): Uint16Array;
}

/**
 * 12-bit and progressive JPEG. The loader package keeps this decoder to itself: it is exported together with the whole
 * renderer only, which a worker can't load. So this one file is taken by its path.
 */
const extended: Codec = async (bytes, format) => {
  const library = await import('../../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/codecs/jpeg.js');
  const JpegImage = library.default as unknown as new () => TwelveBitDecoder;
  const image = new JpegImage();
  image.parse(bytes);
  image.colorTransform = false;
  const values = image.getData16(format.columns, format.rows);
  return {
    bytes: new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength),
    planar: false,
    rgb: false,
    damaged: false,
  };
};

const baseline = wasmCodec('jpeg');
const jpegLs = wasmCodec('jpegLs');
const jpeg2000 = wasmCodec('jpeg2000');
const highThroughput = wasmCodec('highThroughput');
const jpegXl = wasmCodec('jpegXl');
const eightOrTwelve: Codec = (bytes, format) => (format.bitsAllocated === 8 ? baseline : extended)(bytes, format);

const JPEG = '1.2.840.10008.1.2.4.';
const CODECS: Readonly<Record<string, Codec>> = {
  [`${JPEG}50`]: eightOrTwelve,
  [`${JPEG}51`]: eightOrTwelve,
  [`${JPEG}53`]: eightOrTwelve,
  [`${JPEG}55`]: eightOrTwelve,
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
  [`${JPEG}110`]: jpegXl,
  [`${JPEG}111`]: jpegXl,
  [`${JPEG}112`]: jpegXl,
};

/** Decodes one codestream. @throws UnsupportedSyntax, or whatever the codec throws on damaged data. */
export function decodeCodestream(
  uid: string,
  bytes: Uint8Array<ArrayBuffer>,
  format: FrameFormat,
): Promise<CodecOutput> {
  const codec = CODECS[uid];
  if (codec === undefined) throw new UnsupportedSyntax('no decoder for this transfer syntax');
  return codec(bytes, format);
}
