import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The checkout's root folder. */
export const ROOT = resolve(import.meta.dirname, '..');

/**
 * Options of a test command, each with a value: `--kills 200 --out DIR`. Unknown ones are refused, so that a mistyped
 * option is no silent default.
 */
export function options<Name extends string>(defaults: Record<Name, string>): Record<Name, string> {
  const spec = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options: spec, allowPositionals: false });
  return { ...defaults, ...(values as Partial<Record<Name, string>>) };
}

/** A whole number of at least `least`. @throws RangeError with the option's name. */
export function count(name: string, text: string, least = 1): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`--${name} takes a whole number from ${least}`);
  return value;
}

/** Writes `<out>/report.json` and answers its path. */
export async function writeReport(out: string, report: unknown): Promise<string> {
  await mkdir(out, { recursive: true });
  const path = join(out, 'report.json');
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

/** Words for a person; the report is for scripts. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Numbers in [0, 1) that a seed repeats (mulberry32). Not for cryptography. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError('no values');
  return (upper + lower) / 2;
}
