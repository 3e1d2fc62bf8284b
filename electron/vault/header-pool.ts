import { Worker, type WorkerOptions } from 'node:worker_threads';
import { vaultError } from '../../core/vault/errors.ts';
import { fromFailure } from './failure.ts';
import type { FromHeaderWorker, HeaderAnswer, HeaderJob, ParsedHeader } from './header-protocol.ts';

/** Bounds of one header. */
export interface HeaderLimits {
  /** Milliseconds that one header may take. */
  readonly milliseconds: number;
  /** V8 heap of a worker, MiB. Buffers come on top; core/dicom bounds those (prefix 64 MiB, inflated 128 MiB). */
  readonly heapMiB: number;
  readonly workers: number;
}

const DEFAULT_LIMITS: HeaderLimits = { milliseconds: 5000, heapMiB: 256, workers: 2 };
/** A header that takes longer than this holds the others up. */
const SLOW_MILLISECONDS = 100;
/** A worker that isn't up after this never will be. */
const START_MILLISECONDS = 30_000;
/** Most headers that go in one message. */
const TOGETHER = 8;
/** Starts that may fail one after the other. */
const START_ATTEMPTS = 3;

interface Waiting {
  readonly prefix: Uint8Array;
  readonly fileSize: number;
  /** It was in a message that cost its worker: maybe by another's fault, so it gets a message of its own. */
  isAlone: boolean;
  readonly resolve: (result: ParsedHeader | { need: number }) => void;
  readonly reject: (error: unknown) => void;
}

/** One worker thread and the jobs that it works on; none while it is idle. */
interface Slot {
  readonly worker: Worker;
  ready: boolean;
  jobs: readonly Waiting[];
  timer: NodeJS.Timeout | null;
}

/**
 * Parses headers in worker threads. A job that takes too long, or too much memory, costs its worker, which is replaced;
 * the file is refused and the others don't notice.
 */
export class HeaderPool {
  readonly #limits: HeaderLimits;
  readonly #slots = new Set<Slot>();
  readonly #queue: Waiting[] = [];
  #closed = false;
  #failedStarts = 0;

  constructor(limits: Partial<HeaderLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Starts a worker ahead of need. */
  warm(): void {
    if (this.#slots.size === 0) this.#spawn();
  }

  /**
   * The header, or how long a prefix is needed.
   * @throws VitrineError of core/dicom; import/header-too-slow, import/header-memory, import/header-failed.
   */
  parse(prefix: Uint8Array, fileSize: number): Promise<ParsedHeader | { need: number }> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(vaultError('vault/cancelled', 'the header pool is closed'));
      this.#queue.push({ prefix, fileSize, isAlone: false, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = vaultError('vault/cancelled', 'the header pool is closed');
    for (const waiting of this.#queue.splice(0)) waiting.reject(error);
    const slots = [...this.#slots];
    this.#slots.clear();
    for (const slot of slots) {
      if (slot.timer !== null) clearTimeout(slot.timer);
      for (const job of slot.jobs) job.reject(error);
      slot.jobs = [];
    }
    await Promise.all(slots.map((slot) => slot.worker.terminate()));
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (this.#queue.length === 0) return;
      if (slot.ready && slot.jobs.length === 0) this.#start(slot, this.#take());
    }
    if (this.#slots.size === 0 && this.#queue.length > 0) this.#spawn();
  }

  /** One worker keeps up with the disk; another is started only when a slow header holds the queue up. */
  #slow(slot: Slot): void {
    if (this.#queue.length > 0 && this.#slots.size < this.#limits.workers) this.#spawn();
    const rest = this.#limits.milliseconds - Math.min(SLOW_MILLISECONDS, this.#limits.milliseconds);
    slot.timer = setTimeout(() => this.#lose(slot, 'import/header-too-slow'), rest);
  }

  /** What goes into the next message: what waits, but for one that must be alone. */
  #take(): Waiting[] {
    if (this.#queue[0]?.isAlone) return this.#queue.splice(0, 1);
    const alone = this.#queue.findIndex(({ isAlone }) => isAlone);
    return this.#queue.splice(0, Math.min(TOGETHER, alone < 0 ? TOGETHER : alone));
  }

  #start(slot: Slot, jobs: readonly Waiting[]): void {
    slot.jobs = jobs;
    slot.timer = setTimeout(() => this.#slow(slot), Math.min(SLOW_MILLISECONDS, this.#limits.milliseconds));
    slot.worker.postMessage(jobs.map(({ prefix, fileSize }): HeaderJob => ({ prefix, fileSize })));
  }

  #spawn(): void {
    const worker = startWorker(new URL('./header-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMiB, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      env: {},
      execArgv: [],
    });
    const slot: Slot = { worker, ready: false, jobs: [], timer: null };
    slot.timer = setTimeout(() => this.#lose(slot, 'import/header-failed'), START_MILLISECONDS);
    worker.on('message', (answer: FromHeaderWorker) => this.#receive(slot, answer));
    worker.on('error', (error) => {
      const memory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#lose(slot, memory ? 'import/header-memory' : 'import/header-failed', error);
    });
    worker.on('exit', () => this.#lose(slot, 'import/header-failed'));
    worker.unref();
    this.#slots.add(slot);
  }

  #receive(slot: Slot, answer: FromHeaderWorker): void {
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.timer = null;
    if ('ready' in answer) {
      slot.ready = true;
      this.#failedStarts = 0;
    } else {
      const { jobs } = slot;
      slot.jobs = [];
      jobs.forEach((job, n) => {
        const own = answer.answers[n];
        if (own !== undefined) settle(job, own);
      });
    }
    this.#dispatch();
  }

  /**
   * Gives a worker up: its job is refused, the queue goes on with another. Of several jobs nobody knows whose fault it was:
   * each is tried again, alone.
   */
  #lose(slot: Slot, code: 'import/header-too-slow' | 'import/header-memory' | 'import/header-failed', cause?: unknown) {
    if (!this.#slots.delete(slot)) return;
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.worker.terminate().catch(() => undefined);
    const error = vaultError(code, 'a header could not be parsed within its limits', { cause });
    const [job, ...others] = slot.jobs;
    slot.jobs = [];
    if (job !== undefined && others.length === 0) job.reject(error);
    else if (job !== undefined) {
      for (const each of [job, ...others]) each.isAlone = true;
      this.#queue.unshift(job, ...others);
    }
    if (!slot.ready) this.#failedStarts += 1;
    // Workers that never come up would be started for ever: whoever waits is told instead.
    if (this.#failedStarts >= START_ATTEMPTS) for (const waiting of this.#queue.splice(0)) waiting.reject(error);
    this.#dispatch();
  }
}

/** In the built product the worker is JavaScript; from the source tree (tests) it is TypeScript, which tsx loads. */
function startWorker(url: URL, options: WorkerOptions): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options);
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(load, { ...options, eval: true });
}

function settle(job: Waiting, answer: HeaderAnswer): void {
  if ('header' in answer) job.resolve(answer.header);
  else if ('need' in answer) job.resolve({ need: answer.need });
  else job.reject(fromFailure(answer.failure, answer.message));
}
