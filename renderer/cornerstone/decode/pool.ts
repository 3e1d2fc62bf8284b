import { ImageError } from '../errors.ts';
import type { DecodedFrame, DecodeJob, WorkerAnswer } from './format.ts';

/** A frame that isn't decoded after this long is given up, and its worker ended, in milliseconds. */
const DECODE_LIMIT_MS = 20_000;
/** Codecs in WebAssembly never give memory back: a worker is replaced after this many frames. */
const FRAMES_PER_WORKER = 2_000;

interface Waiting {
  readonly job: DecodeJob;
  readonly priority: number;
  readonly resolve: (frame: DecodedFrame) => void;
  readonly reject: (error: ImageError) => void;
}

interface Slot {
  worker: Worker | null;
  busy: Waiting | null;
  timer: number;
  frames: number;
}

/** Starts the decode worker, which the bundler emits as a file of its own. */
function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

/** A few decode workers and a queue; lower priority numbers go first. */
export class DecodePool {
  readonly #slots: Slot[];
  readonly #queue: Waiting[] = [];
  #jobs = 0;

  constructor(workers: number) {
    this.#slots = Array.from({ length: workers }, () => ({ worker: null, busy: null, timer: 0, frames: 0 }));
  }

  /** Decodes one frame; the job's bytes are handed over and can't be used afterwards. @throws ImageError */
  decode(job: DecodeJob, priority: number): Promise<DecodedFrame> {
    return new Promise((resolve, reject) => {
      const waiting = { job, priority, resolve, reject };
      const before = this.#queue.findIndex((other) => other.priority > priority);
      if (before === -1) this.#queue.push(waiting);
      else this.#queue.splice(before, 0, waiting);
      this.#next();
    });
  }

  /** Starts the first worker and its codecs ahead of the first image. */
  warm(): void {
    for (const slot of this.#slots) slot.worker ??= startWorker();
  }

  /** Ends every worker, so that no decoded pixel stays behind. Frames under way are rejected. */
  close(): void {
    for (const slot of this.#slots) this.#end(slot, 'image/failed');
    for (const waiting of this.#queue.splice(0)) waiting.reject(new ImageError('image/failed', 'closed'));
  }

  #next(): void {
    for (const slot of this.#slots) {
      if (slot.busy !== null) continue;
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      this.#start(slot, waiting);
    }
  }

  #start(slot: Slot, waiting: Waiting): void {
    if (slot.frames >= FRAMES_PER_WORKER) {
      slot.worker?.terminate();
      slot.worker = null;
      slot.frames = 0;
    }
    slot.worker ??= startWorker();
    slot.busy = waiting;
    slot.frames += 1;
    const job = this.#jobs++;
    slot.timer = window.setTimeout(() => this.#end(slot, 'image/decode-timeout'), DECODE_LIMIT_MS);
    slot.worker.onmessage = (event: MessageEvent<WorkerAnswer>) => this.#answered(slot, job, event.data);
    slot.worker.onerror = () => this.#end(slot, 'image/undecodable');
    slot.worker.postMessage({ job, ...waiting.job }, [waiting.job.bytes.buffer]);
  }

  #answered(slot: Slot, job: number, answer: WorkerAnswer): void {
    const waiting = slot.busy;
    if (waiting === null || answer.job !== job) return;
    window.clearTimeout(slot.timer);
    slot.busy = null;
    if (answer.ok) waiting.resolve(answer.frame);
    else waiting.reject(new ImageError(answer.code, 'the frame could not be decoded'));
    this.#next();
  }

  #end(slot: Slot, code: 'image/decode-timeout' | 'image/undecodable' | 'image/failed'): void {
    window.clearTimeout(slot.timer);
    slot.worker?.terminate();
    slot.worker = null;
    slot.frames = 0;
    const waiting = slot.busy;
    slot.busy = null;
    waiting?.reject(new ImageError(code, 'the decoder was ended'));
    if (code !== 'image/failed') this.#next();
  }
}
