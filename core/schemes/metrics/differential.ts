import { upperNormalQuantile } from './special-functions.ts';

/** Number of pixels change rate in per cent between two ciphers (Wu, Noonan and Agaian, 2011). */
export function npcr(a: Uint16Array, b: Uint16Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) changed++;
  return (100 * changed) / a.length;
}

/** Unified average changing intensity in per cent between two ciphers of `bits` bits. */
export function uaci(a: Uint16Array, b: Uint16Array, bits: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return (100 * sum) / (a.length * (2 ** bits - 1));
}

/** NPCR that two independent random pictures have on average. */
export function npcrMean(bits: number): number {
  const f = 2 ** bits - 1;
  return (100 * f) / (f + 1);
}

/** N*: the NPCR below which `samples` pixels are not random at level alpha. */
export function npcrThreshold(samples: number, bits: number, alpha = 0.05): number {
  const f = 2 ** bits - 1;
  return (100 * (f - upperNormalQuantile(alpha) * Math.sqrt(f / samples))) / (f + 1);
}

/** UACI that two independent random pictures have on average. */
export function uaciMean(bits: number): number {
  const f = 2 ** bits - 1;
  return (100 * (f + 2)) / (3 * f + 3);
}

/** The interval in which the UACI of `samples` random pixels lies at level alpha. */
export function uaciInterval(samples: number, bits: number, alpha = 0.05): { low: number; high: number } {
  const f = 2 ** bits - 1;
  const variance = ((f + 2) * (f * f + 2 * f + 3)) / (18 * (f + 1) ** 2 * f * samples);
  const reach = 100 * upperNormalQuantile(alpha / 2) * Math.sqrt(variance);
  return { low: uaciMean(bits) - reach, high: uaciMean(bits) + reach };
}
