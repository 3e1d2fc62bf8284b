import { median, say } from '../command.ts';
import type { CatalogueFigures } from './catalogue-work.ts';
import type { OpenFigures } from './open-work.ts';
import { limitRow, percentile, type Row, row } from './row.ts';
import { inElectron } from './seal.ts';

const OPEN_LIMIT_MS = 1000;
const SEARCH_LIMIT_MS = 30;

/** Rows `open-100k` and `search-100k`. */
export async function benchCatalogue(rounds: number): Promise<Row[]> {
  const { open, search, runtime } = await inElectron<CatalogueFigures>('catalogue-work.ts', rounds);
  const all = search.flat();
  return [
    limitRow({
      id: 'open-100k',
      what: `opening a vault with 100,000 studies and asking for the first page of the list, in ${runtime}; limit ${OPEN_LIMIT_MS} ms`,
      unit: 'ms',
      ours: open,
      limit: OPEN_LIMIT_MS,
    }),
    limitRow({
      id: 'search-100k',
      what: `95th percentile of ${search[0]?.length ?? 0} searches, each a keystroke of somebody who types a name, id, date or description, in a list of 100,000 studies, in ${runtime}; limit ${SEARCH_LIMIT_MS} ms`,
      unit: 'ms',
      ours: search.map((times) => percentile(times, 0.95)),
      limit: SEARCH_LIMIT_MS,
      details: { medianMs: Number(median(all).toFixed(2)), slowestMs: Number(Math.max(...all).toFixed(2)) },
    }),
  ];
}

/** Row `open-study-warm`; none where the native engine isn't built, whose goal it is, and then says so. */
export async function benchOpen(rounds: number): Promise<Row[]> {
  const { open, cat, megabytes, engine, runtime } = await inElectron<OpenFigures>('open-work.ts', rounds);
  if (engine !== 'native') {
    say('not measured: the native engine is not built');
    return [];
  }
  const speeds = (seconds: readonly number[]): number[] => seconds.map((value) => megabytes / 1000 / value);
  return [
    row({
      id: 'open-study-warm',
      what: `opening a study of 500 slices (${megabytes} MB) and unsealing every frame through the vault, from the page cache, with the native engine, in ${runtime}; peer: cat of the same sealed objects`,
      unit: 'GB/s',
      better: 'higher',
      goal: 0.5,
      ours: speeds(open),
      peer: speeds(cat),
    }),
  ];
}
