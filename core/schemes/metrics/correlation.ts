import type { Picture } from '../picture.ts';
import { upperNormalQuantile } from './special-functions.ts';

/** Pearson's r of a pixel with its neighbour; null where a constant picture leaves it undefined. */
export interface AdjacentCorrelation {
  readonly horizontal: number | null;
  readonly vertical: number | null;
  readonly diagonal: number | null;
}

/** Over all pairs of neighbours of the same channel. */
export function adjacentCorrelation(picture: Picture): AdjacentCorrelation {
  return {
    horizontal: correlation(picture, 1, 0),
    vertical: correlation(picture, 0, 1),
    diagonal: correlation(picture, 1, 1),
  };
}

/** The |r| below which `pairs` pairs are not correlated at level alpha. */
export function correlationBound(pairs: number, alpha = 0.05): number {
  return upperNormalQuantile(alpha / 2) / Math.sqrt(pairs);
}

function correlation({ columns, rows, channels, samples }: Picture, right: number, down: number): number | null {
  const step = (down * columns + right) * channels;
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows - down; row++) {
    const start = row * columns * channels;
    for (let at = start; at < start + (columns - right) * channels; at++) {
      const a = samples[at] as number;
      const b = samples[at + step] as number;
      n++;
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
  }
  const spread = (n * xx - x * x) * (n * yy - y * y);
  return n === 0 || spread <= 0 ? null : (n * xy - x * y) / Math.sqrt(spread);
}
