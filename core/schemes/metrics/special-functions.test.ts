import { describe, expect, it } from 'vitest';
import { chiSquareTail, erfc, igamc, lnGamma, normalCdf, upperNormalQuantile } from './special-functions.ts';

describe('special functions', () => {
  it('ln Γ: factorials, and Γ(1/2) = √π', () => {
    expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 11);
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(lnGamma(0.25)).toBeCloseTo(1.288_022_524_698_077, 11);
  });

  it.each([
    [0, 1],
    [0.5, 0.479_500_122_186_953],
    [1, 0.157_299_207_050_285],
    [2, 0.004_677_734_981_047_266],
    [-1, 1.842_700_792_949_715],
    [4, 1.541_725_790_028_002e-8],
  ])('erfc(%d) as tabulated (Abramowitz and Stegun 7.1)', (x, value) => {
    expect(Math.abs(erfc(x) - value)).toBeLessThan(1e-12 * Math.max(1, value) + 1e-18);
  });

  it('igamc: closed forms for whole and half a', () => {
    for (const x of [0.1, 0.8, 3, 10, 60]) {
      expect(igamc(1, x)).toBeCloseTo(Math.exp(-x), 13);
      expect(igamc(2, x)).toBeCloseTo(Math.exp(-x) * (1 + x), 13);
      expect(igamc(1.5, x)).toBeCloseTo(erfc(Math.sqrt(x)) + 2 * Math.sqrt(x / Math.PI) * Math.exp(-x), 12);
    }
    expect(igamc(3, 0)).toBe(1);
  });

  it('is accurate for the large degrees of freedom that the serial test has', () => {
    // The median of a chi-square distribution lies near df (1 - 2/(9 df))^3 (Wilson and Hilferty).
    const df = 32_768;
    expect(chiSquareTail(df * (1 - 2 / (9 * df)) ** 3, df)).toBeCloseTo(0.5, 5);
  });

  it('quantiles as printed in every table', () => {
    expect(upperNormalQuantile(0.05)).toBeCloseTo(1.644_853_627, 8);
    expect(upperNormalQuantile(0.025)).toBeCloseTo(1.959_963_985, 8);
    expect(upperNormalQuantile(0.0005)).toBeCloseTo(3.290_526_731, 8);
    expect(normalCdf(1.959_963_985)).toBeCloseTo(0.975, 9);
  });

  it('critical values of chi-square with 255 degrees of freedom', () => {
    expect(chiSquareTail(293.2478, 255)).toBeCloseTo(0.05, 5);
    expect(chiSquareTail(310.457, 255)).toBeCloseTo(0.01, 5);
    expect(chiSquareTail(330.5197, 255)).toBeCloseTo(0.001, 5);
  });
});
