import { erfc, igamc, normalCdf } from '../special-functions.ts';
import { pearson } from './frequency.ts';

/** SP 800-22 section 2.13: how far the random walk strays, read forwards and backwards. */
export function cumulativeSums(bits: Uint8Array): [forward: number, backward: number] {
  let sum = 0;
  let highest = 0;
  let lowest = 0;
  let total = 0;
  for (const bit of bits) total += 2 * bit - 1;
  let back = Math.abs(total);
  for (const bit of bits) {
    sum += 2 * bit - 1;
    highest = Math.max(highest, sum);
    lowest = Math.min(lowest, sum);
    // What is left of the walk after this bit is the walk read backwards.
    back = Math.max(back, Math.abs(total - sum));
  }
  return [strayP(Math.max(highest, -lowest), bits.length), strayP(back, bits.length)];
}

function strayP(z: number, n: number): number {
  const whole = Math.trunc(n / z);
  const at = (k: number): number => normalCdf((k * z) / Math.sqrt(n));
  let p = 1;
  for (let k = Math.trunc((-whole + 1) / 4); k <= Math.trunc((whole - 1) / 4); k++) p -= at(4 * k + 1) - at(4 * k - 1);
  for (let k = Math.trunc((-whole - 3) / 4); k <= Math.trunc((whole - 1) / 4); k++) p += at(4 * k + 3) - at(4 * k + 1);
  return p;
}

/** Fewest zero crossings for which sections 2.14 and 2.15 have a meaning. */
function fewestCycles(n: number): number {
  return Math.max(0.005 * Math.sqrt(n), 500);
}

/** Visits of states -9 … 9 (index state + 9), in total and how many cycles have 0 … 4, 5 or more, and the cycles. */
function visits(bits: Uint8Array): { total: Uint32Array; perCycle: number[][]; cycles: number } {
  const total = new Uint32Array(19);
  const perCycle = Array.from({ length: 19 }, () => [0, 0, 0, 0, 0, 0]);
  const inCycle = new Uint32Array(19);
  let cycles = 0;
  const close = (): void => {
    cycles++;
    for (const [state, counts] of perCycle.entries()) {
      const at = Math.min(inCycle[state] as number, 5);
      counts[at] = (counts[at] as number) + 1;
    }
    inCycle.fill(0);
  };
  let sum = 0;
  for (const bit of bits) {
    sum += 2 * bit - 1;
    if (sum === 0) {
      close();
    } else if (sum >= -9 && sum <= 9) {
      total[sum + 9] = (total[sum + 9] as number) + 1;
      inCycle[sum + 9] = (inCycle[sum + 9] as number) + 1;
    }
  }
  if (sum !== 0) close();
  return { total, perCycle, cycles };
}

/** Shares of cycles with 0 … 4, 5 or more visits of a state (section 3.14). */
function visitShares(state: number): number[] {
  const away = 1 - 1 / (2 * Math.abs(state));
  const shares = [away];
  for (let k = 1; k < 5; k++) shares.push((1 / (4 * state * state)) * away ** (k - 1));
  shares.push((1 / (2 * Math.abs(state))) * away ** 4);
  return shares;
}

/** Section 2.14: p-values of the states -4 … -1, 1 … 4. Null where the walk has too few cycles. */
export function randomExcursions(bits: Uint8Array, fewest = fewestCycles(bits.length)): number[] | null {
  const { perCycle, cycles } = visits(bits);
  if (cycles < fewest) return null;
  return [-4, -3, -2, -1, 1, 2, 3, 4].map((state) =>
    igamc(5 / 2, pearson(perCycle[state + 9] as number[], visitShares(state), cycles) / 2),
  );
}

/** Section 2.15: p-values of the states -9 … -1, 1 … 9. Null where the walk has too few cycles. */
export function randomExcursionsVariant(bits: Uint8Array, fewest = fewestCycles(bits.length)): number[] | null {
  const { total, cycles } = visits(bits);
  if (cycles < fewest) return null;
  return [-9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((state) =>
    erfc(Math.abs((total[state + 9] as number) - cycles) / Math.sqrt(2 * cycles * (4 * Math.abs(state) - 2))),
  );
}
