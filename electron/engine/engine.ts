import type { z } from 'zod';
import { VitrineError } from '../../core/errors.ts';
import { engineError } from './errors.ts';
import { type FromEngine, fromEngine, type TaskProgress, type ToEngine } from './protocol.ts';
import type { TaskInput, TaskName } from './tasks.ts';

/** A running engine process, as Electron or Node has it. */
export interface EngineChannel {
  postMessage(message: ToEngine): void;
  /** Gives the engine a port to the vault process for what follows. Nothing where no vault process is. */
  connect(): void;
  on(event: 'message', listener: (message: unknown) => void): void;
  on(event: 'exit', listener: () => void): void;
  /** Ends it at once. */
  kill(): void;
  /** Memory that it holds, in bytes; null where the system doesn't say. */
  residentBytes(): Promise<number | null>;
}

export interface EngineLimits {
  /** Milliseconds without work after which the process is ended. */
  readonly idle: number;
  /** Milliseconds that a task has to hear a cancel before its process is ended. */
  readonly grace: number;
  /** Bytes that the process may hold. */
  readonly memory: number;
  /** Milliseconds between two looks at the memory. */
  readonly look: number;
}

const GIB = 1024 ** 3;
const LIMITS: EngineLimits = { idle: 120_000, grace: 400, memory: 4 * GIB, look: 500 };

/** One run of a task. */
export interface RunOptions<Result> {
  /** What the engine's answer must be: main trusts nothing that comes from there. */
  readonly answer: z.ZodType<Result>;
  readonly signal: AbortSignal;
  progress(at: TaskProgress): void;
}

interface Current {
  readonly id: number;
  readonly told: (message: FromEngine) => void;
  readonly fail: (error: VitrineError) => void;
}

/**
 * The engine process as main holds it: started when there is work, one task at a time (they are bound by the processor),
 * ended when it is idle, ignores a cancel, takes too much memory or crashes; the next task gets a new one.
 */
export class Engine {
  readonly #start: () => EngineChannel;
  readonly #limits: EngineLimits;
  #channel: EngineChannel | null = null;
  #current: Current | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #next = 1;

  constructor(start: () => EngineChannel, limits: Partial<EngineLimits> = {}) {
    this.#start = start;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** True while a process is there, at work or idle. */
  get isUp(): boolean {
    return this.#channel !== null;
  }

  /**
   * Runs a task; a second one waits.
   * @throws VitrineError engine/cancelled, engine/crashed, engine/memory, engine/answer, and the task's own codes
   */
  run<Name extends TaskName, Result>(task: Name, input: TaskInput<Name>, options: RunOptions<Result>): Promise<Result> {
    const run = this.#turn.then(() => this.#run(task, input, options));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** Ends the process and what it does, for a lock: decoded images go with it. */
  stop(): void {
    this.#end(engineError('engine/cancelled'));
  }

  async #run<Result>(task: string, input: unknown, { answer, signal, progress }: RunOptions<Result>): Promise<Result> {
    if (signal.aborted) throw engineError('engine/cancelled');
    clearTimeout(this.#idle);
    const channel = this.#channel ?? this.#open();
    const id = this.#next++;
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      channel.postMessage({ type: 'cancel', id });
      grace = setTimeout(() => this.#end(engineError('engine/cancelled')), this.#limits.grace);
    };
    const looking = setInterval(() => void this.#checkMemory(channel), this.#limits.look);
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        const told = (message: FromEngine): void => {
          if (message.type === 'progress') progress({ done: message.done, total: message.total, unit: message.unit });
          else if (message.type === 'done') resolve(message.value);
          else reject(new VitrineError(message.error.code, message.message, { details: { ...message.error.details } }));
        };
        this.#current = { id, told, fail: reject };
        signal.addEventListener('abort', cancel, { once: true });
        channel.connect();
        channel.postMessage({ type: 'run', id, task, input });
      });
      const checked = answer.safeParse(value);
      if (!checked.success) throw this.#end(engineError('engine/answer', checked.error));
      return checked.data;
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(grace);
      clearInterval(looking);
      this.#current = null;
      this.#idle = setTimeout(() => this.#end(engineError('engine/cancelled')), this.#limits.idle).unref();
    }
  }

  #open(): EngineChannel {
    const channel = this.#start();
    this.#channel = channel;
    channel.on('message', (raw) => {
      if (this.#channel !== channel) return;
      const message = fromEngine.safeParse(raw);
      if (!message.success) this.#end(engineError('engine/answer', message.error));
      else if (message.data.id === this.#current?.id) this.#current.told(message.data);
    });
    channel.on('exit', () => {
      if (this.#channel === channel) this.#end(engineError('engine/crashed'));
    });
    return channel;
  }

  async #checkMemory(channel: EngineChannel): Promise<void> {
    const bytes = await channel.residentBytes();
    if (bytes === null || bytes <= this.#limits.memory || this.#channel !== channel) return;
    this.#end(engineError('engine/memory'));
  }

  /** Ends the process; the task that runs in it fails with `error`. */
  #end(error: VitrineError): VitrineError {
    const channel = this.#channel;
    this.#channel = null;
    clearTimeout(this.#idle);
    channel?.kill();
    this.#current?.fail(error);
    return error;
  }
}
