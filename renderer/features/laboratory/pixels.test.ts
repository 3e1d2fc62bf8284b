import { describe, expect, it } from 'vitest';
import type { LabPicture } from '../../../core/contract/laboratory.ts';
import { bitPlane, difference, drawnRange, histogram, pixelAt, rgba, samplesAt, scatter, spread } from './pixels.ts';

const grey = (columns: number, rows: number, of: (x: number, y: number) => number, bits = 8): LabPicture => {
  const samples = Array.from({ length: columns * rows }, (_, i) => of(i % columns, Math.floor(i / columns)));
  return {
    columns,
    rows,
    channels: 1,
    bits,
    samples: bits <= 8 ? Uint8Array.from(samples) : Uint16Array.from(samples),
  };
};

describe('pictures of the Laboratory', () => {
  it('are drawn with all of their depth, or with their window', () => {
    const eight = grey(2, 1, (x) => x * 255);
    expect([...rgba(eight, drawnRange(eight, null))]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    const twelve = grey(2, 1, (x) => 1000 + x * 100, 12);
    expect(drawnRange(twelve, null)).toEqual({ low: 1000, high: 1100 });
    const half = rgba(twelve, drawnRange(twelve, { low: 1000, high: 1200 }));
    expect([half[0], half[4]]).toEqual([0, 127]);
    const flat = grey(2, 1, () => 5, 12);
    expect(drawnRange(flat, null)).toEqual({ low: 0, high: 4095 });
    const colour: LabPicture = { columns: 1, rows: 1, channels: 3, bits: 8, samples: Uint8Array.of(1, 2, 3) };
    expect([...rgba(colour, drawnRange(colour, null))]).toEqual([1, 2, 3, 255]);
  });

  it('differ visibly: by a power of two, never beyond white, never between shapes', () => {
    const a = grey(2, 1, () => 100);
    const found = difference(
      a,
      grey(2, 1, (x) => 100 + x * 3),
    );
    expect(found?.factor).toBe(64);
    expect([...(found?.picture.samples ?? [])]).toEqual([0, 192]);
    expect(difference(a, a)?.factor).toBe(1);
    expect(
      difference(
        a,
        grey(1, 2, () => 100),
      ),
    ).toBeNull();
    expect(
      difference(
        a,
        grey(2, 1, () => 100, 12),
      ),
    ).toBeNull();
  });

  it('have a histogram that adds up, whatever their depth', () => {
    for (const bits of [8, 12, 16]) {
      const shares = histogram(grey(16, 16, (x, y) => ((y * 16 + x) / 255) * (2 ** bits - 1), bits));
      expect(shares).toHaveLength(256);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    }
    expect(spread(grey(2, 2, (x, y) => x + 2 * y))).toEqual({ lowest: 0, highest: 3, mean: 1.5, used: 4 / 256 });
  });

  it('correlate as their neighbours do', () => {
    const ramp = grey(64, 64, (x) => x * 4);
    expect(scatter(ramp, 'horizontal').correlation).toBeCloseTo(1);
    expect(scatter(ramp, 'vertical').correlation).toBeCloseTo(1);
    const checks = grey(64, 64, (x, y) => ((x + y) % 2) * 255);
    expect(scatter(checks, 'horizontal').correlation).toBeCloseTo(-1);
    expect(scatter(checks, 'diagonal').correlation).toBeCloseTo(1);
    expect(
      scatter(
        grey(8, 8, () => 7),
        'vertical',
      ).correlation,
    ).toBeNull();
    expect(
      scatter(
        grey(1, 1, () => 7),
        'horizontal',
      ).pairs,
    ).toEqual([]);
    expect(
      scatter(
        grey(512, 512, (x) => x % 256),
        'horizontal',
      ).pairs.length,
    ).toBeLessThan(2100);
  });

  it('come apart into bits', () => {
    const picture = grey(4, 1, (x) => x);
    expect([...bitPlane(picture, 0).picture.samples]).toEqual([0, 255, 0, 255]);
    expect([...bitPlane(picture, 1).picture.samples]).toEqual([0, 0, 255, 255]);
    expect(bitPlane(picture, 7).ones).toBe(0);
  });
});

describe('the pixel under the pointer', () => {
  const surface = { width: 200, height: 100 };
  const fitted = { zoom: 1, x: 0, y: 0 };
  // Fitted, a picture of 10 × 10 fills 100 × 100 in the middle of the surface.
  const picture = { columns: 10, rows: 10 };

  it('is found on a fitted, an enlarged and a moved picture, and not beside it', () => {
    expect(pixelAt(picture, surface, [0, 0], fitted)).toEqual({ x: 5, y: 5 });
    expect(pixelAt(picture, surface, [-0.249, -0.499], fitted)).toEqual({ x: 0, y: 0 });
    expect(pixelAt(picture, surface, [-0.26, 0], fitted)).toBeNull();
    expect(pixelAt(picture, surface, [0.499, 0.499], { zoom: 4, x: 0, y: 0 })).toEqual({ x: 7, y: 6 });
    expect(pixelAt(picture, surface, [0.1, 0.2], { zoom: 1, x: 0.1, y: 0.2 })).toEqual({ x: 5, y: 5 });
  });

  it('has a sample for each channel, and none outside', () => {
    const colour: LabPicture = { columns: 2, rows: 1, channels: 3, bits: 8, samples: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(samplesAt(colour, { x: 1, y: 0 })).toEqual([4, 5, 6]);
    expect(samplesAt(colour, { x: 2, y: 0 })).toEqual([]);
    expect(samplesAt(colour, { x: 0, y: 1 })).toEqual([]);
  });
});
