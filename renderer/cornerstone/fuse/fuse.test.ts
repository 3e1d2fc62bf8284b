import { describe, expect, it } from 'vitest';
import type { FrameFacts } from '../facts.ts';
import { fromPixel, type Plane, type Vector } from '../geometry.ts';
import type { Volume, VolumeGeometry } from '../reformat/volume.ts';
import { coloured } from './colour.ts';
import { resampled, valueIn } from './resample.ts';

/** What the phantom is worth at a point: a slope in all three directions, which linear sampling reproduces exactly. */
const truth = ([x, y, z]: Vector): number => 100 + 2 * x - 3 * y + 0.5 * z;

/** A sagittal volume: its rows run to the back, its columns to the feet, its stack to the left. */
const geometry: VolumeGeometry = {
  size: [20, 16, 12],
  spacing: [4, 5, 6],
  axes: [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
  origin: [-33, -38, 40],
  frameOfReferenceUid: '1.2',
  order: [],
};

function pointOf(i: number, j: number, k: number): Vector {
  return [-33 + k * 6, -38 + i * 4, 40 - j * 5];
}

const data = Float32Array.from({ length: 20 * 16 * 12 }, (_, at) => {
  const i = at % 20;
  const j = Math.floor(at / 20) % 16;
  return truth(pointOf(i, j, Math.floor(at / 320)));
});
const volume: Volume = {
  id: 1,
  geometry,
  data,
  images: [],
  facts: {} as FrameFacts,
  lossy: false,
};

/** An axial image of 64 × 64 pixels, 1 mm apart: it is finer than the volume, and reaches beyond it. */
const plane: Plane = {
  rows: 64,
  columns: 96,
  patient: { position: [-48, -32, 7], row: [1, 0, 0], column: [0, 1, 0] },
  rowSpacing: 1,
  columnSpacing: 1,
  calibration: { kind: 'patient', rowSpacing: 1, columnSpacing: 1, corrected: false },
  frameOfReferenceUid: '1.2',
};

describe('a series over the images of another', () => {
  it('has the true value at every pixel between its voxels, whichever way the two lie', () => {
    const values = resampled(volume, plane, 'linear');
    let inside = 0;
    for (let row = 0; row < plane.rows; row++) {
      for (let column = 0; column < plane.columns; column++) {
        const point = fromPixel(plane, [column, row]);
        if (point[0] < -33 || point[0] > 33 || point[1] < -38 || point[1] > 38) continue;
        inside += 1;
        expect(values?.[row * plane.columns + column]).toBeCloseTo(truth(point), 3);
      }
    }
    expect(inside).toBeGreaterThan(4000);
  });

  it('shows recorded values only when the nearest voxel is asked for', () => {
    const at = pointOf(7, 6, 5);
    expect(valueIn(volume, at, 'nearest')).toBe(data[5 * 320 + 6 * 20 + 7]);
    expect(valueIn(volume, [at[0] + 2.9, at[1] - 1.9, at[2] + 2.4], 'nearest')).toBe(data[5 * 320 + 6 * 20 + 7]);
    expect(valueIn(volume, [at[0] + 3, at[1] + 2, at[2] - 2.5], 'linear')).toBeCloseTo(
      truth([at[0] + 3, at[1] + 2, at[2] - 2.5]),
      3,
    );
  });

  it('ends where its outermost voxels end, and is nothing outside', () => {
    expect(valueIn(volume, [-35.9, 0, 0], 'linear')).not.toBeNull();
    expect(valueIn(volume, [-36.1, 0, 0], 'linear')).toBeNull();
    expect(valueIn(volume, [0, 0, 43], 'linear')).toBeNull();
    expect(resampled(volume, plane, 'nearest')?.[0]).toBeNaN();
    expect(resampled(volume, { ...plane, patient: null }, 'linear')).toBeNull();
  });
});

describe('the colours of a fused series', () => {
  const pixel = (value: number, map: 'hot' | 'cool' | 'grey'): number[] => [
    ...coloured(Float32Array.of(value), { low: 0, high: 5 }, map),
  ];

  it('are nothing at the low end, below it and where there is no value', () => {
    for (const value of [0, -3, Number.NaN]) expect(pixel(value, 'hot')[3]).toBe(0);
  });

  it('run to white, and are whole from a quarter of the way on', () => {
    expect(pixel(5, 'hot')).toEqual([255, 255, 255, 255]);
    expect(pixel(50, 'cool')).toEqual([255, 255, 255, 255]);
    expect(pixel(5 / 3, 'hot')).toEqual([255, 0, 0, 255]);
    expect(pixel(0.625, 'grey')[3]).toBe(128);
  });
});
