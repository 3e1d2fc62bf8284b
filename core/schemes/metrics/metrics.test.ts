import { describe, expect, it } from 'vitest';
import { naiveBdArea, naiveSsim, naiveUiq } from '../../../test/reference/schemes-metrics.ts';
import { bytePlanes, type Picture } from '../picture.ts';
import { adjacentCorrelation, correlationBound } from './correlation.ts';
import { npcr, npcrMean, npcrThreshold, uaci, uaciInterval, uaciMean } from './differential.ts';
import { expectedEntropy, localEntropy, shannonEntropy } from './entropy.ts';
import { mse, psnr, uiq } from './fidelity.ts';
import { histogramTest } from './histogram.ts';
import { log2Factorial } from './key-space.ts';
import { bdRate, bitrateOverhead, bitsPerPixel, compressionRatio } from './rate.ts';
import { msSsim, ssim } from './ssim.ts';
import { timeRuns } from './timing.ts';

/** Numerical Recipes' "quick and dirty" generator: good enough to fill pictures, and the same everywhere. */
function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function noise(side: number, bits: number, seed: number, channels: 1 | 3 = 1): Picture {
  const next = lcg(seed);
  const samples = Uint16Array.from({ length: side * side * channels }, () => Math.floor(next() * 2 ** bits));
  return { columns: side, rows: side, channels, bits, samples };
}

const constant = (side: number, value: number, bits = 8): Picture => ({
  columns: side,
  rows: side,
  channels: 1,
  bits,
  samples: new Uint16Array(side * side).fill(value),
});

describe('entropy', () => {
  it('has the closed forms', () => {
    expect(shannonEntropy(constant(16, 7).samples, 256)).toBe(0);
    expect(
      shannonEntropy(
        Uint8Array.from({ length: 1024 }, (_, i) => i % 256),
        256,
      ),
    ).toBe(8);
    expect(shannonEntropy(Uint8Array.from([0, 0, 0, 1]), 2)).toBeCloseTo(0.811278, 6);
  });

  it.each([
    [64, 256, 7.9546],
    [128, 256, 7.9887],
    [256, 256, 7.9972],
    [512, 256, 7.9993],
    [1024, 256, 7.9998],
  ])('expects of a random picture of %i² with %i bins %d bits', (side, bins, bits) => {
    expect(expectedEntropy(side * side, bins)).toBeCloseTo(bits, 4);
  });

  it.each([
    [256, 15.173],
    [512, 15.808],
  ])('expects of 65,536 bins over %i² far less than 16 bits: %d', (side, bits) => {
    expect(expectedEntropy(side * side, 65_536)).toBeCloseTo(bits, 3);
  });

  it('judges the bytes of deep pictures apart', () => {
    const planes = bytePlanes(noise(64, 12, 5));
    expect(planes.map(({ name, bins }) => [name, bins])).toEqual([
      ['low byte', 256],
      ['high byte', 16],
    ]);
    for (const { bytes, bins } of planes)
      expect(Math.abs(shannonEntropy(bytes, bins) - expectedEntropy(64 * 64, bins))).toBeLessThan(0.02);
  });

  it('is local: random bytes lie in the interval, a gradient does not', () => {
    expect(expectedEntropy(1936, 256)).toBeCloseTo(7.902469, 5);
    const picture = noise(512, 8, 1);
    const next = lcg(2);
    const pick = (below: number): number => Math.floor(next() * below);
    const found = localEntropy(bytePlanes(picture)[0] as never, picture, pick, 0.001);
    expect(found?.blocks).toBe(30);
    expect(found?.mean).toBeGreaterThan(found?.low as number);
    expect(found?.mean).toBeLessThan(found?.high as number);
    const wide = localEntropy(bytePlanes(picture)[0] as never, picture, pick);
    expect([wide?.low, wide?.high].map((x) => x?.toFixed(5))).toEqual(['7.89935', '7.90559']);
    const small = noise(40, 8, 1);
    expect(localEntropy(bytePlanes(small)[0] as never, small, pick)).toBeNull();
  });
});

