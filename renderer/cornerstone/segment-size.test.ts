import { describe, expect, it } from 'vitest';
import { maskOf, runsOf, type SegmentSlice } from '../../core/annotate/segment.ts';
import { brushOver } from './brush.ts';
import type { FrameFacts } from './facts.ts';
import { type Plane, planeOf } from './geometry.ts';
import { type SeriesImage, segmentSize } from './segment-size.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const SIDE = 128;

/** An axial image; `spacing` is rows, columns. */
function plane(z: number | null, spacing: readonly [number, number] | null): Plane {
  return planeOf({
    '00280010': value('US', SIDE),
    '00280011': value('US', SIDE),
    ...(spacing === null ? {} : { '00280030': value('DS', ...spacing) }),
    ...(z === null ? {} : { '00200037': value('DS', 1, 0, 0, 0, 1, 0), '00200032': value('DS', -60, -60, z) }),
  });
}

const image = (frame: number, own: Plane): SeriesImage => ({
  objectId: 'o',
  frame,
  facts: { plane: own } as unknown as FrameFacts,
});

/** What one press of a round brush leaves on an image. */
function pressed(frame: number, own: Plane, diameter: number): SegmentSlice {
  const mask = new Uint8Array(SIDE * SIDE);
  const at = [SIDE / 2, SIDE / 2] as const;
  brushOver(mask, own, { from: at, to: at }, diameter, 1);
  return { sopInstanceUid: '', objectId: 'o', frame, columns: SIDE, rows: SIDE, runs: runsOf(mask) };
}

describe('the volume of a segment', () => {
  it.each([
    [1, 1, 1],
    [0.8, 0.8, 2],
    [0.5, 1.25, 1.5],
  ])('of a brushed sphere is that of the sphere (%f × %f × %f mm)', (row, column, step) => {
    const radius = 24;
    const fine = Math.min(row, column);
    const planes = Array.from({ length: 61 }, (_, i) => plane((i - 30) * step, [row, column]));
    const slices = planes.flatMap((own, i) => {
      const half = Math.sqrt(Math.max(0, radius ** 2 - ((i - 30) * step) ** 2));
      return half === 0 ? [] : [pressed(i + 1, own, (2 * half) / fine)];
    });
    const size = segmentSize(
      slices,
      planes.map((own, i) => image(i + 1, own)),
    );
    const truth = ((4 / 3) * Math.PI * radius ** 3) / 1000;
    expect(size.unit).toBe('ml');
    expect(Math.abs(size.value / truth - 1)).toBeLessThan(0.01);
  });

  it('comes from where the slices lie, evenly spaced or not', () => {
    const planes = [0, 1, 2, 6, 10].map((z) => plane(z, [1, 1]));
    const images = planes.map((own, i) => image(i + 1, own));
    const one = (frame: number): SegmentSlice => ({ ...pressed(frame, planes[0] as Plane, 1), runs: [0, 1000] });
    const heights = [1, 2, 3, 4, 5].map((frame) => segmentSize([one(frame)], images).value);
    expect(heights).toEqual([1, 1, 2.5, 4, 4]);
    expect(segmentSize([one(1), one(2)], images)).toEqual({ value: 2, unit: 'ml' });
  });

  it('is counted in pixels where the images are not calibrated or lie nowhere', () => {
    const planes = [plane(null, null), plane(null, [1, 1])];
    for (const own of planes) {
      const slice = pressed(1, own, 9);
      expect(segmentSize([slice], [image(1, own)])).toEqual({ value: 69, unit: 'px' });
    }
  });
});

describe('the brush', () => {
  it('paints a disc, is round in millimetres and erases what it passes over', () => {
    const own = plane(0, [2, 1]);
    const mask = maskOf(pressed(1, own, 9));
    const widths = [...Array(SIDE).keys()].map((y) =>
      mask.subarray(y * SIDE, (y + 1) * SIDE).reduce((a, b) => a + b, 0),
    );
    expect(Math.max(...widths)).toBe(9);
    expect(widths.filter((width) => width > 0)).toHaveLength(5);
    const way = { from: [SIDE / 2 - 20, SIDE / 2], to: [SIDE / 2 + 20, SIDE / 2] } as const;
    expect(brushOver(mask, own, way, 101, 0)).toBe(true);
    expect(mask.includes(1)).toBe(false);
    expect(brushOver(mask, own, way, 101, 0), 'nothing was left').toBe(false);
  });

  it('leaves no gap on a quick way, and stays inside the image', () => {
    const own = plane(0, [1, 1]);
    const mask = new Uint8Array(SIDE * SIDE);
    brushOver(mask, own, { from: [-30, -30], to: [SIDE + 30, SIDE + 30] }, 1, 1);
    expect(mask.reduce((a, b) => a + b, 0)).toBe(SIDE);
    for (let i = 0; i < SIDE; i++) expect(mask[i * SIDE + i]).toBe(1);
  });
});
