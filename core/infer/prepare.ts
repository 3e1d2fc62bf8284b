/**
 * From an image as it is stored to what a model of brain MR sees: grey, the square around the head, resampled, its range of
 * brightness taken from the image itself. All of it is invariant to an increasing linear map of the samples, so that a window,
 * a rescale slope or a bit depth makes no difference.
 */
import { inferError } from './errors.ts';
import type { ImageFacts, Prepared, SeenSquare, SourceImage } from './image.ts';

const SMALLEST_SIDE = 32;
const LARGEST_SIDE = 8192;
const MOST_ELONGATED = 3;
const FEWEST_BITS = 6;
/** Shares of the pixels below and above which brightness is cut: a few hot pixels don't decide the contrast. */
const DARK = 0.005;
const BRIGHT = 0.995;
/** Share of the range above which a pixel counts as head, and of a line from which it counts as reaching through it. */
const FOREGROUND = 0.1;
const THROUGH = 0.02;
const MARGIN = 1.04;

interface Plane {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/**
 * @param size side of the model's input, in pixels
 * @throws VitrineError infer/modality, infer/size, infer/depth, infer/flat
 */
export function prepareBrainMr(image: SourceImage, facts: ImageFacts, size: number): Prepared {
  check(image, facts);
  const plane = grey(image);
  if (facts.inverted) for (let i = 0; i < plane.values.length; i++) plane.values[i] = -(plane.values[i] as number);
  const { low, high } = rangeOf(plane.values);
  if (!(high > low))
    throw inferError('infer/flat', 'the image has one value nearly everywhere; choose an image with a head in it');
  const values = plane.values.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low))));
  const scaled = { ...plane, values };
  const seen = squareAround(scaled);
  return { input: resampled(scaled, seen, size), seen };
}

function check({ columns, rows, bits, samples, channels }: SourceImage, { modality }: ImageFacts): void {
  if (modality !== null && modality !== 'MR')
    throw inferError(
      'infer/modality',
      `the model was made for MR and the image is of modality ${modality.slice(0, 16)}`,
    );
  const [short, long] = [Math.min(columns, rows), Math.max(columns, rows)];
  if (!(short >= SMALLEST_SIDE && long <= LARGEST_SIDE && long <= MOST_ELONGATED * short))
    throw inferError(
      'infer/size',
      `the model takes images of ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels a side, at most ${MOST_ELONGATED} times as long as wide; this one has ${columns} × ${rows}`,
    );
  if (!(bits >= FEWEST_BITS && bits <= 16) || (channels !== 1 && channels !== 3))
    throw inferError('infer/depth', `the model takes ${FEWEST_BITS} to 16 bits a sample; the image has ${bits}`);
  if (samples.length !== columns * rows * channels)
    throw inferError('infer/size', 'the image has another number of samples than its size says');
}

/** ITU-R BT.601 luma of colour; grey stays as it is. */
function grey({ columns, rows, channels, samples }: SourceImage): Plane {
  const values = new Float32Array(columns * rows);
  for (let i = 0; i < values.length; i++)
    values[i] =
      channels === 1
        ? (samples[i] as number)
        : 0.299 * (samples[3 * i] as number) +
          0.587 * (samples[3 * i + 1] as number) +
          0.114 * (samples[3 * i + 2] as number);
  return { columns, rows, values };
}

function rangeOf(values: Float32Array): { low: number; high: number } {
  const sorted = values.toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return { low: at(DARK), high: at(BRIGHT) };
}

/** First and last line that reaches through the foreground, or all of them. */
function extent(counts: Uint32Array, length: number): { from: number; to: number } {
  const needed = THROUGH * length;
  const from = counts.findIndex((count) => count > needed);
  const to = counts.findLastIndex((count) => count > needed);
  return from === -1 ? { from: 0, to: counts.length } : { from, to: to + 1 };
}

function squareAround({ columns, rows, values }: Plane): SeenSquare {
  const [across, down] = [new Uint32Array(columns), new Uint32Array(rows)];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      if ((values[y * columns + x] as number) > FOREGROUND) {
        across[x] = (across[x] as number) + 1;
        down[y] = (down[y] as number) + 1;
      }
  const [horizontal, vertical] = [extent(across, rows), extent(down, columns)];
  const side = MARGIN * Math.max(horizontal.to - horizontal.from, vertical.to - vertical.from);
  return {
    left: (horizontal.from + horizontal.to - side) / 2,
    top: (vertical.from + vertical.to - side) / 2,
    side,
  };
}

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Triangle filter as wide as the step where it shrinks, so that nothing aliases; linear interpolation where it grows. */
function tapsOf(start: number, side: number, size: number, length: number): Taps[] {
  const step = side / size;
  const radius = Math.max(1, step);
  return Array.from({ length: size }, (_, i) => {
    const centre = start + (i + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - radius));
    const last = Math.min(length - 1, Math.floor(centre + radius));
    const weights: number[] = [];
    for (let at = first; at <= last; at++) weights.push((1 - Math.abs(at - centre) / radius) / radius);
    return { first, weights };
  });
}

/** What lies outside of the image counts as black. */
function resampled({ columns, rows, values }: Plane, { left, top, side }: SeenSquare, size: number): Float32Array {
  const [across, down] = [tapsOf(left, side, size, columns), tapsOf(top, side, size, rows)];
  const narrow = new Float32Array(rows * size);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < size; x++) {
      const { first, weights } = across[x] as Taps;
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (values[y * columns + first + k] as number);
      narrow[y * size + x] = sum;
    }
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    const { first, weights } = down[y] as Taps;
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (narrow[(first + k) * size + x] as number);
      out[y * size + x] = Math.min(1, Math.max(0, sum));
    }
  }
  return out;
}
