import { describe, expect, it } from 'vitest';
import { type Ordered, sliceOrder } from './slice-order.ts';

const AXIAL = [1, 0, 0, 0, 1, 0] as const;

function slice(
  number: number | null,
  z: number,
  orientation: Ordered['geometry'] extends null ? never : typeof AXIAL = AXIAL,
) {
  return { number, sopUid: `1.2.${z}`, geometry: { position: [0, 0, z] as const, orientation } };
}

describe('slice order', () => {
  it('goes by position, in the direction in which instance numbers rise', () => {
    const feetFirst = [slice(3, 30), slice(1, 10), slice(2, 20)];
    expect(sliceOrder(feetFirst).map((s) => s.number)).toEqual([1, 2, 3]);
    const headFirst = [slice(1, 30), slice(3, 10), slice(2, 20)];
    expect(sliceOrder(headFirst).map((s) => s.geometry.position[2])).toEqual([30, 20, 10]);
  });

  it('does not believe instance numbers that contradict the positions', () => {
    const shuffled = [slice(1, 10), slice(5, 20), slice(2, 30), slice(7, 40), slice(9, 50)];
    expect(sliceOrder(shuffled).map((s) => s.geometry.position[2])).toEqual([10, 20, 30, 40, 50]);
  });

  it('puts slices at one place in the order of their numbers', () => {
    const phases = [slice(4, 20), slice(3, 10), slice(2, 20), slice(1, 10)];
    expect(sliceOrder(phases).map((s) => s.number)).toEqual([1, 3, 2, 4]);
  });

  it('falls back to instance number and UID where there is no stack', () => {
    const bare: Ordered[] = [
      { number: null, sopUid: '1.9', geometry: null },
      { number: 2, sopUid: '1.3', geometry: null },
      { number: 1, sopUid: '1.4', geometry: null },
      { number: 1, sopUid: '1.2', geometry: null },
    ];
    expect(sliceOrder(bare).map((s) => s.sopUid)).toEqual(['1.2', '1.4', '1.3', '1.9']);
    const crossed: Ordered[] = [
      { number: 2, sopUid: '1.1', geometry: { position: [0, 0, 0], orientation: [1, 0, 0, 0, 1, 0] } },
      { number: 1, sopUid: '1.2', geometry: { position: [0, 0, 5], orientation: [0, 1, 0, 0, 0, -1] } },
    ];
    expect(sliceOrder(crossed).map((s) => s.number)).toEqual([1, 2]);
  });
});
