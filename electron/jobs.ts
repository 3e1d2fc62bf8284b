import { randomBytes } from 'node:crypto';
import type { JobFacts, JobFinished, JobKind, JobList, JobProgress } from '../core/contract/jobs.ts';
import { VitrineError } from '../core/errors.ts';

export interface JobTellers {
  progress(progress: JobProgress): void;
  finished(finished: JobFinished): void;
}

/** What a job says of itself, and hears. */
export interface JobControl {
  readonly signal: AbortSignal;
  progress(at: Pick<JobProgress, 'done' | 'total' | 'unit'>): void;
}

/** What is to be done. */
export interface JobSpec<Result> {
  readonly kind: JobKind;
  readonly studyId?: string | null;
  /** Jobs of one lane run one after the other; without it a job starts at once. */
  readonly lane?: string;
  /** Goes on by itself when the vault is opened again; it doesn't keep the vault from locking when nobody is there. */
  readonly background?: boolean;
  run(control: JobControl): Promise<Result>;
  /** The facts for the job's line: counts and codes, nothing of a patient. */
  facts?(result: Result): JobFacts;
}

interface Job {
  readonly spec: JobSpec<unknown>;
  readonly abort: AbortController;
  progress: JobProgress;
  /** When the job began to run (`performance.now()`), and what was done when. */
  startedAt: number;
  readonly marks: { at: number; done: number }[];
  toldAt: number;
  ended: Promise<void>;
}

/** Milliseconds between two words about one job, over which the rate is taken, and before which no time left is said. */
const TELL_EVERY = 100;
const RATE_OVER = 5000;
const SILENT_FOR = 3000;
/** How long a stop waits for jobs to take back what they began. */
const STOP_LIMIT = 2000;
/** Finished jobs that are remembered, with what they made. */
const REMEMBERED = 20;

/** All long work of the open vault but imports, which have their own report. One board for all windows. */
export class JobBoard {
  readonly #tell: JobTellers;
  readonly #jobs = new Map<string, Job>();
  readonly #finished: { readonly report: JobFinished; readonly result: unknown }[] = [];
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(tell: JobTellers) {
    this.#tell = tell;
  }

  /** How many jobs run that somebody waits for. */
  count(): number {
    return [...this.#jobs.values()].filter(({ spec }) => spec.background !== true).length;
  }

  /** Starts, or queues in its lane, and answers at once; progress and end are told. */
  start<Result>(spec: JobSpec<Result>): { job: string } {
    const id = randomBytes(16).toString('hex');
    const job: Job = {
      spec: spec as JobSpec<unknown>,
      abort: new AbortController(),
      progress: {
        job: id,
        kind: spec.kind,
        studyId: spec.studyId ?? null,
        state: 'queued',
        done: 0,
        total: null,
        unit: 'steps',
        rate: 0,
        secondsLeft: null,
      },
      startedAt: performance.now(),
      marks: [],
      toldAt: Number.NEGATIVE_INFINITY,
      ended: Promise.resolve(),
    };
    this.#jobs.set(id, job);
    this.#say(job);
    const before = spec.lane === undefined ? Promise.resolve() : (this.#lanes.get(spec.lane) ?? Promise.resolve());
    job.ended = before.then(() => this.#run(job));
    if (spec.lane !== undefined) this.#lanes.set(spec.lane, job.ended);
    return { job: id };
  }

  /** Cancelling a job that has ended is no error: the click came late. */
  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined || job.abort.signal.aborted) return;
    job.progress = { ...job.progress, state: 'cancelling', secondsLeft: null };
    this.#say(job);
    job.abort.abort();
  }

  /** Running jobs in the order of their start, finished ones newest first. */
  list(): JobList {
    return {
      running: [...this.#jobs.values()].map(({ progress }) => progress),
      finished: this.#finished.map(({ report }) => report),
    };
  }

  /** What a finished job made, or null when it is unknown, was not of this kind, or made nothing. */
  result(id: string, kind: JobKind): unknown {
    const found = this.#finished.find(({ report }) => report.job === id && report.kind === kind);
    return found?.result ?? null;
  }

  /** Takes a finished job off the board, and what it made with it. */
  dismiss(id: string): void {
    const at = this.#finished.findIndex(({ report }) => report.job === id);
    if (at !== -1) this.#finished.splice(at, 1);
  }

  /** Cancels everything for a lock and forgets what was made. Waits for the ends that were told, or for two seconds. */
  async stop(): Promise<void> {
    const running = [...this.#jobs.values()];
    for (const { abort } of running) abort.abort();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_LIMIT);
    });
    await Promise.race([Promise.all(running.map(({ ended }) => ended)), limit]);
    clearTimeout(timer);
    this.#finished.length = 0;
  }

  async #run(job: Job): Promise<void> {
    const { spec, abort } = job;
    job.startedAt = performance.now();
    let result: unknown = null;
    let failure: unknown = null;
    try {
      abort.signal.throwIfAborted();
      job.progress = { ...job.progress, state: 'running' };
      this.#say(job);
      result = await spec.run({ signal: abort.signal, progress: (at) => this.#moved(job, at) });
    } catch (error) {
      failure = error;
    }
    this.#end(job, result, failure);
  }

  #moved(job: Job, at: Pick<JobProgress, 'done' | 'total' | 'unit'>): void {
    const now = performance.now();
    job.marks.push({ at: now, done: at.done });
    while (job.marks.length > 2 && now - (job.marks[0]?.at ?? now) > RATE_OVER) job.marks.shift();
    const first = job.marks[0];
    const seconds = first === undefined ? 0 : (now - first.at) / 1000;
    const rate = first === undefined || seconds === 0 ? 0 : Math.max(0, (at.done - first.done) / seconds);
    const isTold = rate > 0 && now - job.startedAt >= SILENT_FOR && !job.abort.signal.aborted;
    const secondsLeft = isTold && at.total !== null ? Math.max(0, (at.total - at.done) / rate) : null;
    job.progress = { ...job.progress, ...at, rate, secondsLeft };
    if (now - job.toldAt >= TELL_EVERY) this.#say(job);
  }

  #say(job: Job): void {
    job.toldAt = performance.now();
    this.#tell.progress(job.progress);
  }

  #end(job: Job, result: unknown, failure: unknown): void {
    const { job: id, kind, studyId } = job.progress;
    const cancelled = failure !== null && job.abort.signal.aborted;
    const known = failure instanceof VitrineError;
    const report: JobFinished = {
      job: id,
      kind,
      studyId,
      outcome: failure === null ? 'done' : cancelled ? 'cancelled' : 'failed',
      code: failure === null || cancelled ? null : known ? failure.code : 'ipc/unexpected',
      facts: failure === null ? (job.spec.facts?.(result) ?? {}) : known ? { ...failure.details } : {},
      seconds: (performance.now() - job.startedAt) / 1000,
    };
    this.#jobs.delete(id);
    this.#finished.unshift({ report, result });
    this.#finished.length = Math.min(this.#finished.length, REMEMBERED);
    this.#tell.finished(report);
  }
}
