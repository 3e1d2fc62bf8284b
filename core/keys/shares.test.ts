import { randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import { toHex } from '../bytes.ts';
import { MAX_SHARES, shareSetId } from './share-set.ts';
import { combineShares, parseShare, splitIntoShares } from './shares.ts';

const fails = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });
const secret = (): Uint8Array => randomFillSync(new Uint8Array(32));
const slot = (threshold: number, count: number) => ({
  id: toHex(randomFillSync(new Uint8Array(16))),
  threshold,
  count,
});

describe('printed shares', () => {
  it('give the secret back, any k of n of them and in any order, and never fewer', async () => {
    const sets = fc
      .tuple(
        fc.integer({ min: 2, max: MAX_SHARES }),
        fc.integer({ min: 2, max: MAX_SHARES }),
        fc.infiniteStream(fc.nat()),
      )
      .map(([a, b, order]) => ({ threshold: Math.min(a, b), count: Math.max(a, b), order }));
    await assertProperty(
      fc.asyncProperty(sets, async ({ threshold, count, order }) => {
        const shared = secret();
        const set = slot(threshold, count);
        const texts = await splitIntoShares(set, shared);
        expect(texts).toHaveLength(count);
        const ranked = texts.map((text) => ({ text, rank: order.next().value as number }));
        const shuffled = ranked.sort((a, b) => a.rank - b.rank).map(({ text }) => text);
        const combined = await combineShares(shuffled.slice(0, threshold));
        expect(combined).toEqual({ setId: shareSetId(set), secret: shared });
        await expect(combineShares(shuffled.slice(0, threshold - 1))).rejects.toThrow(
          fails('keys/too-few-shares', {
            have: threshold - 1,
            need: threshold,
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are read whatever the case, spaces and hyphens, and say what they are', async () => {
    const set = slot(2, 3);
    const [first = ''] = await splitIntoShares(set, secret());
    expect(first.split('-')).toHaveLength(18);
    expect(first).toMatch(/^[2-9A-HJ-NP-Z-]+$/);
    const loose = ` ${first.toLowerCase().replaceAll('-', ' \u2013 ')}\n`;
    expect(parseShare(loose)).toMatchObject({ setId: shareSetId(set), index: 1, threshold: 2, count: 3 });
  });

  it('tell every single slip of the pen, and where they can', async () => {
    const [first = '', second = ''] = await splitIntoShares(slot(2, 2), secret());
    for (let at = 0; at < second.length; at++) {
      if (second[at] === '-') continue;
      const other = second[at] === 'A' ? 'B' : 'A';
      const slipped = second.slice(0, at) + other + second.slice(at + 1);
      await expect(combineShares([first, slipped])).rejects.toThrow(fails('keys/share-mistyped', { share: 2 }));
    }
    expect(() => parseShare(first.replace(/^(.{6})./, '$10'))).toThrow(fails('keys/share-mistyped', { group: 2 }));
    expect(() => parseShare(first.slice(0, -1))).toThrow(fails('keys/share-mistyped', { group: 0 }));
    expect(() => parseShare('')).toThrow(fails('keys/share-mistyped'));
  });

  it('of two sets, and two that claim one place, are told apart; one given twice counts once', async () => {
    const set = slot(2, 3);
    const [a = '', b = ''] = await splitIntoShares(set, secret());
    const [foreign = ''] = await splitIntoShares(slot(2, 3), secret());
    await expect(combineShares([a, foreign])).rejects.toThrow(fails('keys/mixed-shares'));
    const [otherFirst = ''] = await splitIntoShares(set, secret());
    await expect(combineShares([a, otherFirst, b])).rejects.toThrow(fails('keys/mixed-shares'));
    await expect(combineShares([a, a])).rejects.toThrow(fails('keys/too-few-shares', { have: 1, need: 2 }));
    await expect(combineShares([])).rejects.toThrow(fails('keys/too-few-shares', { have: 0, need: 2 }));
  });

  it('are made for at least two of at most sixteen', async () => {
    for (const [threshold, count] of [
      [1, 3],
      [4, 3],
      [2, 17],
      [2.5, 4],
    ] as const)
      await expect(splitIntoShares(slot(threshold, count), secret())).rejects.toThrow(fails('keys/share-counts'));
  });
});
