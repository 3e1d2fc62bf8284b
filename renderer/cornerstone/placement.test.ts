import { describe, expect, it } from 'vitest';
import { planeOf } from './geometry.ts';
import { fittedZoom, isFittedZoom, mirrored, type Orientation, turned, UPRIGHT } from './placement.ts';

/** Where the image's right and its lower side point on the screen, x to the right and y down. */
function axes({ rotation, flippedHorizontally, flippedVertically }: Orientation): number[][] {
  const angle = (rotation * Math.PI) / 180;
  const turn = ([x = 0, y = 0]: number[]): number[] =>
    [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)].map(
      (v) => Math.round(v) + 0,
    );
  return [turn([flippedHorizontally ? -1 : 1, 0]), turn([0, flippedVertically ? -1 : 1])];
}

const all: Orientation[] = [0, 90, 180, 270].flatMap((rotation) =>
  [false, true].flatMap((flippedHorizontally) =>
    [false, true].map((flippedVertically) => ({ rotation, flippedHorizontally, flippedVertically })),
  ),
);

describe('orientation', () => {
  it('mirrors what is seen, however the image is turned', () => {
    for (const orientation of all) {
      const before = axes(orientation);
      const across = axes(mirrored(orientation, 'horizontal'));
      const over = axes(mirrored(orientation, 'vertical'));
      expect(across).toEqual(before.map(([x = 0, y = 0]) => [0 - x, y]));
      expect(over).toEqual(before.map(([x = 0, y = 0]) => [x, 0 - y]));
    }
  });

  it('is back after two mirrors or four turns', () => {
    for (const orientation of all) {
      expect(mirrored(mirrored(orientation, 'vertical'), 'vertical')).toEqual(orientation);
      expect([90, 90, 90, 90].reduce(turned, orientation)).toEqual(orientation);
    }
    expect(turned(UPRIGHT, -90).rotation).toBe(270);
  });
});

describe('fit', () => {
  const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
  const wide = planeOf({
    '00280010': value('US', 80),
    '00280011': value('US', 200),
    '00280030': value('DS', 2, 1),
  });

  it('counts the sides as they are seen, with the shape of a pixel', () => {
    // 200 × 160 columns' widths in 800 × 400: the height holds it; turned, 160 × 200.
    expect(fittedZoom(wide, [800, 400], 0)).toBeCloseTo(2.5);
    expect(fittedZoom(wide, [800, 400], 180)).toBeCloseTo(2.5);
    expect(fittedZoom(wide, [800, 400], 90)).toBeCloseTo(2);
    expect(fittedZoom(wide, [800, 400], 270)).toBeCloseTo(2);
    expect(isFittedZoom({ zoom: 2, rotation: 90 }, wide, [800, 400])).toBe(true);
    expect(isFittedZoom({ zoom: 2.5, rotation: 90 }, wide, [800, 400])).toBe(false);
  });
});
