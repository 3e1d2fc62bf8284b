import { describe, expect, it } from 'vitest';
import { limitRow, percentile, row } from './row.ts';

const base = { id: 'x', what: 'x', unit: 'GB/s' };

describe('a benchmark row', () => {
  it('holds each sample against the peer sample that was taken beside it', () => {
    const made = row({ ...base, better: 'higher', goal: 0.85, ours: [8, 9, 20], peer: [10, 10, 20] });
    expect(made).toMatchObject({ ratio: 0.9, met: true, spread: [0.8, 1], n: 3, ours: 9, peer: 10 });
  });

  it('misses its goal on either side and says so', () => {
    expect(row({ ...base, better: 'higher', goal: 0.85, ours: [8], peer: [10] }).met).toBe(false);
    expect(row({ ...base, better: 'lower', goal: 1.1, ours: [12], peer: [10] }).met).toBe(false);
    expect(row({ ...base, better: 'lower', goal: null, ours: [12], peer: [10] }).met).toBeNull();
  });

  it('takes a limit as a peer that is always the same', () => {
    expect(limitRow({ ...base, limit: 50, ours: [10, 60, 80] })).toMatchObject({ ratio: 1.2, met: false, peer: null });
  });

  it('ranks', () => {
    expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5);
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  });
});
