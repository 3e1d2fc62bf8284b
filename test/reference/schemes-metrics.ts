import type { Picture } from '../../core/schemes/picture.ts';

/** The value of a pixel of a grey picture. */
const at = ({ columns, samples }: Picture, x: number, y: number): number => samples[y * columns + x] as number;

/** Moments of one window, straight from their definitions. */
function moments(a: Picture, b: Picture, left: number, top: number, weights: readonly (readonly number[])[]) {
  const sum = (value: (x: number, y: number) => number): number =>
    weights.reduce((all, row, y) => all + row.reduce((part, w, x) => part + w * value(left + x, top + y), 0), 0);
  const meanA = sum((x, y) => at(a, x, y));
  const meanB = sum((x, y) => at(b, x, y));
  return {
    meanA,
    meanB,
    varianceA: sum((x, y) => (at(a, x, y) - meanA) ** 2),
    varianceB: sum((x, y) => (at(b, x, y) - meanB) ** 2),
    covariance: sum((x, y) => (at(a, x, y) - meanA) * (at(b, x, y) - meanB)),
  };
}

/** SSIM window by window, the Gaussian window written out in two dimensions. The twin of core/schemes/metrics/ssim.ts. */
export function naiveSsim(a: Picture, b: Picture): number {
  const weights = Array.from({ length: 11 }, (_, y) =>
    Array.from({ length: 11 }, (__, x) => Math.exp(-((x - 5) ** 2 + (y - 5) ** 2) / 4.5)),
  );
  const total = weights.flat().reduce((sum, w) => sum + w, 0);
  const scaled = weights.map((row) => row.map((w) => w / total));
  const peak = 2 ** a.bits - 1;
  const [c1, c2] = [(0.01 * peak) ** 2, (0.03 * peak) ** 2];
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + 11 <= a.rows; top++)
    for (let left = 0; left + 11 <= a.columns; left++) {
      const m = moments(a, b, left, top, scaled);
      const level = (2 * m.meanA * m.meanB + c1) / (m.meanA ** 2 + m.meanB ** 2 + c1);
      sum += (level * (2 * m.covariance + c2)) / (m.varianceA + m.varianceB + c2);
      windows++;
    }
  return sum / windows;
}

/** UIQ over 8×8 windows. The twin of core/schemes/metrics/fidelity.ts. */
export function naiveUiq(a: Picture, b: Picture): number {
  const weights = Array.from({ length: 8 }, () => new Array<number>(8).fill(1 / 64));
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + 8 <= a.rows; top++)
    for (let left = 0; left + 8 <= a.columns; left++) {
      const m = moments(a, b, left, top, weights);
      sum += (4 * m.covariance * m.meanA * m.meanB) / ((m.varianceA + m.varianceB) * (m.meanA ** 2 + m.meanB ** 2));
      windows++;
    }
  return sum / windows;
}

type Curve = readonly { readonly psnr: number; readonly bitsPerPixel: number }[];

/** Natural logarithm of the rate at a PSNR, on straight lines between the points. */
function lineAt(curve: Curve, psnr: number): number {
  const next = Math.max(
    1,
    curve.findIndex((point) => point.psnr >= psnr),
  );
  const [p, q] = [curve[next - 1] as Curve[number], curve[next] as Curve[number]];
  const share = (psnr - p.psnr) / (q.psnr - p.psnr);
  return (1 - share) * Math.log(p.bitsPerPixel) + share * Math.log(q.bitsPerPixel);
}

/** BD-rate with lines instead of cubics; close to it where the curves are nearly straight. */
export function naiveBdArea(anchor: Curve, test: Curve): number {
  const low = Math.max(anchor[0]?.psnr ?? 0, test[0]?.psnr ?? 0);
  const high = Math.min(anchor.at(-1)?.psnr ?? 0, test.at(-1)?.psnr ?? 0);
  let sum = 0;
  const steps = 2000;
  for (let i = 0; i < steps; i++) {
    const psnr = low + ((i + 0.5) / steps) * (high - low);
    sum += lineAt(test, psnr) - lineAt(anchor, psnr);
  }
  return 100 * (Math.exp(sum / steps) - 1);
}
