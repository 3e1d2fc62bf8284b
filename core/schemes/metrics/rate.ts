import type { Picture } from '../picture.ts';

/** Stored bits of the picture (by its Bits Stored) over bits of `bytes`, which count every header and nonce. */
export function compressionRatio({ samples, bits }: Picture, bytes: number): number {
  return (samples.length * bits) / (bytes * 8);
}

/** Bits for each pixel. */
export function bitsPerPixel({ columns, rows }: Picture, bytes: number): number {
  return (bytes * 8) / (columns * rows);
}

/** By how many per cent the encrypted stream is longer than the plain one at equal quality setting. */
export function bitrateOverhead(encrypted: number, plain: number): number {
  return 100 * (encrypted / plain - 1);
}

/** A point of a rate-distortion curve. */
export interface RatePoint {
  readonly bitsPerPixel: number;
  /** dB */
  readonly psnr: number;
}

/** Coefficients of the cubic through or nearest to the points (normal equations, pivoted elimination). */
function cubicFit(xs: readonly number[], ys: readonly number[]): number[] {
  const powers = Array.from({ length: 7 }, (_, k) => xs.reduce((sum, x) => sum + x ** k, 0));
  const rows = Array.from({ length: 4 }, (_, i) => [
    ...Array.from({ length: 4 }, (__, j) => powers[i + j] as number),
    xs.reduce((sum, x, n) => sum + x ** i * (ys[n] as number), 0),
  ]);
  for (let column = 0; column < 4; column++) {
    const size = (row: number): number => Math.abs(rows[row]?.[column] as number);
    let pivot = column;
    for (let row = column + 1; row < 4; row++) if (size(row) > size(pivot)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const lead = rows[column] as number[];
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = (row[column] as number) / (lead[column] as number);
      for (let j = column; j < 5; j++) row[j] = (row[j] as number) - factor * (lead[j] as number);
    }
  }
  return rows.map((row, i) => (row[4] as number) / (row[i] as number));
}

/**
 * Bjøntegaard's delta rate in per cent: by how much more rate `test` needs than `anchor` at equal PSNR, on average over the
 * range that both cover (VCEG-M33). At least four points each; null where the ranges don't meet.
 */
export function bdRate(anchor: readonly RatePoint[], test: readonly RatePoint[]): number | null {
  const psnrs = [anchor, test].map((curve) => curve.map((point) => point.psnr));
  const low = Math.max(...psnrs.map((values) => Math.min(...values)));
  const high = Math.min(...psnrs.map((values) => Math.max(...values)));
  if (!(high > low)) return null;
  const middle = (low + high) / 2;
  const integrals = [anchor, test].map((curve, i) => {
    const xs = (psnrs[i] as number[]).map((value) => value - middle);
    const fit = cubicFit(
      xs,
      curve.map((point) => Math.log(point.bitsPerPixel)),
    );
    const upTo = (x: number): number => fit.reduce((sum, c, k) => sum + (c * x ** (k + 1)) / (k + 1), 0);
    return (upTo(high - middle) - upTo(low - middle)) / (high - low);
  }) as [number, number];
  return 100 * (Math.exp(integrals[1] - integrals[0]) - 1);
}
