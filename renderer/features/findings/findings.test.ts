import { describe, expect, it } from 'vitest';
import { colourOf, mapPixels } from './colour-map.ts';
import { epsilonOf } from './findings-store.ts';
import { mapTransform } from './map-place.ts';

const SEEN = { left: 10, top: -4, side: 40 };

/** Where a transform puts a place of the box. */
function placed(transform: string | null, [x, y]: readonly [number, number]): [number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = [...(transform ?? '').matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(
    Number,
  );
  return [a * x + c * y + e, b * x + d * y + f];
}

describe('the class map', () => {
  const views = {
    'zoomed and moved': ([x, y]: readonly [number, number]) => [3 * x + 7, 3 * y - 5] as const,
    'turned by 90°': ([x, y]: readonly [number, number]) => [500 - 2 * y, 2 * x] as const,
    mirrored: ([x, y]: readonly [number, number]) => [400 - x, y] as const,
  };
  it.each(Object.entries(views))('lies on the square that the model saw: %s', (_, toCanvas) => {
    const transform = mapTransform(SEEN, 256, toCanvas);
    for (const [u, v] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [0.5, 0.25],
    ] as const) {
      const expected = toCanvas([SEEN.left + u * SEEN.side - 0.5, SEEN.top + v * SEEN.side - 0.5]);
      const [x, y] = placed(transform, [u * 256, v * 256]);
      expect(x).toBeCloseTo(expected[0], 6);
      expect(y).toBeCloseTo(expected[1], 6);
    }
  });

  it('is nowhere while no image is shown', () => {
    expect(mapTransform(SEEN, 256, () => null)).toBeNull();
  });

  it('goes from dark to bright, and clamps', () => {
    expect(colourOf(0)).toEqual([68, 1, 84]);
    expect(colourOf(1)).toEqual([253, 231, 37]);
    expect(colourOf(7)).toEqual(colourOf(1));
    const light = [0, 0.25, 0.5, 0.75, 1].map((value) => colourOf(value)[1]);
    expect(light).toEqual(light.toSorted((a, b) => a - b));
    expect([...mapPixels([0, 1])], 'nothing lies over the image where nothing spoke').toEqual([
      ...[68, 1, 84, 0],
      ...[253, 231, 37, 255],
    ]);
  });
});

it('reads ε in 255ths of the brightness, or as a length', () => {
  expect(epsilonOf({ method: 'pgd', steps: 2 })).toBeCloseTo(2 / 255);
  expect(epsilonOf({ method: 'pgd-l2', steps: 6 })).toBe(1.5);
});
