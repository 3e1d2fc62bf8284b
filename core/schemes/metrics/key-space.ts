import { lnGamma } from './special-functions.ts';

/** log2 of n!, the number of orders of n blocks. A count, and no measure of security. */
export function log2Factorial(n: number): number {
  return lnGamma(n + 1) / Math.LN2;
}
