import { fullScale, type Picture } from '../picture.ts';
import { windowMoments } from './windows.ts';

/** Mean squared error. */
export function mse(a: Picture, b: Picture): number {
  let sum = 0;
  for (let i = 0; i < a.samples.length; i++) sum += ((a.samples[i] as number) - (b.samples[i] as number)) ** 2;
  return sum / a.samples.length;
}

/** Peak signal-to-noise ratio in dB, the peak by the picture's stored depth. Infinity where nothing differs. */
export function psnr(a: Picture, b: Picture): number {
  return 10 * Math.log10(fullScale(a) ** 2 / mse(a, b));
}

/**
 * Universal image quality index: SSIM without its constants, over 8×8 windows (Wang and Bovik, 2002). Windows in which a
 * picture is constant or zero on average are skipped; null where all of them are.
 */
export function uiq(a: Picture, b: Picture): number | null {
  let sum = 0;
  let windows = 0;
  for (const { meanA, meanB, varianceA, varianceB, covariance } of windowMoments(
    a,
    b,
    new Float64Array(8).fill(1 / 8),
  )) {
    for (let i = 0; i < meanA.length; i++) {
      const [ma, mb] = [meanA[i] as number, meanB[i] as number];
      const spread = (varianceA[i] as number) + (varianceB[i] as number);
      const level = ma * ma + mb * mb;
      if ((varianceA[i] as number) < 1e-9 || (varianceB[i] as number) < 1e-9 || level === 0) continue;
      sum += (4 * (covariance[i] as number) * ma * mb) / (spread * level);
      windows++;
    }
  }
  return windows === 0 ? null : sum / windows;
}
