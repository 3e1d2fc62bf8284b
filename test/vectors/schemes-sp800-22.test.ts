import { describe, expect, it } from 'vitest';
import { bitsOf, nistBattery } from '../../core/schemes/metrics/sp800-22/battery.ts';

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

describe('bitsOf', () => {
  it('takes the most significant bit first', () => {
    expect([...bitsOf(Uint8Array.of(0b1000_0001, 0b0100_0000))]).toEqual([
      1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });
});
