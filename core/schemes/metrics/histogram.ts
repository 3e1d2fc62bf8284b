import type { BytePlane } from '../picture.ts';
import { chiSquareTail } from './special-functions.ts';

/** How far a histogram is from flat. */
export interface HistogramTest {
  readonly chiSquare: number;
  readonly degrees: number;
  /** P of a random picture being at least as uneven. Below 0.05 it is uneven; above 0.99 it is suspiciously even. */
  readonly p: number;
}

/** Chi-square of a byte plane's histogram against the flat one. */
export function histogramTest({ bytes, bins }: BytePlane): HistogramTest {
  const counts = new Uint32Array(bins);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  const expected = bytes.length / bins;
  let chiSquare = 0;
  for (const count of counts) chiSquare += (count - expected) ** 2 / expected;
  return { chiSquare, degrees: bins - 1, p: chiSquareTail(chiSquare, bins - 1) };
}
