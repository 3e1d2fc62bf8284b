import { describe, expect, it } from 'vitest';
import { wheelSteps } from './wheel.ts';

describe('the wheel', () => {
  it.each([
    [53, 1],
    [80, 1],
    [100, 1],
    [120, 1],
    [-120, -1],
    [240, 2],
    [360, 3],
  ])('moves one image a notch: %d pixels are %d', (deltaY, steps) => {
    expect(wheelSteps({ deltaY, deltaMode: 0 }, 30)).toEqual({ steps, left: 0 });
  });

  it('moves one image a notch where it counts lines or pages', () => {
    expect(wheelSteps({ deltaY: 3, deltaMode: 1 }, 0).steps).toBe(1);
    expect(wheelSteps({ deltaY: -1, deltaMode: 1 }, 0).steps).toBe(-1);
    expect(wheelSteps({ deltaY: 1, deltaMode: 2 }, 0).steps).toBe(1);
  });

  it('adds up the small turns of a trackpad and loses none of the way', () => {
    let left = 0;
    let images = 0;
    for (let i = 0; i < 30; i++) {
      const turn = wheelSteps({ deltaY: 8, deltaMode: 0 }, left);
      left = turn.left;
      images += turn.steps;
    }
    expect(images).toBe(4);
    expect(wheelSteps({ deltaY: -10, deltaMode: 0 }, 55)).toEqual({ steps: 0, left: -10 });
    expect(wheelSteps({ deltaY: 0, deltaMode: 0 }, 55)).toEqual({ steps: 0, left: 55 });
  });
});
