import { describe, expect, it } from 'vitest';
import { mirrored, type Orientation, turned, UPRIGHT } from './placement.ts';

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
