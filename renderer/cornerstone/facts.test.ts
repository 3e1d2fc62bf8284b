import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { factsOf } from './facts.ts';
import { formatImageId, parseImageId } from './image-id.ts';
import { prefetchOrder } from './prefetch-order.ts';
import { suvBodyWeightFactor } from './suv.ts';
import { formatValue, headline } from './units.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });

const pet: Dataset = {
  '00080060': value('CS', 'PT'),
  '00541001': value('CS', 'BQML'),
  '00280051': value('CS', 'ATTN', 'DECY'),
  '00541102': value('CS', 'START'),
  '00101030': value('DS', 70),
  '00080021': value('DA', '20260101'),
  '00080031': value('TM', '100000'),
  '00080022': value('DA', '20260101'),
  '00080032': value('TM', '100500'),
  '00540016': value('SQ', {
    '00181072': value('TM', '090000'),
    '00181074': value('DS', 370_000_000),
    '00181075': value('DS', 6588),
  }),
};

describe('SUV', () => {
  it('scales activity by weight over the dose that is left at the scan', () => {
    expect(suvBodyWeightFactor(pet)).toBeCloseTo(70_000 / (370_000_000 * 2 ** (-3600 / 6588)), 12);
  });

  it.each([
    ['no weight', { '00101030': value('DS') }],
    ['no decay correction', { '00541102': value('CS', 'NONE') }],
    ['counts', { '00541001': value('CS', 'CNTS') }],
    ['not corrected for attenuation', { '00280051': value('CS', 'DECY') }],
    ['scanned before the injection', { '00080031': value('TM', '080000') }],
    ['a series time written after the scan', { '00080032': value('TM', '094500') }],
  ])('gives none with %s', (_why, change) => {
    expect(suvBodyWeightFactor({ ...pet, ...change })).toBeNull();
  });

  it('goes into the scale and the unit', () => {
    const facts = factsOf({ ...pet, '00281053': value('DS', 2) }, 1);
    expect(facts.unit).toBe('{SUVbw}g/ml');
    expect(facts.scale.slope).toBeCloseTo(2 * (facts.suv ?? 0));
  });
});

describe('units', () => {
  const ct: Dataset = {
    '00080060': value('CS', 'CT'),
    '00281052': value('DS', -1024),
    '00281053': value('DS', 1),
  };

  it('are Hounsfield where the file rescales a CT, and nothing where it names nothing', () => {
    expect(factsOf(ct, 1).unit).toBe("[hnsf'U]");
    expect(factsOf({ '00080060': value('CS', 'CT') }, 1).unit).toBe('1');
    expect(factsOf({ '00080060': value('CS', 'MR'), '00281053': value('DS', 2) }, 1).unit).toBe('1');
  });

  it('are not claimed where the slope is zero, or missing beside an intercept', () => {
    const zero = { ...ct, '00281053': value('DS', 0), '00281054': value('LO', 'HU') };
    const missing = { '00080060': value('CS', 'CT'), '00281052': value('DS', -1024) };
    for (const broken of [zero, missing]) expect(factsOf(broken, 1).unit).toBe('1');
    expect(factsOf({ ...pet, '00281053': value('DS', 0) }, 1)).toMatchObject({ unit: '1', suv: null });
  });

  it('are written for readers', () => {
    expect(formatValue(23.44, 'mm')).toBe('23.4 mm');
    expect(formatValue(-0.04, 'mm')).toBe('0.0 mm');
    expect(formatValue(-612, "[hnsf'U]")).toBe('−612 HU');
    expect(formatValue(1.234, '{SUVbw}g/ml')).toBe('1.23 SUV');
    expect(formatValue(90, 'deg')).toBe('90.0°');
    expect(formatValue(7, '1')).toBe('7');
    expect(formatValue(250.4, 'mm2')).toBe('250 mm²');
  });

  it('name a mark by what it measures', () => {
    const long = { name: 'length', value: 23.4, unit: 'mm' } as const;
    expect(headline([long])).toBe('23.4 mm');
    expect(headline([long, { name: 'short-axis', value: 12, unit: 'mm' }])).toBe('23.4 × 12.0 mm');
    expect(headline([])).toBe('');
  });
});

describe('image ids', () => {
  it('hold ids only and come back whole', () => {
    const address = { handle: 'h', objectId: '00112233445566778899aabbccddeeff', frame: 12 };
    expect(parseImageId(formatImageId(address))).toEqual(address);
    for (const bad of ['wadors:x', 'vitrine:h/xyz/1', 'vitrine:h/00112233445566778899aabbccddeeff/0']) {
      expect(() => parseImageId(bad)).toThrow(RangeError);
    }
  });
});

describe('prefetch', () => {
  it('goes outwards, two ahead for one behind, and names every other slice once', () => {
    expect(prefetchOrder(10, 4, 1)).toEqual([5, 6, 3, 7, 8, 2, 9, 1, 0]);
    expect(prefetchOrder(4, 0, -1)).toEqual([1, 2, 3]);
    expect(prefetchOrder(1, 0, 1)).toEqual([]);
  });
});
