import { VitrineError } from '../../core/errors.ts';
import type { StoredFrame } from '../decode/pixels-of.ts';
import { engineError } from './errors.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import type { EngineTask, FramePlace } from './task.ts';

/** Names of tasks and what loads each. */
export type TaskTable = Readonly<Record<string, () => Promise<EngineTask<never, unknown>>>>;

/** Milliseconds between two words about progress: more would only be copied. */
const TELL_EVERY = 50;

/** The engine process without its process: takes main's messages, posts answers. */
export class EngineService {
  readonly #tasks: TaskTable;
  readonly #post: (message: FromEngine) => void;
  readonly #frame: (place: FramePlace) => Promise<StoredFrame>;
  readonly #running = new Map<number, AbortController>();

  constructor(
    tasks: TaskTable,
    post: (message: FromEngine) => void,
    frame: (place: FramePlace) => Promise<StoredFrame>,
  ) {
    this.#tasks = tasks;
    this.#post = post;
    this.#frame = frame;
  }

  /** One message of main. `connect` comes with a port and is the caller's. */
  receive(message: ToEngine): void {
    if (message.type === 'run') void this.#run(message);
    else if (message.type === 'cancel') this.#running.get(message.id)?.abort();
  }

  async #run({ id, task, input }: Extract<ToEngine, { type: 'run' }>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      const load = this.#tasks[task];
      if (load === undefined) throw engineError('engine/answer');
      const value = await (await load()).run(input as never, this.#control(id, abort.signal));
      this.#post({ type: 'done', id, value });
    } catch (error) {
      this.#post({ type: 'failed', id, ...inWords(error, abort.signal) });
    } finally {
      this.#running.delete(id);
    }
  }

  #control(id: number, signal: AbortSignal): Parameters<EngineTask<never, unknown>['run']>[1] {
    let told = Number.NEGATIVE_INFINITY;
    return {
      signal,
      progress: (at) => {
        const now = performance.now();
        if (now - told < TELL_EVERY && at.done !== at.total) return;
        told = now;
        this.#post({ type: 'progress', id, ...at });
      },
      turn: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) throw engineError('engine/cancelled');
      },
      frame: (place) => this.#frame(place),
    };
  }
}

function inWords(
  error: unknown,
  signal: AbortSignal,
): { error: { code: string; details: VitrineError['details'] }; message: string } {
  if (signal.aborted) return inWords(engineError('engine/cancelled'), new AbortController().signal);
  if (error instanceof VitrineError)
    return { error: { code: error.code, details: { ...error.details } }, message: error.message };
  // A defect: its text may hold anything, so it stays here.
  return inWords(engineError('engine/crashed'), new AbortController().signal);
}
