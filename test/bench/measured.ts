import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../command.ts';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** The rows that EVIDENCE.md states, as `npm run bench -- --record yes` measured them last. */
const MEASURED = join(ROOT, 'test', 'bench', 'measured.json');

/** A row with the machine that it was measured on, in general terms. */
export interface MeasuredRow extends Row {
  readonly machine: string;
  /** Year and month. */
  readonly at: string;
}

type Measured = Readonly<Record<string, MeasuredRow>>;

/** Rows by their ids; none where nothing was recorded yet. */
export async function readMeasured(): Promise<Measured> {
  return JSON.parse(await readFile(MEASURED, 'utf8')) as Measured;
}

/** Cores beyond the benchmark's own work at which other programs took part. */
const BUSY_BEYOND = 1;

/** `2 cores of …, 7 GiB`, and that it was busy where the average of runnable processes says so. */
export function machineText({ cores, processor, memoryGiB, load }: Machine): string {
  const named = processor
    .replaceAll(/\((R|TM)\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const busy = (load[0] ?? 0) > cores + BUSY_BEYOND ? ', while other programs ran' : '';
  return `${cores} cores of ${named}, ${memoryGiB} GiB${busy}`;
}

/** Puts rows in the place of those with their ids. The others stay as they are. */
export async function record(rows: readonly Row[], on: Machine): Promise<string> {
  const fresh = rows.map((row): MeasuredRow => ({ ...row, machine: machineText(on), at: on.at.slice(0, 7) }));
  const all = { ...(await readMeasured()), ...Object.fromEntries(fresh.map((row) => [row.id, row])) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  // Pairs of numbers on one line, as the formatter has them.
  const text = JSON.stringify(sorted, null, 2).replaceAll(/\[\s+([^\s,]+),\s+([^\s,]+)\s+\]/g, '[$1, $2]');
  await writeFile(MEASURED, `${text}\n`);
  return MEASURED;
}

/**
 * A sentence with what a row measured: `{ours}`, `{peer}`, `{ratio}`, `{unit}`, or a detail by its name.
 * @throws RangeError for a place that the row has nothing for
 */
export function filled(text: string, row: MeasuredRow): string {
  const { ours, peer, ratio, unit, details } = row;
  const known: Readonly<Record<string, number | string | null>> = { ...details, ours, peer, ratio, unit };
  return text.replaceAll(/\{([^}]+)\}/g, (_place, name: string) => {
    const value = known[name];
    if (value == null) throw new RangeError(`the benchmark ${row.id} measured no "${name}"`);
    return String(value);
  });
}
