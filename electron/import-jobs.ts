import { randomBytes } from 'node:crypto';
import type { ImportEnd, ImportProgress } from '../core/contract/import.ts';
import { VitrineError } from '../core/errors.ts';
import type { MainVault } from '../core/vault/main-vault.ts';
import type { FinishedImport, ImportRequest } from '../core/vault/types.ts';

export interface ImportTellers {
  progress(progress: ImportProgress): void;
  finished(outcome: ImportEnd): void;
  /** Decoding what was imported found more to be seen: the outcome of before, whose names are more now. */
  doubted(outcome: ImportEnd): void;
}

/** How long a stop waits for the vault to take back what it had staged; the next open takes it back otherwise. */
const STOP_LIMIT_MS = 2000;

interface Running {
  readonly job: string;
  readonly abort: AbortController;
  done: Promise<void>;
}

/** The import that runs now: one at a time, so that a summary is about one thing and memory stays bounded. */
export class ImportJobs {
  readonly #tell: ImportTellers;
  #running: Running | null = null;

  constructor(tell: ImportTellers) {
    this.#tell = tell;
  }

  count(): number {
    return this.#running === null ? 0 : 1;
  }

  /**
   * Starts and answers the job at once; its end is told.
   * @param source asked only when the import may start, so that a refused start spends no handle
   * @throws import/busy, and what `source` throws
   */
  start(vault: MainVault, source: () => ImportRequest['from']): { job: string } {
    if (this.#running !== null) throw new VitrineError('import/busy', 'an import is running');
    const from = source();
    const job = randomBytes(16).toString('hex');
    const abort = new AbortController();
    const running: Running = { job, abort, done: Promise.resolve() };
    this.#running = running;
    running.done = this.#run(vault, { job, from }, running);
    return { job };
  }

  /** Cancelling a job that has ended is no error: the click came late. */
  cancel(job: string): void {
    if (this.#running?.job === job) this.#running.abort.abort();
  }

  /**
   * Cancels for a lock and waits until the outcome was told, or for two seconds.
   */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.abort.abort();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_LIMIT_MS);
    });
    await Promise.race([running.done, limit]);
    clearTimeout(timer);
  }

  async #run(vault: MainVault, request: ImportRequest, running: Running): Promise<void> {
    const { signal } = running.abort;
    const started = performance.now();
    let last: ImportProgress | null = null;
    const progress = (now: ImportProgress): void => {
      last = now;
      this.#tell.progress(now);
    };
    let outcome: ImportEnd;
    try {
      const finished: FinishedImport = await vault.import(request, { signal, progress });
      const { refused: _refused, conflicts: _conflicts, warnings: _warnings, ...end } = finished.outcome;
      outcome = end;
    } catch (error) {
      outcome = unfinished(request.job, signal.aborted, error, last, (performance.now() - started) / 1000);
    }
    this.#running = null;
    this.#tell.finished(outcome);
    if (outcome.outcome === 'done') await this.#doubts(vault, outcome);
  }

  /** Waits for the check of the pixels; a lock ends the wait, and the check goes on when the vault is open again. */
  async #doubts(vault: MainVault, outcome: ImportEnd): Promise<void> {
    const doubts = await vault.pixelDoubts(outcome.job).catch(() => []);
    if (doubts.length > 0) this.#tell.doubted(outcome);
  }
}

/** The outcome of an import that threw: nothing of it stays, so it imported nothing. */
function unfinished(
  job: string,
  cancelled: boolean,
  error: unknown,
  last: ImportProgress | null,
  seconds: number,
): ImportEnd {
  return {
    job,
    outcome: cancelled ? 'cancelled' : 'failed',
    code: error instanceof VitrineError ? error.code : 'ipc/unexpected',
    counts: { imported: 0, known: 0, conflicts: 0, refused: 0 },
    bytes: last?.bytesDone ?? 0,
    seconds,
    studyIds: [],
  };
}
