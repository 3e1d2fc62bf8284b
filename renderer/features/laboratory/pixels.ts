import type { LabPicture } from '../../../core/contract/laboratory.ts';

/** Ends of what is drawn, in samples. */
export interface DrawnRange {
  readonly low: number;
  readonly high: number;
}

const fullScale = ({ bits }: LabPicture): number => 2 ** bits - 1;

/** What is drawn of a picture: all of its depth up to 8 bits, else the given window or what it uses. */
export function drawnRange(picture: LabPicture, window: DrawnRange | null): DrawnRange {
  if (picture.bits <= 8) return { low: 0, high: fullScale(picture) };
  if (window !== null) return window;
  let [low, high] = [fullScale(picture), 0];
  for (const sample of picture.samples) {
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return low < high ? { low, high } : { low: 0, high: fullScale(picture) };
}

/** A picture as a canvas takes it: four bytes a pixel. */
export function rgba(picture: LabPicture, { low, high }: DrawnRange): Uint8ClampedArray<ArrayBuffer> {
  const { channels, samples } = picture;
  const out = new Uint8ClampedArray((samples.length / channels) * 4);
  const factor = 255 / Math.max(1, high - low);
  for (let pixel = 0; pixel * channels < samples.length; pixel++) {
    for (let c = 0; c < 3; c++) {
      const sample = samples[pixel * channels + (channels === 3 ? c : 0)] as number;
      out[pixel * 4 + c] = (sample - low) * factor;
    }
    out[pixel * 4 + 3] = 255;
  }
  return out;
}

/** A pixel of a picture, from the upper left. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/**
 * The pixel that is drawn at a place of a surface, or null beside the picture.
 * @param at shares of the surface, counted from its middle
 * @param moved how far the picture is moved, in shares of the surface, and how much it is enlarged over fitted
 */
export function pixelAt(
  { columns, rows }: Pick<LabPicture, 'columns' | 'rows'>,
  surface: { readonly width: number; readonly height: number },
  at: readonly [number, number],
  moved: Pixel & { readonly zoom: number },
): Pixel | null {
  const scale = Math.min(surface.width / columns, surface.height / rows) * moved.zoom;
  const x = Math.floor(((at[0] - moved.x) * surface.width) / scale + columns / 2);
  const y = Math.floor(((at[1] - moved.y) * surface.height) / scale + rows / 2);
  return x >= 0 && x < columns && y >= 0 && y < rows ? { x, y } : null;
}

/** The samples of a pixel, one a channel; none outside of the picture. */
export function samplesAt({ columns, rows, channels, samples }: LabPicture, { x, y }: Pixel): number[] {
  if (x >= columns || y >= rows) return [];
  const from = (y * columns + x) * channels;
  return [...samples.slice(from, from + channels)];
}

/** How two pictures differ, made visible. */
export interface Difference {
  readonly picture: LabPicture;
  /** By what the differences were multiplied: a power of two. */
  readonly factor: number;
}

/** Largest factor: more would only show rounding. */
const MOST = 64;

/** Amount by which the samples differ, 8 bits; null where the pictures have different shapes. */
export function difference(a: LabPicture, b: LabPicture): Difference | null {
  const same = a.columns === b.columns && a.rows === b.rows && a.channels === b.channels && a.bits === b.bits;
  if (!same) return null;
  const scale = 255 / fullScale(a);
  const amounts = Float32Array.from(a.samples, (sample, i) => Math.abs(sample - (b.samples[i] as number)) * scale);
  const most = amounts.reduce((largest, amount) => Math.max(largest, amount), 0);
  let factor = 1;
  while (factor < MOST && most > 0 && most * factor * 2 <= 255) factor *= 2;
  return { picture: { ...a, bits: 8, samples: Uint8Array.from(amounts, (amount) => amount * factor) }, factor };
}

const BINS = 256;

/** How often each value occurs, in 256 steps of the picture's depth, as shares of all samples. */
export function histogram(picture: LabPicture): Float64Array {
  const counts = new Float64Array(BINS);
  const step = Math.max(1, 2 ** picture.bits / BINS);
  for (const sample of picture.samples)
    counts[Math.floor(sample / step)] = (counts[Math.floor(sample / step)] ?? 0) + 1;
  return counts.map((count) => count / picture.samples.length);
}

/** Facts of a picture for the table beside its histogram. */
export interface Spread {
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
  /** Share of the 256 steps that occur. */
  readonly used: number;
}

/** Extremes, mean and how much of the depth is used. */
export function spread(picture: LabPicture): Spread {
  let [lowest, highest, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const sample of picture.samples) {
    if (sample < lowest) lowest = sample;
    if (sample > highest) highest = sample;
    sum += sample;
  }
  const used = histogram(picture).reduce((count, share) => count + (share > 0 ? 1 : 0), 0);
  const steps = Math.min(BINS, 2 ** picture.bits);
  return { lowest, highest, mean: sum / picture.samples.length, used: used / steps };
}

export const DIRECTIONS = ['horizontal', 'vertical', 'diagonal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Neighbouring samples: pairs in 0 … 1, and their correlation over all pairs that were taken. */
export interface Scatter {
  readonly pairs: readonly (readonly [number, number])[];
  /** Null where all values are equal. */
  readonly correlation: number | null;
}

/** Pairs of pixels that stand beside, below, or below and beside each other, evenly spread over the picture. */
export function scatter(picture: LabPicture, direction: Direction, count = 2000): Scatter {
  const { columns, rows, channels, samples } = picture;
  const [dx, dy] = { horizontal: [1, 0], vertical: [0, 1], diagonal: [1, 1] }[direction] as [number, number];
  const [across, down] = [columns - dx, rows - dy];
  const places = across * down;
  if (places <= 0) return { pairs: [], correlation: null };
  // A stride without common factors with the width, so that no column is preferred.
  const stride = Math.max(1, Math.floor(places / count)) | 1;
  const most = fullScale(picture);
  const pairs: [number, number][] = [];
  for (let place = 0; place < places; place += stride) {
    const [x, y] = [place % across, Math.floor(place / across)];
    const value = samples[(y * columns + x) * channels] as number;
    const other = samples[((y + dy) * columns + x + dx) * channels] as number;
    pairs.push([value / most, other / most]);
  }
  return { pairs, correlation: correlationOf(pairs) };
}

function correlationOf(pairs: readonly (readonly [number, number])[]): number | null {
  const n = pairs.length;
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (const [a, b] of pairs) {
    sumA += a;
    sumB += b;
    squareA += a * a;
    squareB += b * b;
    product += a * b;
  }
  const [varianceA, varianceB] = [squareA - sumA ** 2 / n, squareB - sumB ** 2 / n];
  if (n === 0 || varianceA <= 1e-12 || varianceB <= 1e-12) return null;
  return (product - (sumA * sumB) / n) / Math.sqrt(varianceA * varianceB);
}

/** One bit of every sample, black and white, and the share of ones. Bit 0 is the lowest. */
export function bitPlane(picture: LabPicture, bit: number): { picture: LabPicture; ones: number } {
  let ones = 0;
  const samples = Uint8Array.from(picture.samples, (sample) => {
    const set = (sample >> bit) & 1;
    ones += set;
    return set * 255;
  });
  return { picture: { ...picture, bits: 8, samples }, ones: ones / picture.samples.length };
}
