/// <reference path="./turbo-encoder.d.ts" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { schemesError } from '../../core/schemes/errors.ts';
import type { Picture } from '../../core/schemes/picture.ts';
import type { JpegCodec } from '../../core/schemes/scheme.ts';

const require = createRequire(import.meta.url);
const FULL_COLOUR = 0;
const BEST_QUALITY = 95;

/** Below this many samples a stream can be longer than they are: headers and tables alone take hundreds of bytes. */
const SMALL = 2 ** 16;
/** Side of what is encoded first so that a small picture's stream has room. */
const ROOM_SIDE = 320;

/** Encodes into the encoder's buffer. */
function encodeInto(encoder: TurboEncoder, { columns, rows, channels, samples }: Picture, quality: number): void {
  const info = { width: columns, height: rows, componentCount: channels, bitsPerSample: 8, isSigned: false };
  encoder.getDecodedBuffer(info).set(samples);
  encoder.setSubSampling(FULL_COLOUR);
  encoder.setProgressive(true);
  encoder.setQuality(quality);
  encoder.encode();
}

/** What makes room: the buffer keeps its size when something smaller is encoded after it. */
const blank = (): Picture => ({
  columns: ROOM_SIDE,
  rows: ROOM_SIDE,
  channels: 1,
  bits: 8,
  samples: new Uint16Array(ROOM_SIDE * ROOM_SIDE),
});

/**
 * libjpeg-turbo as WebAssembly, for the Laboratory: progressive with its own Huffman tables, 8 bits, grey or 4:4:4. The
 * package's encoder has room for a stream as long as the samples and writes past it when noise needs more, which
 * baseline streams do at quality 95 and progressive ones above it: so progressive, and 95 at most. A small picture, whose
 * tables alone can be longer, gets room first, and is refused when its stream didn't fit.
 */
export async function createJpegCodec(): Promise<JpegCodec> {
  const { default: factory } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs');
  const wasmBinary = await readFile(require.resolve('@cornerstonejs/codec-libjpeg-turbo-8bit/wasm'));
  const silent = (): void => undefined;
  const codec = await factory({ wasmBinary, print: silent, printErr: silent });
  return {
    id: 'libjpeg-turbo (WebAssembly)',
    encode(picture, quality) {
      if (quality > BEST_QUALITY)
        throw schemesError('schemes/parameter', `the JPEG codec encodes up to quality ${BEST_QUALITY}`);
      const encoder = new codec.JPEGEncoder();
      try {
        if (picture.samples.length < SMALL) encodeInto(encoder, blank(), quality);
        encodeInto(encoder, picture, quality);
        // A copy: the view is of memory that the next encoder reuses.
        const stream = Uint8Array.from(encoder.getEncodedBuffer());
        if (stream.length <= picture.samples.length) return stream;
        throw schemesError(
          'schemes/too-small',
          'the JPEG of a picture this small takes more bytes than its samples; choose a larger picture',
        );
      } finally {
        encoder.delete();
      }
    },
    decode(stream) {
      const decoder = new codec.JPEGDecoder();
      try {
        return decoded(decoder, stream);
      } catch {
        throw schemesError('schemes/payload', 'the stream is no JPEG that can be decoded');
      } finally {
        decoder.delete();
      }
    },
  };
}

function decoded(decoder: CodecDecoder, stream: Uint8Array): Picture {
  decoder.getEncodedBuffer(stream.length).set(stream);
  decoder.decode();
  const { width, height, componentCount } = decoder.getFrameInfo();
  const samples = Uint16Array.from(decoder.getDecodedBuffer());
  return { columns: width, rows: height, channels: componentCount === 3 ? 3 : 1, bits: 8, samples };
}
