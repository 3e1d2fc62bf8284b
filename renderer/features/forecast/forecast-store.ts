import type { PrivateForecastRequest, PrivateForecastResult, PrivateSeries } from '../../../core/contract/private.ts';
import { call, codeOf, registerDrop, UiError } from '../../bridge/bridge.ts';
import { dismissJob, useJobs, whenFinished } from '../../state/jobs.ts';
import { createState } from '../../state/stores.ts';

type Details = Readonly<Record<string, string | number | boolean>>;

interface ForecastState {
  series: PrivateSeries | null;
  topology: PrivateForecastRequest['topology'];
  /** How many of the last days; as it is typed. */
  days: string;
  /** A series is being read. */
  isReading: boolean;
  /** The forecast that runs, or null. */
  job: string | null;
  result: PrivateForecastResult | null;
  /** What kept a series or a forecast from coming, or null. */
  problem: { readonly code: string; readonly details: Details } | null;
  wasCancelled: boolean;
}

export const useForecast = createState<ForecastState>(
  () => ({
    series: null,
    topology: '1conv',
    days: '',
    isReading: false,
    job: null,
    result: null,
    problem: null,
    wasCancelled: false,
  }),
  {
    series: 'patient',
    topology: 'screen',
    days: 'screen',
    isReading: 'screen',
    job: 'screen',
    result: 'patient',
    problem: 'screen',
    wasCancelled: 'screen',
  },
);

const set = useForecast.setState;

function failed(error: unknown): void {
  set({ problem: { code: codeOf(error), details: error instanceof UiError ? error.details : {} } });
}

async function read(source: string | null): Promise<void> {
  set({ isReading: true, problem: null, wasCancelled: false });
  try {
    const series = await call('private.series', { source });
    set({ series, days: String(series.days.usual) });
  } catch (error) {
    failed(error);
  } finally {
    set({ isReading: false });
  }
}

/** Reads the series of a CSV file that the person chooses. */
export async function chooseSeries(): Promise<void> {
  try {
    const { source } = await call('import.choose', { kind: 'files' });
    if (source !== null) await read(source);
  } catch (error) {
    failed(error);
  }
}

/** Reads the series of a CSV file that was dropped; a forecast under way is left alone. */
export async function dropSeries(files: readonly File[]): Promise<void> {
  const { job, isReading } = useForecast.getState();
  if (job !== null || isReading || files.length === 0) return;
  try {
    await read(await registerDrop(files));
  } catch (error) {
    failed(error);
  }
}

/** Reads the sample. */
export function takeSample(): Promise<void> {
  return read(null);
}

/** The days as a number, or null where they are none that can be forecast. */
export function daysOf({ series, days }: Pick<ForecastState, 'series' | 'days'>): number | null {
  const count = Number(days);
  return series !== null && /^\d+$/.test(days) && count >= 1 && count <= series.days.most ? count : null;
}

async function follow(job: string): Promise<void> {
  set({ job });
  const end = await whenFinished(job);
  if (useForecast.getState().job !== job) return;
  set({ job: null });
  if (end.outcome === 'done') await show(job);
  else {
    if (end.outcome === 'cancelled') set({ wasCancelled: true });
    else set({ problem: { code: end.code ?? 'ipc/unexpected', details: end.facts } });
    // It is said here: the foot of the window needn't say it again.
    dismissJob(job);
  }
}

/** @returns whether there was a result */
async function show(job: string): Promise<void> {
  const { result } = await call('private.result', { job });
  if (result === null) return;
  const { report, series } = result;
  set({ result, series, topology: report.topology, days: String(report.forecasts.length) });
}

/** Starts the forecast. */
export async function startForecast(): Promise<void> {
  const { series, topology, ...rest } = useForecast.getState();
  const testDays = daysOf({ series, days: rest.days });
  if (series === null || testDays === null) return;
  set({ problem: null, wasCancelled: false });
  try {
    const { job } = await call('private.forecast', { series: series.series, topology, testDays });
    await follow(job);
  } catch (error) {
    failed(error);
  }
}

/** After a reload of the page: the forecast that runs, else the last one's result. */
export async function resumeForecast(): Promise<void> {
  const { job, result, series } = useForecast.getState();
  if (job !== null || result !== null || series !== null) return;
  const { running, finished } = useJobs.getState();
  const under = running.find(({ kind }) => kind === 'private.forecast');
  const last = finished.find(({ kind, outcome }) => kind === 'private.forecast' && outcome === 'done');
  try {
    if (last !== undefined) await show(last.job);
    if (under !== undefined) await follow(under.job);
  } catch (error) {
    failed(error);
  }
}
