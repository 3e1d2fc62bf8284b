import type { PrivateForecastResult } from '../../core/contract/private.ts';
import { privateForecastResult } from '../../core/contract/private.ts';
import { privateError } from '../../core/private/errors.ts';
import type { Sample } from '../../core/private/series.ts';
import type { ForecastOutcome, SeriesSource } from '../private/forecaster.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

/** Rows before the days that are forecast, for the plot. */
const SHOWN_BEFORE = 60;

export function privateHandlers({
  vault,
  board,
  chosen,
  forecaster,
  series,
}: Pick<HandlerContext, 'vault' | 'board' | 'chosen' | 'forecaster' | 'series'>): HandlersOf<'private'> {
  const sourceOf = (source: string | null): SeriesSource => {
    if (source === null) return { from: 'sample' };
    const [path, ...more] = chosen.take(source);
    if (path === undefined || more.length > 0)
      throw privateError('private/series', 'a forecast takes one file; choose one');
    return { from: 'file', path };
  };
  return {
    'private.series': async ({ source }) => {
      vault();
      const from = sourceOf(source);
      return series.add(await forecaster.read(from), from.from);
    },
    'private.forecast': async ({ series: handle, topology, testDays }) => {
      vault();
      const { facts, samples } = series.at(handle);
      return board.start<PrivateForecastResult>({
        kind: 'private.forecast',
        lane: 'private',
        run: async ({ signal, progress }) => {
          const outcome = await forecaster.forecast(
            { samples, topology, testDays },
            { signal, progress: (done, total) => progress({ done, total, unit: 'steps' }) },
          );
          return { ...outcome, series: facts, ...shown(samples, outcome) };
        },
        facts: ({ report }) => ({ topology: report.topology }),
      });
    },
    'private.result': async ({ job }) => {
      const made = privateForecastResult.safeParse(board.result(job, 'private.forecast'));
      return { result: made.success ? made.data : null };
    },
  };
}

function shown(samples: readonly Sample[], { report }: ForecastOutcome): { before: Sample[]; actual: Sample[] } {
  const start = samples.length - report.forecasts.length;
  return { before: samples.slice(Math.max(0, start - SHOWN_BEFORE), start), actual: samples.slice(start) };
}
