import { beforeAll, describe, expect, it } from 'vitest';
import { byteSize, dicomDate, dicomTime, number, personName } from './format.ts';
import { changeLanguage, startText } from './text.ts';

beforeAll(() => startText('en'));

describe('personName', () => {
  it.each([
    ['DOE^Jane', 'DOE, Jane'],
    ['DOE^Jane^M^Dr^PhD', 'DOE, Dr Jane M, PhD'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['=山田^太郎', '山田, 太郎'],
    ['PHANTOM', 'PHANTOM'],
    ['^^^^', ''],
    ['', ''],
  ])('%s', (value, shown) => expect(personName(value)).toBe(shown));
});

describe('dates and times', () => {
  it('are shown in ISO order, and what is no date is shown as it is', () => {
    expect(dicomDate('20261120')).toBe('2026-11-20');
    expect(dicomDate('1961')).toBe('1961');
    expect(dicomTime('140211.123')).toBe('14:02:11');
    expect(dicomTime('1402')).toBe('14:02');
    expect(dicomTime('')).toBe('');
  });
});

describe('number', () => {
  const values = [0, 7, 999, 1000, 25_630, 1_234_567, 0.1, 12.5, 1234.5678, -4200];

  it.each(['en', 'de'] as const)('is written as the system writes it in %s', async (language) => {
    await changeLanguage(language);
    expect(values.map(number)).toEqual(values.map((value) => value.toLocaleString(language)));
    if (language === 'de') expect(byteSize(1500)).toBe('1,5 kB');
    await changeLanguage('en');
  });
});

describe('byteSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [38_000_000, '38 MB'],
    [412_000_000_000, '412 GB'],
    [999_600_000, '1.0 GB'],
  ])('%d', (bytes, shown) => expect(byteSize(bytes)).toBe(shown));
});
