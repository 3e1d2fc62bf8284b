/** Types of Cornerstone's WebAssembly codecs; the packages have none. Only what Vitrine calls, in the window and on the command line. */

/** What the Emscripten decoders tell of a frame once it is decoded. */
interface CodecFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}

/** The shape that all of Cornerstone's Emscripten decoders share. Buffers are views of the module's memory. */
interface CodecDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): CodecFrameInfo;
  getDecodedBuffer(): Uint8Array;
  /** JPEG-LS only: 0 is one component after the other, 1 by line, 2 by sample. */
  getInterleaveMode?(): number;
  delete(): void;
}

/** A module's WebAssembly comes as bytes or is looked for by its address. */
type CodecFactory<Name extends string> = (options: {
  wasmBinary?: Uint8Array;
  locateFile?: (file: string) => string;
  print?: (line: string) => void;
  printErr?: (line: string) => void;
}) => Promise<Readonly<Record<Name, new () => CodecDecoder>>>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: CodecFactory<'JpegLSDecoder'>;
  export default factory;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: CodecFactory<'J2KDecoder'>;
  export default factory;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: CodecFactory<'HTJ2KDecoder'>;
  export default factory;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: CodecFactory<'JPEGDecoder'>;
  export default factory;
}

declare module '@cornerstonejs/codec-libjxl/decodewasmjs' {
  const factory: CodecFactory<'JpegXLDecoder'>;
  export default factory;
}
