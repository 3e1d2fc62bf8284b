import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { planeOf } from './geometry.ts';
import { type Ground, measure } from './measure.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const calibrated: Dataset = { '00280030': value('DS', 2, 0.5), '00200037': value('DS', 1, 0, 0, 0, 1, 0) };

/** 20 × 20 pixels; the value is the column. */
const grid = { columns: 20, rows: 20, samples: 1, data: Array.from({ length: 400 }, (_, i) => i % 20) };
const ground = (dataset: Dataset): Ground => ({ plane: planeOf(dataset), grid, unit: "[hnsf'U]" });
const by = (found: ReturnType<typeof measure>, name: string): number | undefined =>
  found.find((one) => one.name === name)?.value;

describe('measuring', () => {
  it('takes both spacings into a length, and pixels where there is none', () => {
    const line = [
      [0, 0],
      [8, 1.5],
    ] as const;
    expect(measure('length', line, ground(calibrated))).toEqual([{ name: 'length', value: 5, unit: 'mm' }]);
    expect(measure('length', line, ground({}))[0]).toMatchObject({ unit: 'px' });
    expect(by(measure('length', line, ground({})), 'length')).toBeCloseTo(Math.hypot(8, 1.5));
  });

  it('sees angles as they are in the patient, not in the pixels', () => {
    const corner = [
      [4, 0],
      [0, 0],
      [4, 1],
    ] as const;
    // 4 columns are 2 mm, 1 row is 2 mm: 45 degrees.
    expect(by(measure('angle', corner, ground(calibrated)), 'angle')).toBeCloseTo(45);
    const cobb = measure(
      'cobb',
      [
        [0, 0],
        [4, 0],
        [4, 1],
        [0, 0],
      ],
      ground(calibrated),
    );
    expect(by(cobb, 'angle')).toBeCloseTo(45);
  });

  it('gives an area its statistics over the pixel centres inside', () => {
    const square = [
      [1.5, 1.5],
      [5.5, 1.5],
      [1.5, 5.5],
      [5.5, 5.5],
    ] as const;
    const found = measure('rectangle', square, ground(calibrated));
    expect(by(found, 'area')).toBeCloseTo(16);
    expect(found.find((one) => one.name === 'area')?.unit).toBe('mm2');
    expect(by(found, 'mean')).toBeCloseTo(3.5);
    expect(by(found, 'min')).toBe(2);
    expect(by(found, 'max')).toBe(5);
    expect(by(found, 'std')).toBeCloseTo(Math.sqrt(1.25));
    expect(found.find((one) => one.name === 'mean')?.unit).toBe("[hnsf'U]");
  });

  it('counts every edge of a rectangle that is drawn from pixel centre to pixel centre, whatever its turn', () => {
    const both = { ...grid, data: Array.from({ length: 400 }, (_, i) => (i % 20) + 100 * Math.floor(i / 20)) };
    const noise = 1e-6;
    const corners = [
      [2 + noise, 3 - noise],
      [6 - noise, 3 + noise],
      [2 - noise, 5 - noise],
      [6 - noise, 5 + noise],
    ] as const;
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]) {
      const points = order.map((at) => corners[at] as (typeof corners)[number]);
      const found = measure('rectangle', points, { ...ground({}), grid: both });
      expect(by(found, 'mean')).toBeCloseTo(404);
      expect(by(found, 'min')).toBe(302);
      expect(by(found, 'max')).toBe(506);
    }
    const diamond = [
      [10, 8],
      [12, 10],
      [10, 12],
      [8, 10],
    ] as const;
    const found = measure('rectangle', diamond, { ...ground({}), grid: both });
    expect(by(found, 'mean')).toBeCloseTo(1010);
    expect(by(found, 'min')).toBe(810);
    expect(by(found, 'max')).toBe(1210);
  });

  it('finds an ellipse by its axes, turned or not', () => {
    const upright = [
      [10, 14],
      [10, 6],
      [7, 10],
      [13, 10],
    ] as const;
    const found = measure('ellipse', upright, ground({}));
    expect(by(found, 'area')).toBeCloseTo(Math.PI * 4 * 3);
    expect(by(found, 'mean')).toBeCloseTo(10);
    expect(by(found, 'min')).toBe(7);
    const turned = [
      [12, 12],
      [8, 8],
      [12, 8],
      [8, 12],
    ] as const;
    expect(by(measure('ellipse', turned, ground({})), 'area')).toBeCloseTo(Math.PI * 8);
  });

  it('tells a closed freehand line from an open one', () => {
    const ring = [
      [2, 2],
      [6, 2],
      [6, 6],
      [2, 6],
      [2, 2],
    ] as const;
    expect(by(measure('freehand', ring, ground({})), 'area')).toBe(16);
    expect(measure('freehand', ring.slice(0, 4), ground({}))).toEqual([{ name: 'length', value: 12, unit: 'px' }]);
  });

  it('orders the two diameters by length', () => {
    const found = measure(
      'bidirectional',
      [
        [0, 0],
        [2, 0],
        [1, -3],
        [1, 3],
      ],
      ground({}),
    );
    expect(found.map((one) => one.value)).toEqual([6, 2]);
  });

  it('claims nothing outside the image, in colour, or without pixels', () => {
    expect(measure('probe', [[40, 1]], ground({}))).toEqual([]);
    const color = { ...ground({}), grid: { ...grid, samples: 3 } };
    expect(measure('probe', [[1, 1]], color)).toEqual([]);
    expect(measure('probe', [[3, 1]], ground({}))).toEqual([{ name: 'value', value: 3, unit: "[hnsf'U]" }]);
    expect(measure('probe', [[3, 1]], { ...ground({}), grid: null })).toEqual([]);
  });
});
