/** Types of the build of libjpeg-turbo that also encodes. Only what Vitrine calls. */

interface TurboEncoder {
  getDecodedBuffer(info: {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }): Uint8Array;
  /** 0 is 4:4:4. */
  setSubSampling(mode: number): void;
  setProgressive(progressive: boolean): void;
  setQuality(quality: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs' {
  interface Codec {
    readonly JPEGEncoder: new () => TurboEncoder;
    readonly JPEGDecoder: new () => CodecDecoder;
  }
  const factory: (options: {
    wasmBinary: Uint8Array;
    print?: (line: string) => void;
    printErr?: (line: string) => void;
  }) => Promise<Codec>;
  export default factory;
}
