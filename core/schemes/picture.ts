import { schemesError } from './errors.ts';

/** What the schemes and the metrics work on: samples of one frame, unsigned, the channels of a pixel beside each other. */
export interface Picture {
  readonly columns: number;
  readonly rows: number;
  /** 1 grey, 3 red, green, blue. */
  readonly channels: 1 | 3;
  /** Bits Stored of DICOM: samples lie in 0 … 2^bits - 1. */
  readonly bits: number;
  readonly samples: Uint16Array;
}

/** Largest sample that the picture's depth allows: F of the metrics. */
export function fullScale({ bits }: Pick<Picture, 'bits'>): number {
  return 2 ** bits - 1;
}

/** The same geometry with other samples. */
export function withSamples(picture: Picture, samples: Uint16Array, bits = picture.bits): Picture {
  return { columns: picture.columns, rows: picture.rows, channels: picture.channels, bits, samples };
}

/** True when both have the same geometry and depth and every sample is equal. */
export function samePicture(a: Picture, b: Picture): boolean {
  return (
    a.columns === b.columns &&
    a.rows === b.rows &&
    a.channels === b.channels &&
    a.bits === b.bits &&
    a.samples.every((sample, i) => sample === b.samples[i])
  );
}

/** @throws VitrineError schemes/picture unless the fields agree with each other and the samples with the depth. */
export function checkPicture(picture: Picture): void {
  const { columns, rows, channels, bits, samples } = picture;
  if (!(columns >= 1 && rows >= 1)) throw schemesError('schemes/picture', 'the picture has no pixels');
  if (!(bits >= 1 && bits <= 16))
    throw schemesError('schemes/picture', `the picture has ${bits} bits a sample; the Laboratory takes 1 to 16`);
  if (samples.length !== columns * rows * channels)
    throw schemesError('schemes/picture', 'the picture has another number of samples than its size says');
  const most = fullScale(picture);
  if (samples.some((sample) => sample > most))
    throw schemesError('schemes/picture', 'the picture has samples beyond its depth');
}

/**
 * Brings a picture to 8 bits by its window: `low` becomes 0, `high` becomes 255. The original stays the one that counts:
 * what is made of the result can't give it back.
 */
export function windowed(picture: Picture, low: number, high: number): Picture {
  const width = Math.max(high - low, 1);
  const samples = picture.samples.map((sample) =>
    Math.min(255, Math.max(0, Math.floor(((sample - low) * 255) / width + 0.5))),
  );
  return withSamples(picture, samples, 8);
}

/** Smallest and largest sample. */
export function range(picture: Picture): { low: number; high: number } {
  let low = 65_535;
  let high = 0;
  for (const sample of picture.samples) {
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return { low, high };
}

/** A part of a picture. It lies inside. */
export function cropped(picture: Picture, left: number, top: number, columns: number, rows: number): Picture {
  const { channels } = picture;
  const samples = new Uint16Array(columns * rows * channels);
  for (let y = 0; y < rows; y++) {
    const start = ((top + y) * picture.columns + left) * channels;
    samples.set(picture.samples.subarray(start, start + columns * channels), y * columns * channels);
  }
  return { columns, rows, channels, bits: picture.bits, samples };
}

/** The picture with its last column and row repeated until both sides are multiples of `unit`. */
export function padded(picture: Picture, unit: number): Picture {
  const columns = Math.ceil(picture.columns / unit) * unit;
  const rows = Math.ceil(picture.rows / unit) * unit;
  if (columns === picture.columns && rows === picture.rows) return picture;
  const { channels } = picture;
  const samples = new Uint16Array(columns * rows * channels);
  for (let y = 0; y < rows; y++) {
    const from = Math.min(y, picture.rows - 1) * picture.columns;
    for (let x = 0; x < columns; x++) {
      const source = (from + Math.min(x, picture.columns - 1)) * channels;
      for (let c = 0; c < channels; c++)
        samples[(y * columns + x) * channels + c] = picture.samples[source + c] as number;
    }
  }
  return { columns, rows, channels, bits: picture.bits, samples };
}

/** Samples as bytes: one each up to 8 bits, else two, little endian. */
export function sampleBytes({ bits, samples }: Pick<Picture, 'bits' | 'samples'>): Uint8Array {
  if (bits <= 8) return new Uint8Array(samples);
  const bytes = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    bytes[2 * i] = (samples[i] as number) & 255;
    bytes[2 * i + 1] = (samples[i] as number) >> 8;
  }
  return bytes;
}

/** Reads what `sampleBytes` wrote. */
export function samplesFrom(bytes: Uint8Array, bits: number): Uint16Array {
  if (bits <= 8) return new Uint16Array(bytes);
  return Uint16Array.from(
    { length: bytes.length >> 1 },
    (_, i) => (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8),
  );
}

/** One byte of every sample, with the number of values that it can take. */
export interface BytePlane {
  readonly name: 'byte' | 'low byte' | 'high byte';
  readonly bins: number;
  readonly bytes: Uint8Array;
}

/** The byte planes of a picture: statistics over 65,536 bins say little of a picture with fewer pixels than bins. */
export function bytePlanes({ bits, samples }: Picture): BytePlane[] {
  if (bits <= 8) return [{ name: 'byte', bins: 2 ** bits, bytes: new Uint8Array(samples) }];
  return [
    { name: 'low byte', bins: 256, bytes: Uint8Array.from(samples, (sample) => sample & 255) },
    { name: 'high byte', bins: 2 ** (bits - 8), bytes: Uint8Array.from(samples, (sample) => sample >> 8) },
  ];
}
