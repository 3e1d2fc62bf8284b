import type { JobFinished, JobProgress } from '../../core/contract/jobs.ts';
import { call, listen } from '../bridge/bridge.ts';
import { createState } from './stores.ts';

interface Jobs {
  /** In the order of their start. */
  running: readonly JobProgress[];
  /** Newest first, until somebody dismisses them. */
  finished: readonly JobFinished[];
}

/** Long work other than imports. Main keeps the list, so a page that is loaded again finds it whole. */
export const useJobs = createState<Jobs>(() => ({ running: [], finished: [] }), {
  running: 'screen',
  finished: 'screen',
});

function heard(progress: JobProgress): void {
  const { running, finished } = useJobs.getState();
  if (finished.some(({ job }) => job === progress.job)) return;
  const isKnown = running.some(({ job }) => job === progress.job);
  useJobs.setState({
    running: isKnown ? running.map((one) => (one.job === progress.job ? progress : one)) : [...running, progress],
  });
}

function ended(report: JobFinished): void {
  const { running, finished } = useJobs.getState();
  useJobs.setState({
    running: running.filter(({ job }) => job !== report.job),
    finished: [report, ...finished.filter(({ job }) => job !== report.job)],
  });
}

/** Listens to main's words about jobs. */
export function followJobs(): void {
  listen('job.progress', heard);
  listen('job.finished', ended);
}

/** Takes over what runs already: asked once the vault is open. */
export async function loadJobs(): Promise<void> {
  const list = await call('jobs.list', {}).catch(() => null);
  if (list !== null) useJobs.setState(list);
}

/** Asks for an end; it comes as an event. */
export function cancelJob(job: string): void {
  void call('jobs.cancel', { job }).catch(() => undefined);
}

/** Takes a finished job off the screen, and what it made out of main's memory. */
export function dismissJob(job: string): void {
  useJobs.setState({ finished: useJobs.getState().finished.filter((one) => one.job !== job) });
  void call('jobs.dismiss', { job }).catch(() => undefined);
}

/** Resolves with a job's end. Never rejects: a failed job has its code. A lock, which forgets jobs, leaves it open. */
export function whenFinished(job: string): Promise<JobFinished> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const found = useJobs.getState().finished.find((one) => one.job === job);
      if (found !== undefined) resolve(found);
      return found !== undefined;
    };
    if (look()) return;
    const stop = useJobs.subscribe(() => {
      if (look()) stop();
    });
  });
}
