import { igamc } from '../special-functions.ts';
import { linearComplexity } from './complexity.ts';
import { blockFrequency, frequency, longestRun, runs } from './frequency.ts';
import { rank } from './rank.ts';
import { approximateEntropy, serial } from './serial.ts';
import { spectral } from './spectral.ts';
import { aperiodicTemplates, nonOverlapping, overlapping } from './templates.ts';
import { universal } from './universal.ts';
import { cumulativeSums, randomExcursions, randomExcursionsVariant } from './walk.ts';

/** The level of significance that SP 800-22 recommends. */
const NIST_ALPHA = 0.01;

/** One of the fifteen tests on one sequence. */
export interface NistResult {
  readonly test: string;
  readonly section: string;
  /** One for each template, state or direction; empty where the sequence is too short for the test. */
  readonly pValues: readonly number[];
  /** Share of the p-values that are at least 0.01; null where there are none. */
  readonly proportion: number | null;
}

/** Fewest bits for each test, from its section's "input size recommendation". */
const TESTS: readonly {
  readonly test: string;
  readonly section: string;
  readonly fewest: number;
  run(bits: Uint8Array): readonly number[] | number | null;
}[] = [
  { test: 'frequency', section: '2.1', fewest: 100, run: frequency },
  { test: 'block frequency', section: '2.2', fewest: 12_800, run: (bits) => blockFrequency(bits, 128) },
  { test: 'runs', section: '2.3', fewest: 100, run: runs },
  { test: 'longest run of ones', section: '2.4', fewest: 128, run: longestRun },
  { test: 'binary matrix rank', section: '2.5', fewest: 38_912, run: (bits) => rank(bits) },
  { test: 'discrete Fourier transform', section: '2.6', fewest: 1000, run: spectral },
  {
    test: 'non-overlapping template',
    section: '2.7',
    fewest: 1_000_000,
    run: (bits) => nonOverlapping(bits, 9, aperiodicTemplates(9)),
  },
  { test: 'overlapping template', section: '2.8', fewest: 1_000_000, run: (bits) => overlapping(bits) },
  { test: 'universal', section: '2.9', fewest: 387_840, run: universal },
  { test: 'linear complexity', section: '2.10', fewest: 1_000_000, run: (bits) => linearComplexity(bits) },
  // Words shorter than log2(n) - 2 and log2(n) - 5 bits: 16 and 10 fit a million bits.
  { test: 'serial', section: '2.11', fewest: 2 ** 19, run: (bits) => serial(bits) },
  { test: 'approximate entropy', section: '2.12', fewest: 2 ** 16, run: (bits) => approximateEntropy(bits) },
  { test: 'cumulative sums', section: '2.13', fewest: 100, run: cumulativeSums },
  { test: 'random excursions', section: '2.14', fewest: 1_000_000, run: (bits) => randomExcursions(bits) },
  {
    test: 'random excursions variant',
    section: '2.15',
    fewest: 1_000_000,
    run: (bits) => randomExcursionsVariant(bits),
  },
];

/** Bits of a byte string, most significant first, one per element. */
export function bitsOf(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(bytes.length * 8);
  for (let i = 0; i < bits.length; i++) bits[i] = ((bytes[i >> 3] as number) >> (7 - (i & 7))) & 1;
  return bits;
}

/** All fifteen tests on one sequence, with the parameters that the standard recommends for a million bits. */
export function nistBattery(bits: Uint8Array): NistResult[] {
  return TESTS.map(({ test, section, fewest, run }) => {
    const outcome = bits.length < fewest ? null : run(bits);
    const pValues = outcome === null ? [] : typeof outcome === 'number' ? [outcome] : outcome;
    const good = pValues.filter((p) => p >= NIST_ALPHA).length;
    return { test, section, pValues, proportion: pValues.length === 0 ? null : good / pValues.length };
  });
}

/** Section 4.2.1: the share of `sequences` p-values that must reach 0.01. */
export function leastProportion(sequences: number): number {
  return 1 - NIST_ALPHA - 3 * Math.sqrt((NIST_ALPHA * (1 - NIST_ALPHA)) / sequences);
}

/** Section 4.2.2: p_T, whether p-values spread evenly over ten classes. At least 0.0001 for at least 55 of them. */
export function uniformity(pValues: readonly number[]): number {
  const classes = new Array<number>(10).fill(0);
  for (const p of pValues) {
    const at = Math.min(Math.floor(p * 10), 9);
    classes[at] = (classes[at] as number) + 1;
  }
  const expected = pValues.length / 10;
  return igamc(9 / 2, classes.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0) / 2);
}
