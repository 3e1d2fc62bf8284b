import { describe, expect, it } from 'vitest';
import { leastProportion, nistBattery, uniformity } from './battery.ts';
import { linearComplexityOf } from './complexity.ts';
import { blockFrequency, frequency, longestRun, runs } from './frequency.ts';
import { rank } from './rank.ts';
import { approximateEntropy, serial } from './serial.ts';
import { fourierModuli, spectral } from './spectral.ts';
import { aperiodicTemplates, nonOverlapping, overlapping } from './templates.ts';
import { maurerStatistic } from './universal.ts';
import { cumulativeSums, randomExcursions, randomExcursionsVariant } from './walk.ts';

const bits = (text: string): Uint8Array => Uint8Array.from(text, Number);

/** The first hundred binary digits of π, on which the standard works most of its longer examples. */
const PI_100 = bits(
  '1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000',
);

describe('worked examples of NIST SP 800-22 revision 1a', () => {
  it('2.1 frequency', () => {
    expect(frequency(bits('1011010101'))).toBeCloseTo(0.527089, 6);
    expect(frequency(PI_100)).toBeCloseTo(0.109599, 6);
  });

  it('2.2 frequency within a block', () => {
    expect(blockFrequency(bits('0110011010'), 3)).toBeCloseTo(0.801252, 6);
    expect(blockFrequency(PI_100, 10)).toBeCloseTo(0.706438, 6);
  });

  it('2.3 runs', () => {
    expect(runs(bits('1001101011'))).toBeCloseTo(0.147232, 6);
    expect(runs(PI_100)).toBeCloseTo(0.500798, 6);
    expect(runs(bits(`${'1'.repeat(99)}0`))).toBe(0);
  });

  it('2.4 longest run of ones', () => {
    const text =
      '11001100000101010110110001001100111000000000001001001101010100010001001111010110' +
      '100000001101011111001100111001101101100010110010';
    // The standard prints 0.180609; its own constants, without rounding χ² on the way, give 0.180598.
    expect(longestRun(bits(text))).toBeCloseTo(0.1806, 4);
    expect(longestRun(bits('1010'))).toBeNull();
  });

  it('2.5 binary matrix rank', () => {
    expect(rank(bits('01011001001010101101'), 3, 1)).toBeCloseTo(0.741948, 3);
    expect(rank(PI_100)).toBeNull();
  });

  it('2.6 discrete Fourier transform', () => {
    // The standard prints N1 = 4 and 0.029523, but all five moduli lie below its T = 5.4733; its own program gives this.
    expect(spectral(bits('1001010011'))).toBeCloseTo(0.46816, 6);
    // Likewise printed as 0.168669, from N1 = 46 instead of 48.
    expect(spectral(PI_100)).toBeCloseTo(0.646355, 6);
  });

  it('2.7 non-overlapping template matching', () => {
    expect(nonOverlapping(bits('10100100101110010110'), 3, [0b001], 2)[0]).toBeCloseTo(0.344154, 6);
    expect(aperiodicTemplates(9)).toHaveLength(148);
    expect(aperiodicTemplates(3)).toEqual([0b001, 0b011, 0b100, 0b110]);
  });

  it('2.8 overlapping template matching', () => {
    const text = '10111011110010110100011100101110111110000101101001';
    // The standard's 0.274932 belongs to counts 0, 1, 1, 1, 1, 1; its blocks hold 5, 1, 3, 4 and 1 matches.
    expect(overlapping(bits(text), 2, 10)).toBeCloseTo(0.409635, 6);
  });

  it('2.9 Maurer’s universal statistic', () => {
    expect(maurerStatistic(bits('01011010011101010111'), 2, 4)).toBeCloseTo(1.1949875, 7);
  });

  it('2.10 linear complexity', () => {
    expect(linearComplexityOf(bits('1101011110001'), 0, 13)).toBe(4);
    expect(linearComplexityOf(bits('0000001'), 0, 7)).toBe(7);
    expect(linearComplexityOf(new Uint8Array(64), 0, 64)).toBe(0);
  });

  it('2.11 serial', () => {
    // ∇ψ² = 1.6 and ∇²ψ² = 0.8 as in the standard, whose printed p-values (0.9057, 0.8805) are not igamc of them.
    const [first, second] = serial(bits('0011011101'), 3);
    expect(first).toBeCloseTo(0.808792, 6);
    expect(second).toBeCloseTo(0.67032, 6);
  });

  it('2.12 approximate entropy', () => {
    expect(approximateEntropy(bits('0100110101'), 3)).toBeCloseTo(0.261961, 6);
    expect(approximateEntropy(PI_100, 2)).toBeCloseTo(0.235301, 6);
  });

  it('2.13 cumulative sums', () => {
    expect(cumulativeSums(bits('1011010111'))[0]).toBeCloseTo(0.4116588, 6);
    const [forward, backward] = cumulativeSums(PI_100);
    expect(forward).toBeCloseTo(0.219194, 6);
    expect(backward).toBeCloseTo(0.114866, 6);
  });

  it('2.14 and 2.15 random excursions', () => {
    const walk = bits('0110110101');
    expect(randomExcursions(walk, 1)?.[4]).toBeCloseTo(0.502529, 3);
    expect(randomExcursionsVariant(walk, 1)?.[9]).toBeCloseTo(0.683091, 6);
    expect(randomExcursions(walk)).toBeNull();
    expect(randomExcursionsVariant(walk)).toBeNull();
  });

  it('4.2 proportion and uniformity', () => {
    expect(leastProportion(100)).toBeCloseTo(0.9602, 4);
    expect(leastProportion(1000)).toBeCloseTo(0.9806, 4);
    const even = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    expect(uniformity(even)).toBe(1);
    expect(uniformity(even.map((p) => p / 5))).toBeLessThan(1e-4);
  });
});

describe('the battery', () => {
  it('says which tests a short sequence is too short for, and finds a constant one', () => {
    const results = nistBattery(new Uint8Array(200));
    expect(results).toHaveLength(15);
    expect(results.filter(({ proportion }) => proportion === null).length).toBeGreaterThan(5);
    expect(results.find(({ test }) => test === 'frequency')?.proportion).toBe(0);
  });
});

describe('the transform of any length', () => {
  it('is the sum that defines it', () => {
    const values = Float64Array.from({ length: 15 }, (_, i) => ((i * 7) % 5) - 2);
    const slow = Array.from({ length: 15 }, (_, k) => {
      let re = 0;
      let im = 0;
      for (const [i, value] of values.entries()) {
        re += value * Math.cos((2 * Math.PI * i * k) / 15);
        im -= value * Math.sin((2 * Math.PI * i * k) / 15);
      }
      return Math.hypot(re, im);
    });
    for (const [k, modulus] of fourierModuli(values).entries()) expect(modulus).toBeCloseTo(slow[k] as number, 9);
  });
});
