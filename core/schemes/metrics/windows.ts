import type { Picture } from '../picture.ts';

/** Weighted moments of two pictures in every window that lies wholly inside. */
export interface WindowMoments {
  readonly columns: number;
  readonly rows: number;
  readonly meanA: Float64Array;
  readonly meanB: Float64Array;
  readonly varianceA: Float64Array;
  readonly varianceB: Float64Array;
  readonly covariance: Float64Array;
}

/** A plane of real values. */
export interface Plane {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** The channels of a picture as planes. */
export function planesOf({ columns, rows, channels, samples }: Picture): Plane[] {
  return Array.from({ length: channels }, (_, c) => ({
    columns,
    rows,
    values: Float64Array.from({ length: columns * rows }, (__, i) => samples[i * channels + c] as number),
  }));
}

/** Convolution with the outer product of `weights` with itself, kept where the window lies wholly inside. */
function weighted({ columns, rows, values }: Plane, weights: Float64Array): Float64Array {
  const width = columns - weights.length + 1;
  const height = rows - weights.length + 1;
  const across = new Float64Array(width * rows);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (values[y * columns + x + k] as number);
      across[y * width + x] = sum;
    }
  const both = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (across[(y + k) * width + x] as number);
      both[y * width + x] = sum;
    }
  return both;
}

/** Moments of two planes of the same size; `weights` sum to one. */
export function planeMoments(a: Plane, b: Plane, weights: Float64Array): WindowMoments {
  const { columns, rows } = a;
  const product = (p: Plane, q: Plane): Plane => ({
    columns,
    rows,
    values: p.values.map((value, i) => value * (q.values[i] as number)),
  });
  const meanA = weighted(a, weights);
  const meanB = weighted(b, weights);
  const centred = (moments: Float64Array, p: Float64Array, q: Float64Array): Float64Array =>
    moments.map((value, i) => value - (p[i] as number) * (q[i] as number));
  return {
    columns: columns - weights.length + 1,
    rows: rows - weights.length + 1,
    meanA,
    meanB,
    varianceA: centred(weighted(product(a, a), weights), meanA, meanA),
    varianceB: centred(weighted(product(b, b), weights), meanB, meanB),
    covariance: centred(weighted(product(a, b), weights), meanA, meanB),
  };
}

/** Moments channel by channel. */
export function windowMoments(a: Picture, b: Picture, weights: Float64Array): WindowMoments[] {
  const others = planesOf(b);
  return planesOf(a).map((plane, c) => planeMoments(plane, others[c] as Plane, weights));
}
