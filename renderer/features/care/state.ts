import type { CareResult, CareStatus } from '../../../core/contract/care.ts';
import type { JobFinished, JobKind, JobProgress } from '../../../core/contract/jobs.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { useJobs, whenFinished } from '../../state/jobs.ts';
import { createState } from '../../state/stores.ts';

const KINDS: readonly JobKind[] = [
  'vault.verify',
  'care.backup',
  'care.check',
  'care.drill',
  'care.scrub',
  'care.repair',
];

/** What a job of care came to, as long as it is shown. */
export interface Shown {
  readonly report: JobFinished;
  readonly result: CareResult | null;
}

interface Care {
  /** Null while it is asked for. */
  status: CareStatus | null;
  /** Code of what went wrong when it was asked for or started. */
  problem: string | null;
  shown: Shown | null;
}

/** What main says of the vault's care. */
export const useCare = createState<Care>(() => ({ status: null, problem: null, shown: null }), {
  status: 'screen',
  problem: 'screen',
  shown: 'screen',
});

/** Asks again. */
export async function refreshCare(): Promise<void> {
  try {
    useCare.setState({ status: await call('care.status', {}), problem: null });
  } catch (error) {
    useCare.setState({ problem: codeOf(error) });
  }
}

async function show(report: JobFinished): Promise<void> {
  const answer = await call('care.result', { job: report.job }).catch(() => ({ result: null }));
  useCare.setState({ shown: { report, result: answer.result } });
  await refreshCare();
}

/** Starts a job and shows what it came to. */
export async function startCare(start: () => Promise<{ job: string }>): Promise<void> {
  useCare.setState({ problem: null, shown: null });
  try {
    const { job } = await start();
    const report = await whenFinished(job);
    await show(report);
  } catch (error) {
    useCare.setState({ problem: codeOf(error) });
  }
}

/** A job that ended while this screen was away, or before the page was loaded again. */
export function showLast(): void {
  const last = useJobs.getState().finished.find(({ kind }) => KINDS.includes(kind));
  if (last !== undefined && useCare.getState().shown === null) void show(last);
}

/** Takes the result off the screen. */
export function dismissShown(): void {
  useCare.setState({ shown: null });
}

/** Jobs of care that run, in the order of their start. */
export function careJobs(running: readonly JobProgress[]): readonly JobProgress[] {
  return running.filter(({ kind }) => KINDS.includes(kind));
}
