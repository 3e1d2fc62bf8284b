import { fullScale, type Picture } from '../picture.ts';
import { type Plane, planeMoments, planesOf } from './windows.ts';

const SIDE = 11;
const SIGMA = 1.5;

/** One side of the 11×11 Gaussian window, which is its outer product with itself. */
function gaussian(): Float64Array {
  const weights = Float64Array.from({ length: SIDE }, (_, i) =>
    Math.exp(-((i - (SIDE - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Mean structural similarity of two planes, and its contrast and structure part alone. */
function similarity(a: Plane, b: Plane, peak: number): { ssim: number; contrast: number } {
  const [c1, c2] = [(0.01 * peak) ** 2, (0.03 * peak) ** 2];
  const { meanA, meanB, varianceA, varianceB, covariance } = planeMoments(a, b, gaussian());
  let ssim = 0;
  let contrast = 0;
  for (let i = 0; i < meanA.length; i++) {
    const [ma, mb] = [meanA[i] as number, meanB[i] as number];
    const cs = (2 * (covariance[i] as number) + c2) / ((varianceA[i] as number) + (varianceB[i] as number) + c2);
    contrast += cs;
    ssim += (cs * (2 * ma * mb + c1)) / (ma * ma + mb * mb + c1);
  }
  return { ssim: ssim / meanA.length, contrast: contrast / meanA.length };
}

/**
 * Structural similarity (Wang and others, 2004): Gaussian window of 11×11 with σ 1.5, K1 0.01, K2 0.03, L by the stored
 * depth, mean over the windows that lie inside; channels averaged. Null for pictures smaller than the window.
 */
export function ssim(a: Picture, b: Picture): number | null {
  if (Math.min(a.columns, a.rows) < SIDE) return null;
  const others = planesOf(b);
  const each = planesOf(a).map((plane, c) => similarity(plane, others[c] as Plane, fullScale(a)).ssim);
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Every second pixel of means over 2×2. */
function halved({ columns, rows, values }: Plane): Plane {
  const [width, height] = [columns >> 1, rows >> 1];
  const half = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 2 * y * columns + 2 * x;
      const [p, q] = [values[at] as number, values[at + 1] as number];
      half[y * width + x] = (p + q + (values[at + columns] as number) + (values[at + columns + 1] as number)) / 4;
    }
  return { columns: width, rows: height, values: half };
}

/**
 * Multi-scale SSIM (Wang and others, 2003) over as many of its five scales as the picture has room for; luminance at the
 * last scale only, negative contrast terms count as 0. With fewer scales their weights are scaled to sum to one.
 */
export function msSsim(a: Picture, b: Picture): { value: number; scales: number } | null {
  const side = Math.min(a.columns, a.rows);
  const scales = Math.min(WEIGHTS.length, Math.floor(Math.log2(side / SIDE)) + 1);
  if (scales < 1) return null;
  const total = WEIGHTS.slice(0, scales).reduce((sum, weight) => sum + weight, 0);
  const others = planesOf(b);
  const each = planesOf(a).map((first, c) => {
    let [p, q] = [first, others[c] as Plane];
    let value = 1;
    for (let scale = 0; scale < scales; scale++) {
      const found = similarity(p, q, fullScale(a));
      const term = Math.max(scale === scales - 1 ? found.ssim : found.contrast, 0);
      value *= term ** ((WEIGHTS[scale] as number) / total);
      [p, q] = [halved(p), halved(q)];
    }
    return value;
  });
  return { value: each.reduce((sum, value) => sum + value, 0) / each.length, scales };
}
