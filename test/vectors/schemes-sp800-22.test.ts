import { describe, expect, it } from 'vitest';
import { bitsOf, nistBattery } from '../../core/schemes/metrics/sp800-22/battery.ts';
import { frequency, runs } from '../../core/schemes/metrics/sp800-22/frequency.ts';
import { spectral } from '../../core/schemes/metrics/sp800-22/spectral.ts';

const BITS = 1_000_000n;

/** Numerator and denominator of 1/(from+1) + 1/((from+1)(from+2)) + … + 1/((from+1)…to). */
function split(from: bigint, to: bigint): [bigint, bigint] {
  if (to - from === 1n) return [1n, to];
  const middle = (from + to) / 2n;
  const [p, q] = split(from, middle);
  const [r, s] = split(middle, to);
  return [p * s + r, q * s];
}

/** The first million bits of e = 10.1011…, as the standard's own data file has them: the two before the point included. */
function bitsOfE(): Uint8Array {
  const [p, q] = split(0n, 75_000n);
  const e = ((p + q) << (BITS - 2n)) / q;
  return Uint8Array.from(e.toString(2), Number);
}

/** ⌊√n⌋ by Newton's iteration, begun on half of the bits. */
function squareRoot(n: bigint, bits: number): bigint {
  if (bits < 64) {
    let root = BigInt(Math.floor(Math.sqrt(Number(n))));
    while (root * root > n) root--;
    while ((root + 1n) * (root + 1n) <= n) root++;
    return root;
  }
  const drop = Math.floor(bits / 4);
  let root = squareRoot(n >> BigInt(2 * drop), bits - 2 * drop) << BigInt(drop);
  root = (root + n / root) >> 1n;
  while (root * root > n) root--;
  return root;
}

/** Binary splitting of Chudnovsky's series for 1/π over terms from … to - 1. */
function chudnovsky(from: bigint, to: bigint): [p: bigint, q: bigint, t: bigint] {
  if (to - from === 1n) {
    const p = from === 0n ? 1n : (6n * from - 5n) * (2n * from - 1n) * (6n * from - 1n);
    const q = from === 0n ? 1n : from ** 3n * 10_939_058_860_032_000n;
    const t = p * (13_591_409n + 545_140_134n * from);
    return [p, q, from % 2n === 0n ? t : -t];
  }
  const middle = (from + to) / 2n;
  const [p1, q1, t1] = chudnovsky(from, middle);
  const [p2, q2, t2] = chudnovsky(middle, to);
  return [p1 * p2, q1 * q2, t1 * q2 + p1 * t2];
}

/** The first million bits of π = 11.001001…, the two before the point included. */
function bitsOfPi(): Uint8Array {
  const guard = 64n;
  const precision = BITS - 2n + guard;
  const [, q, t] = chudnovsky(0n, 21_300n);
  const root = squareRoot(10_005n << (2n * precision), Number(2n * precision) + 14);
  const pi = (426_880n * root * q) / t;
  return Uint8Array.from((pi >> guard).toString(2), Number);
}

/** p-values for e that independent implementations agree on, and where in the test's list each stands. */
const E: Readonly<Record<string, readonly [at: number, p: number][]>> = {
  frequency: [[0, 0.953749]],
  'block frequency': [[0, 0.211072]],
  runs: [[0, 0.561917]],
  'longest run of ones': [[0, 0.718945]],
  'binary matrix rank': [[0, 0.306156]],
  'discrete Fourier transform': [[0, 0.847187]],
  'non-overlapping template': [[0, 0.07879]],
  'overlapping template': [[0, 0.110434]],
  universal: [[0, 0.282568]],
  // The standard rounds the shares of section 3.10 and prints 0.826335; the exact ones give this.
  'linear complexity': [[0, 0.826202]],
  serial: [[0, 0.766182]],
  'approximate entropy': [[0, 0.700073]],
  'cumulative sums': [
    [0, 0.669887],
    [1, 0.724266],
  ],
  'random excursions': [[4, 0.786868]],
  'random excursions variant': [[8, 0.826009]],
};

describe('NIST SP 800-22 on a million bits of e', () => {
  const results = nistBattery(bitsOfE());

  it('has the fifteen tests', () => {
    expect(results.map(({ test }) => test)).toEqual(Object.keys(E));
    expect(results.map(({ pValues }) => pValues.length)).toEqual([1, 1, 1, 1, 1, 1, 148, 1, 1, 1, 2, 1, 2, 8, 18]);
  });

  it.each(Object.entries(E))('%s', (name, expected) => {
    const found = results.find(({ test }) => test === name);
    for (const [at, p] of expected) expect(Math.abs((found?.pValues[at] ?? -1) - p)).toBeLessThan(2e-6);
  });
});

describe('NIST SP 800-22 on a million bits of π', () => {
  const bits = bitsOfPi();

  it.each([
    ['frequency', frequency, 0.578211],
    ['runs', runs, 0.419268],
    ['discrete Fourier transform', spectral, 0.010186],
  ] as const)('%s', (_, test, p) => {
    expect(bits).toHaveLength(1_000_000);
    expect(Math.abs(test(bits) - p)).toBeLessThan(2e-6);
  });
});

describe('bitsOf', () => {
  it('takes the most significant bit first', () => {
    expect([...bitsOf(Uint8Array.of(0b1000_0001, 0b0100_0000))]).toEqual([
      1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });
});
