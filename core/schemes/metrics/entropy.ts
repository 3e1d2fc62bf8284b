import type { BytePlane, Picture } from '../picture.ts';
import { lnGamma, upperNormalQuantile } from './special-functions.ts';

/** Shannon entropy in bits of values below `bins`. */
export function shannonEntropy(values: Uint8Array | Uint16Array, bins: number): number {
  const counts = new Uint32Array(bins);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  let entropy = 0;
  for (const count of counts) if (count > 0) entropy -= (count / values.length) * Math.log2(count / values.length);
  return entropy;
}

/** Entropy that `samples` evenly distributed random values below `bins` have on average: less than log2(bins). */
export function expectedEntropy(samples: number, bins: number): number {
  const mean = samples / bins;
  const reach = 12 * Math.sqrt(mean) + 30;
  const from = Math.max(1, Math.floor(mean - reach));
  const to = Math.min(samples, Math.ceil(mean + reach));
  const [lnHit, lnMiss] = [Math.log(1 / bins), Math.log1p(-1 / bins)];
  let sum = 0;
  for (let k = from; k <= to; k++) {
    const lnChoose = lnGamma(samples + 1) - lnGamma(k + 1) - lnGamma(samples - k + 1);
    const share = Math.exp(lnChoose + k * lnHit + (samples - k) * lnMiss);
    sum -= share * (k / samples) * Math.log2(k / samples);
  }
  return sum * bins;
}

/** Side of the blocks of local entropy: 44 × 44 = 1936 pixels. */
const SIDE = 44;

/** Local Shannon entropy (Wu and others, 2013) with the interval in which random bytes lie. */
export interface LocalEntropy {
  readonly mean: number;
  /** 30, or as many as the picture has. */
  readonly blocks: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean entropy of up to 30 blocks that don't overlap. The interval is the block's own spread over √blocks: the narrower one
 * that is quoted in the literature refuses random bytes most of the time. Null where no block fits.
 * @param pick a number in 0 … below - 1, each time another, to choose blocks
 */
export function localEntropy(
  plane: BytePlane,
  { columns, rows, channels }: Picture,
  pick: (below: number) => number,
  alpha = 0.05,
): LocalEntropy | null {
  const across = Math.floor(columns / SIDE);
  const places = Array.from({ length: across * Math.floor(rows / SIDE) * channels }, (_, i) => i);
  const blocks = Math.min(30, places.length);
  if (blocks === 0 || plane.bins !== 256) return null;
  let sum = 0;
  for (let i = 0; i < blocks; i++) {
    const at = i + pick(places.length - i);
    const place = places[at] as number;
    places[at] = places[i] as number;
    const channel = place % channels;
    const block = Math.floor(place / channels);
    const [left, top] = [(block % across) * SIDE, Math.floor(block / across) * SIDE];
    const values = new Uint8Array(SIDE * SIDE);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        values[y * SIDE + x] = plane.bytes[((top + y) * columns + left + x) * channels + channel] as number;
    sum += shannonEntropy(values, 256);
  }
  const reach = (upperNormalQuantile(alpha / 2) * 0.00872) / Math.sqrt(blocks);
  return { mean: sum / blocks, blocks, low: 7.902469 - reach, high: 7.902469 + reach };
}
