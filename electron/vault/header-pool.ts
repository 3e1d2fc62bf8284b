import { Worker, type WorkerOptions } from 'node:worker_threads';
import { vaultError } from '../../core/vault/errors.ts';
import { fromFailure } from './failure.ts';
import type { HeaderAnswer, HeaderJob, ParsedHeader } from './header-protocol.ts';

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
/** Starts that may fail one after the other. */
const START_ATTEMPTS = 3;

interface Waiting {
  readonly prefix: Uint8Array;
  readonly fileSize: number;
  readonly resolve: (result: ParsedHeader | { need: number }) => void;
  readonly reject: (error: unknown) => void;
}

/** One worker thread and the job that it works on. */
interface Slot {
  readonly worker: Worker;
  ready: boolean;
  job: Waiting | null;
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
  #next = 1;

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
      this.#queue.push({ prefix, fileSize, resolve, reject });
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
      slot.job?.reject(error);
      slot.job = null;
    }
    await Promise.all(slots.map((slot) => slot.worker.terminate()));
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (this.#queue.length === 0) return;
      if (slot.ready && slot.job === null) this.#start(slot, this.#queue.shift() as Waiting);
    }
    if (this.#slots.size === 0 && this.#queue.length > 0) this.#spawn();
  }

  /** One worker keeps up with the disk; another is started only when a slow header holds the queue up. */
  #slow(slot: Slot): void {
    if (this.#queue.length > 0 && this.#slots.size < this.#limits.workers) this.#spawn();
    const rest = this.#limits.milliseconds - Math.min(SLOW_MILLISECONDS, this.#limits.milliseconds);
    slot.timer = setTimeout(() => this.#lose(slot, 'import/header-too-slow'), rest);
  }

  #start(slot: Slot, job: Waiting): void {
    slot.job = job;
    slot.timer = setTimeout(() => this.#slow(slot), Math.min(SLOW_MILLISECONDS, this.#limits.milliseconds));
    const message: HeaderJob = { id: this.#next++, prefix: job.prefix, fileSize: job.fileSize };
    slot.worker.postMessage(message);
  }

  #spawn(): void {
    const worker = startWorker(new URL('./header-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMiB, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      env: {},
      execArgv: [],
    });
    const slot: Slot = { worker, ready: false, job: null, timer: null };
    slot.timer = setTimeout(() => this.#lose(slot, 'import/header-failed'), START_MILLISECONDS);
    worker.on('message', (answer: HeaderAnswer) => this.#receive(slot, answer));
    worker.on('error', (error) => {
      const memory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#lose(slot, memory ? 'import/header-memory' : 'import/header-failed', error);
    });
    worker.on('exit', () => this.#lose(slot, 'import/header-failed'));
    worker.unref();
    this.#slots.add(slot);
  }

  #receive(slot: Slot, answer: HeaderAnswer): void {
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.timer = null;
    if ('ready' in answer) {
      slot.ready = true;
      this.#failedStarts = 0;
    } else {
      const job = slot.job;
      slot.job = null;
      if (job !== null) settle(job, answer);
    }
    this.#dispatch();
  }

  /** Gives a worker up: its job is refused, the queue goes on with another. */
  #lose(slot: Slot, code: 'import/header-too-slow' | 'import/header-memory' | 'import/header-failed', cause?: unknown) {
    if (!this.#slots.delete(slot)) return;
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.worker.terminate().catch(() => undefined);
    const error = vaultError(code, 'a header could not be parsed within its limits', { cause });
    slot.job?.reject(error);
    slot.job = null;
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

function settle(job: Waiting, answer: Exclude<HeaderAnswer, { ready: true }>): void {
  if ('header' in answer) job.resolve(answer.header);
  else if ('need' in answer) job.resolve({ need: answer.need });
  else job.reject(fromFailure(answer.failure, answer.message));
}
