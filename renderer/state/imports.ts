import type { ImportEnd, ImportOutcome, ImportProgress } from '../../core/contract/import.ts';
import { call, codeOf, isUiError, listen, registerDrop } from '../bridge/bridge.ts';
import { createState } from './stores.ts';

interface Imports {
  /** The import that runs, or null. `progress` is null until main's first word about it. */
  running: { readonly job: string; readonly progress: ImportProgress | null; readonly cancelling: boolean } | null;
  /** Outcomes that nobody dismissed yet, newest first. They name files, and files can name a patient. */
  outcomes: readonly ImportOutcome[];
  /** Code of what kept an import from starting, or null. */
  problem: string | null;
}

export const useImports = createState<Imports>(() => ({ running: null, outcomes: [], problem: null }), {
  running: 'screen',
  outcomes: 'patient',
  problem: 'screen',
});

/** Jobs that are over: a report of progress that comes late must not bring one back. Job ids only. */
const over = new Set<string>();

/** Listens to main's reports. */
export function followImports(): void {
  listen('import.progress', (progress) => {
    if (over.has(progress.job)) return;
    const { running } = useImports.getState();
    const cancelling = running?.job === progress.job && running.cancelling;
    useImports.setState({ running: { job: progress.job, progress, cancelling } });
  });
  listen('import.finished', (end) => void finished(end));
}

/** Main counts the files that something is to be said of; their names come from the vault process. */
async function finished(end: ImportEnd): Promise<void> {
  over.add(end.job);
  // Of an import that a lock ended nobody may see a file: there is nothing to be had then.
  const none = { refused: [], conflicts: [], warnings: [] };
  const names = await call('import.names', { job: end.job }).catch(() => none);
  const { running, outcomes } = useImports.getState();
  useImports.setState({
    running: running?.job === end.job ? null : running,
    outcomes: [{ ...end, ...names }, ...outcomes.filter(({ job }) => job !== end.job)],
  });
}

async function begin(start: () => Promise<{ job: string } | null>): Promise<void> {
  useImports.setState({ problem: null });
  try {
    const started = await start();
    if (started === null) return;
    // A small import may have ended before this answer came.
    if (useImports.getState().running?.job === started.job || over.has(started.job)) return;
    useImports.setState({ running: { job: started.job, progress: null, cancelling: false } });
  } catch (error) {
    useImports.setState({ problem: codeOf(error) });
  }
}

/** Asks for files or a folder in main's dialog, then imports them. Does nothing when the person closes the dialog. */
export function importChosen(kind: 'files' | 'folder'): Promise<void> {
  return begin(async () => {
    const { source } = await call('import.choose', { kind });
    return source === null ? null : call('import.start', { source });
  });
}

/** Imports files that were dropped on the window. */
export function importDropped(files: readonly File[]): Promise<void> {
  return begin(async () => call('import.start', { source: await registerDrop(files) }));
}

/** Imports the sample study. */
export function importSample(): Promise<void> {
  return begin(() => call('import.sample', {}));
}

/** Cancels; nothing of the import stays. The outcome comes as an event. */
export async function cancelImport(): Promise<void> {
  const { running } = useImports.getState();
  if (running === null) return;
  useImports.setState({ running: { ...running, cancelling: true } });
  await call('import.cancel', { job: running.job }).catch((error: unknown) => {
    if (!isUiError(error, 'import/no-such-job')) useImports.setState({ problem: codeOf(error) });
  });
}

/** Takes a summary off the screen. */
export function dismissOutcome(job: string): void {
  useImports.setState({ outcomes: useImports.getState().outcomes.filter((outcome) => outcome.job !== job) });
}

/** Takes the message about an import that didn't start off the screen. */
export function dismissImportProblem(): void {
  useImports.setState({ problem: null });
}
