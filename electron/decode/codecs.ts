/**
 * The codecs that Cornerstone uses in the window, driven under plain Node: the same WebAssembly, so the command line
 * and the screen can't disagree about a pixel. Each is loaded on first use and kept.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dicomError } from '../../core/dicom/errors.ts';

/** A decoded frame as the codec gives it: samples of one or two bytes, little endian. */
export interface DecodedFrame {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bytesPerSample: number;
  /** Components follow each other as whole planes. */
  readonly planar: boolean;
  /** The codec reported damage and went on. */
  readonly complained: boolean;
}

type Loader = () => Promise<new () => CodecDecoder>;

const require = createRequire(import.meta.url);

/** Errors that the codecs told of and went on. They write them where they write everything else, sound streams too. */
let complaints = 0;

function listen(line: string): void {
  if (/error|corrupt/i.test(line)) complaints += 1;
}

async function load<Name extends string>(
  factory: CodecFactory<Name>,
  name: Name,
  wasm: string,
): Promise<new () => CodecDecoder> {
  const wasmBinary = await readFile(require.resolve(wasm));
  const codec = await factory({ wasmBinary, print: listen, printErr: listen });
  return codec[name];
}

const LOADERS = {
  'jpeg-ls': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-charls/decodewasmjs');
    return load(factory, 'JpegLSDecoder', '@cornerstonejs/codec-charls/decodewasm');
  },
  'jpeg-2000': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    return load(factory, 'J2KDecoder', '@cornerstonejs/codec-openjpeg/decodewasm');
  },
  htj2k: async () => {
    const { default: factory } = await import('@cornerstonejs/codec-openjph/wasmjs');
    return load(factory, 'HTJ2KDecoder', '@cornerstonejs/codec-openjph/wasm');
  },
  'jpeg-8': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
    return load(factory, 'JPEGDecoder', '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm');
  },
  'jpeg-xl': async () => {
    const { default: factory } = await import('@cornerstonejs/codec-libjxl/decodewasmjs');
    return load(factory, 'JpegXLDecoder', '@cornerstonejs/codec-libjxl/decodewasm');
  },
} satisfies Record<string, Loader>;

/** Codecs that come as WebAssembly. */
export type WasmCodec = keyof typeof LOADERS;

const loaded = new Map<WasmCodec, Promise<new () => CodecDecoder>>();

/** Decodes one frame. @throws VitrineError `dicom/decode` for a damaged stream. */
export async function decodeWasm(codec: WasmCodec, stream: Uint8Array): Promise<DecodedFrame> {
  let ready = loaded.get(codec);
  if (!ready) {
    ready = LOADERS[codec]();
    loaded.set(codec, ready);
  }
  const Decoder = await ready;
  const before = complaints;
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const info = decoder.getFrameInfo();
    return {
      // A copy: the view is of memory that the next decoder reuses.
      bytes: Uint8Array.from(decoder.getDecodedBuffer()),
      width: info.width,
      height: info.height,
      components: info.componentCount,
      bytesPerSample: info.bitsPerSample > 8 ? 2 : 1,
      planar: info.componentCount > 1 && decoder.getInterleaveMode?.() === 0,
      complained: complaints !== before,
    };
  } catch (error) {
    // A C++ exception leaves the module as it was; after a trap its memory can't be trusted, so it is loaded anew.
    if (error instanceof Error && error.name === 'RuntimeError') loaded.delete(codec);
    throw dicomError('dicom/decode', 'the compressed stream can not be decoded', {}, error);
  } finally {
    release(decoder);
  }
}

function release(decoder: CodecDecoder): void {
  try {
    decoder.delete();
  } catch {
    // An aborted module can't free anything; it is dropped as a whole.
  }
}

interface JpegImage {
  colorTransform: boolean;
  parse(stream: Uint8Array): void;
  getData(width: number, height: number): Uint8Array;
  getData16(width: number, height: number): Uint16Array;
}

/**
 * Cornerstone's decoder for JPEG with 12 bits and progressive JPEG. The loader package doesn't export it, so it is
 * found beside the package's own description.
 */
export async function loadJpegImage(): Promise<new () => JpegImage> {
  try {
    const home = dirname(require.resolve('@cornerstonejs/dicom-image-loader/package.json'));
    const address = pathToFileURL(join(home, 'dist', 'esm', 'codecs', 'jpeg.js')).href;
    const found = (await import(/* @vite-ignore */ address)) as { default: new () => JpegImage };
    return found.default;
  } catch (error) {
    throw dicomError('dicom/decode', 'the decoder for 12-bit JPEG is not installed', {}, error);
  }
}