describe('NPCR and UACI', () => {
  it.each([
    [8, 99.6094, 33.4635],
    [12, 99.9756, 33.3415],
    [16, 99.9985, 33.3338],
  ])('mean of %i bits', (bits, n, u) => {
    expect(npcrMean(bits)).toBeCloseTo(n, 4);
    expect(uaciMean(bits)).toBeCloseTo(u, 4);
  });

  const table: [number, number, number, number, number, number, number][] = [
    [64, 8, 99.4491, 99.3826, 32.7389, 34.1882, 0.05],
    [128, 8, 99.5292, 99.496, 33.1012, 33.8259, 0.05],
    [256, 8, 99.5693, 99.5527, 33.2824, 33.6447, 0.05],
    [512, 8, 99.5893, 99.581, 33.373, 33.5541, 0.05],
    [1024, 8, 99.5994, 99.5952, 33.4183, 33.5088, 0.05],
    [256, 8, 99.5693, 99.5527, 33.2255, 33.7016, 0.01],
    [256, 12, 99.9655, 0, 33.161, 33.522, 0.05],
    [512, 12, 99.9706, 0, 33.2512, 33.4317, 0.05],
    [256, 16, 99.996, 0, 33.1534, 33.5143, 0.05],
    [1024, 16, 99.9978, 0, 33.2887, 33.379, 0.05],
  ];
  it.each(table)('thresholds of %i², %i bits', (side, bits, at05, at01, low, high, alpha) => {
    expect(npcrThreshold(side * side, bits)).toBeCloseTo(at05, 4);
    if (at01 > 0) expect(npcrThreshold(side * side, bits, 0.01)).toBeCloseTo(at01, 4);
    const interval = uaciInterval(side * side, bits, alpha);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it.each([8, 12, 16])('two random pictures of %i bits pass, equal ones fail', (bits) => {
    const [a, b] = [noise(256, bits, 3).samples, noise(256, bits, 4).samples];
    expect(npcr(a, b)).toBeGreaterThan(npcrThreshold(65_536, bits, 0.001));
    const { low, high } = uaciInterval(65_536, bits, 0.001);
    expect(uaci(a, b, bits)).toBeGreaterThan(low);
    expect(uaci(a, b, bits)).toBeLessThan(high);
    expect([npcr(a, a), uaci(a, a, bits)]).toEqual([0, 0]);
  });

  it('are exact on two pixels', () => {
    expect(npcr(Uint16Array.of(0, 5), Uint16Array.of(255, 5))).toBe(50);
    expect(uaci(Uint16Array.of(0, 5), Uint16Array.of(255, 5), 8)).toBe(50);
  });
});

describe('adjacent correlation', () => {
  it('is undefined for a constant picture, 1 for a ramp, -1 for a chequerboard', () => {
    expect(adjacentCorrelation(constant(16, 9))).toEqual({ horizontal: null, vertical: null, diagonal: null });
    const ramp = { ...constant(16, 0), samples: Uint16Array.from({ length: 256 }, (_, i) => (i % 16) + (i >> 4)) };
    const found = adjacentCorrelation(ramp);
    for (const r of [found.horizontal, found.vertical, found.diagonal]) expect(r).toBeCloseTo(1, 12);
    const board = { ...ramp, samples: ramp.samples.map((value) => (value % 2) * 200) };
    expect(adjacentCorrelation(board).horizontal).toBeCloseTo(-1, 12);
  });

  it('has the bounds of the field', () => {
    expect(correlationBound(65_280)).toBeCloseTo(0.0077, 4);
    expect(correlationBound(5000)).toBeCloseTo(0.028, 3);
    expect(Math.abs(adjacentCorrelation(noise(256, 8, 6)).vertical as number)).toBeLessThan(
      correlationBound(65_280, 0.001),
    );
  });
});

describe('histogram', () => {
  it('is flat, even, or neither', () => {
    const flat = bytePlanes({ ...constant(64, 0), samples: Uint16Array.from({ length: 4096 }, (_, i) => i % 256) });
    expect(histogramTest(flat[0] as never)).toEqual({ chiSquare: 0, degrees: 255, p: 1 });
    expect(histogramTest(bytePlanes(constant(64, 3))[0] as never).p).toBeLessThan(1e-9);
    expect(histogramTest(bytePlanes(noise(256, 8, 8))[0] as never).p).toBeGreaterThan(0.001);
  });
});

describe('fidelity', () => {
  it.each([8, 12, 16])('PSNR takes its peak from %i stored bits', (bits) => {
    const a = constant(16, 100, bits);
    const b = constant(16, 101, bits);
    expect(mse(a, b)).toBe(1);
    expect(psnr(a, b)).toBeCloseTo(20 * Math.log10(2 ** bits - 1), 10);
    expect(psnr(a, a)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([8, 12, 16])('SSIM and UIQ equal their slow twins, %i bits', (bits) => {
    const a = noise(24, bits, 11);
    const b = { ...a, samples: a.samples.map((value, i) => (i % 3 === 0 ? value >> 1 : value)) };
    expect(ssim(a, b)).toBeCloseTo(naiveSsim(a, b), 9);
    expect(uiq(a, b)).toBeCloseTo(naiveUiq(a, b), 9);
    expect(ssim(a, a)).toBeCloseTo(1, 12);
    expect(Math.abs(ssim(a, noise(24, bits, 12)) as number)).toBeLessThan(0.2);
  });

  it('says null where no window fits', () => {
    expect(ssim(constant(8, 1), constant(8, 1))).toBeNull();
    expect(msSsim(constant(8, 1), constant(8, 1))).toBeNull();
    expect(uiq(constant(16, 1), constant(16, 1))).toBeNull();
  });

  it('MS-SSIM uses five scales from 176 pixels on and says when it has fewer', () => {
    expect(msSsim(noise(176, 8, 1), noise(176, 8, 1))).toEqual({ value: expect.closeTo(1, 9), scales: 5 });
    expect(msSsim(noise(64, 8, 1, 3), noise(64, 8, 2, 3))?.scales).toBe(3);
    // A shift of the level is seen at the last scale alone.
    const a = constant(176, 100);
    const b = constant(176, 120);
    const level = (2 * 100 * 120 + 2.55 ** 2) / (100 ** 2 + 120 ** 2 + 2.55 ** 2);
    expect(msSsim(a, b)?.value).toBeCloseTo(level ** 0.1333, 4);
  });
});

describe('rate', () => {
  it('counts stored bits, not allocated ones', () => {
    expect(compressionRatio(constant(64, 0, 12), 3072)).toBe(2);
    expect(bitsPerPixel(constant(64, 0), 512)).toBe(1);
    expect(bitrateOverhead(112, 100)).toBeCloseTo(12, 10);
  });

  it('BD-rate: the same curve at k times the rate is k - 1 worse', () => {
    const curve = [30, 33, 36, 39, 42].map((db, i) => ({ psnr: db, bitsPerPixel: 0.2 * 1.7 ** i }));
    const worse = curve.map((point) => ({ ...point, bitsPerPixel: point.bitsPerPixel * 1.12 }));
    expect(bdRate(curve, worse)).toBeCloseTo(12, 6);
    expect(
      bdRate(
        curve,
        curve.map((point) => ({ ...point, psnr: point.psnr + 50 })),
      ),
    ).toBeNull();
    const moved = curve.map((point, i) => ({ ...point, psnr: point.psnr - 0.3 * i }));
    expect(bdRate(curve, moved)).toBeCloseTo(naiveBdArea(curve, moved), 1);
  });
});

describe('keys and time', () => {
  it('counts orders', () => {
    expect(log2Factorial(5)).toBeCloseTo(Math.log2(120), 10);
  });

  it('takes the median and the 95th percentile', () => {
    let now = 0;
    let run = 0;
    const clock = (): number => now;
    const timing = timeRuns(() => (now += ++run % 10 === 0 ? 50 : 2), 4_000_000, clock, 30);
    expect(timing).toEqual({ runs: 30, median: 2, p95: 50, megabytesPerSecond: 2000 });
  });
});
