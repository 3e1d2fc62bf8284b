import { describe, expect, it } from 'vitest';
import { cutWindows, fromScale, parseSeries, toScale } from './series.ts';

const day = (i: number): string => new Date(Date.UTC(2021, 0, 1 + i)).toISOString().slice(0, 10);
const csv = (rows: readonly (readonly [string, string])[]): string =>
  ['date,cases', ...rows.map((row) => row.join(','))].join('\n');
const daily = (count: number): [string, string][] => Array.from({ length: count }, (_, i) => [day(i), `${i * i}`]);

/** The rows of `daily(40)` with one changed. */
function spoilt(change: (rows: [string, string][]) => void): string {
  const rows = daily(40);
  change(rows);
  return csv(rows);
}

describe('a series from CSV', () => {
  it('is read with a heading or none, with CRLF, a byte order mark and quotes', () => {
    const read = parseSeries(`\uFEFF"date","cases"\r\n"2021-01-31","12"\r\n2021-02-01,1.5e3\r\n\r\n`);
    expect(read).toEqual([
      { date: '2021-01-31', value: 12 },
      { date: '2021-02-01', value: 1500 },
    ]);
    expect(parseSeries('2021-01-01,1\n2021-02-01,2\n2021-03-01,3')).toHaveLength(3);
  });

  it('is read as spreadsheets of other countries write it', () => {
    const read = [
      { date: '2021-01-31', value: 12.5 },
      { date: '2021-02-01', value: 3 },
    ];
    expect(parseSeries('Datum;Fälle\n2021-01-31;12,5\n2021-02-01;3')).toEqual(read);
    expect(parseSeries('2021-01-31\t12.5\n2021-02-01\t3')).toEqual(read);
    expect(() => parseSeries('2021-01-31;1.234,5\n2021-02-01;3')).toThrow(/line 1 holds text/);
  });

  it.each([
    ['a missing number', spoilt((rows) => rows.splice(9, 1, [day(9), ''])), /line 11 has no number/],
    ['text', spoilt((rows) => rows.splice(9, 1, [day(9), 'n/a'])), /line 11 holds text/],
    ['NaN', spoilt((rows) => rows.splice(9, 1, [day(9), 'NaN'])), /line 11 holds text/],
    ['a missing day', spoilt((rows) => rows.splice(9, 1)), /line 11 does not follow/],
    ['a day twice', spoilt((rows) => rows.splice(9, 0, [day(9), '1'])), /line 12 does not follow/],
    ['no day of the calendar', spoilt((rows) => rows.splice(9, 1, ['2021-02-30', '1'])), /line 11 does not begin/],
    ['the newest first', csv(daily(40).reverse()), /line 3 is not later/],
    ['three columns', csv([...daily(3), [day(3), '1,2']]), /line 5 has more than two columns/],
    ['nothing', '', /does not begin with a date|no rows/],
    ['a heading alone', 'date,cases\n', /no rows/],
  ])('with %s is refused by its line', (_what, text, reason) => {
    expect(() => parseSeries(text)).toThrow(reason);
    expect(() => parseSeries(text)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^private\/series/) }),
    );
  });
});

describe('windows', () => {
  it('slide by the horizon, each with the true rows before it, scaled by the days before the test days', () => {
    const samples = parseSeries(csv(daily(30)));
    const { inputs, test, scaling } = cutWindows(samples, { input: 14, horizon: 7 }, 10);
    expect(scaling).toEqual({ min: 0, max: 19 * 19 });
    expect(inputs).toHaveLength(2);
    expect(test.map(({ date }) => date)).toEqual(Array.from({ length: 10 }, (_, i) => day(20 + i)));
    expect(inputs[1]?.map((scaled) => Math.round(fromScale(scaled, scaling)))).toEqual(
      Array.from({ length: 14 }, (_, i) => (13 + i) ** 2),
    );
    expect(toScale(0, scaling)).toBe(-1);
    expect(toScale(361, scaling)).toBe(1);
  });

  it('are refused where rows are too few, with how many there should be', () => {
    const samples = parseSeries(csv(daily(30)));
    expect(() => cutWindows(samples, { input: 14, horizon: 7 }, 17)).toThrow(/30 rows, and 17 test days need 31/);
  });

  it('are refused where nothing changes before the test days', () => {
    const flat = parseSeries(csv(daily(40).map(([date], i) => [date, i < 30 ? '5' : '6'])));
    expect(() => cutWindows(flat, { input: 14, horizon: 7 }, 10)).toThrow(/the same/);
  });
});
