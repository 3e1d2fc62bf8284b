import { type PrivateCode, privateError } from './errors.ts';

/** One row of a series. */
export interface Sample {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly value: number;
}

/** Bounds of the values that a model was, or is to be, scaled with. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
}

const MAX_ROWS = 100_000;
const DAY = 86_400_000;

function refuse(code: PrivateCode, reason: string, line: number): never {
  throw privateError(code, `line ${line} ${reason}`, { line });
}

/** Days since 1970, or NaN for what is no day of the calendar. */
function dayOf(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN;
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? Number.NaN : time / DAY;
}

function monthOf(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
}

/** What parts the columns. Spreadsheets of countries with a decimal comma write semicolons, others write tabs. */
const separatorOf = (text: string): ',' | ';' | '\t' => ([';', '\t'] as const).find((one) => text.includes(one)) ?? ',';

function readRow(text: string, line: number, separator: ',' | ';' | '\t'): Sample {
  const cells = text.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const [date = '', written = '', ...more] = cells;
  const value = separator === ',' ? written : written.replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
  if (more.length > 0)
    refuse('private/series', 'has more than two columns; give a date and a number in each row', line);
  if (Number.isNaN(dayOf(date))) refuse('private/series-date', 'does not begin with a date as YYYY-MM-DD', line);
  if (value === '') refuse('private/series-number', 'has no number; fill the gap or remove the rows before it', line);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(value))
    refuse('private/series-number', 'holds text where a number belongs', line);
  return { date, value: Number(value) };
}

/** Rows must follow each other evenly: every so many days, or on one day of each month. */
function checkSteps(samples: readonly Sample[], firstLine: number): void {
  const [first, second] = samples;
  if (first === undefined || second === undefined) return;
  const step = dayOf(second.date) - dayOf(first.date);
  if (step <= 0)
    refuse('private/series-order', 'is not later than the row before it; sort the rows by date', firstLine + 1);
  const monthly = second.date.slice(8) === first.date.slice(8) && monthOf(second.date) - monthOf(first.date) === 1;
  for (let i = 1; i < samples.length; i++) {
    const [before, now] = [samples[i - 1]?.date ?? '', samples[i]?.date ?? ''];
    const even = monthly
      ? monthOf(now) - monthOf(before) === 1 && now.slice(8) === before.slice(8)
      : dayOf(now) - dayOf(before) === step;
    if (even) continue;
    if (dayOf(now) < dayOf(before))
      refuse('private/series-order', 'is not later than the row before it; sort the rows by date', firstLine + i);
    refuse(
      'private/series-gap',
      'does not follow the row before it; the series has a gap or a day twice',
      firstLine + i,
    );
  }
}

/**
 * A series from CSV: a date and a number in each row, a heading or none. Columns are parted by commas, semicolons or tabs;
 * beside semicolons and tabs a number may have a decimal comma.
 * @throws VitrineError private/series, and private/series-date, -number, -order, -gap with the line at fault
 */
export function parseSeries(text: string): Sample[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines[lines.length - 1]?.trim() === '') lines.pop();
  if (lines.length > MAX_ROWS)
    throw privateError('private/series', `the series has more than ${MAX_ROWS} rows; give fewer`);
  const heading = /^"?[\p{L}_]/u.test(lines[0] ?? '') ? 1 : 0;
  const separator = separatorOf(lines[heading] ?? '');
  const samples = lines.slice(heading).map((line, i) => readRow(line, i + heading + 1, separator));
  if (samples.length === 0)
    throw privateError('private/series', 'the file has no rows; give a date and a number in each');
  checkSteps(samples, heading + 1);
  return samples;
}

/** The last `testDays` rows in windows: each forecasts `horizon` rows from the `input` true rows before them. */
export interface Windows {
  readonly scaling: Scaling;
  /** Scaled to −1 … 1 by `scaling`; `input` numbers each. */
  readonly inputs: readonly (readonly number[])[];
  readonly test: readonly Sample[];
}

/**
 * Cuts a series as the paper does: scaled by the smallest and largest value before the test days, then windows that
 * slide by the horizon.
 * @throws VitrineError private/series-short when rows are too few, private/series-flat when all are alike before the test
 *   days
 */
export function cutWindows(
  samples: readonly Sample[],
  shape: { readonly input: number; readonly horizon: number },
  testDays: number,
): Windows {
  const needed = testDays + Math.max(shape.input, 2);
  if (samples.length < needed)
    throw privateError(
      'private/series-short',
      `the series has ${samples.length} rows, and ${testDays} test days need ${needed} at least; give more rows or fewer test days`,
      { rows: samples.length, needed, days: testDays },
    );
  const start = samples.length - testDays;
  const known = samples.slice(0, start).map(({ value }) => value);
  const scaling = { min: Math.min(...known), max: Math.max(...known) };
  if (scaling.min === scaling.max)
    throw privateError(
      'private/series-flat',
      'all values before the test days are the same; there is nothing to scale by',
    );
  const inputs: number[][] = [];
  for (let at = start; at < samples.length; at += shape.horizon)
    inputs.push(samples.slice(at - shape.input, at).map(({ value }) => toScale(value, scaling)));
  return { scaling, inputs, test: samples.slice(start) };
}

/** −1 at `min`, 1 at `max`. */
export function toScale(value: number, { min, max }: Scaling): number {
  return ((value - min) / (max - min)) * 2 - 1;
}

/** The reverse of `toScale`. */
export function fromScale(scaled: number, { min, max }: Scaling): number {
  return ((scaled + 1) / 2) * (max - min) + min;
}

/** Mean absolute error of forecasts, in the series' unit. */
export function meanAbsoluteError(forecasts: readonly number[], actual: readonly Sample[]): number {
  return actual.reduce((sum, { value }, i) => sum + Math.abs((forecasts[i] ?? Number.NaN) - value), 0) / actual.length;
}
