import { vaultError } from '../../core/vault/errors.ts';
import type { FrameToCheck, Verdict } from './check-frame.ts';
import type { CheckAnswer, CheckRequest } from './check-protocol.ts';

/** A checking process as its user sees it: through main's port, or as a child of the command line. */
export interface CheckChannel {
  postMessage(request: CheckRequest): void;
  /** @param listener called with every answer, and with null when the process has ended */
  listen(listener: (answer: CheckAnswer | null) => void): void;
  kill(): void;
}

/** Milliseconds that one frame may take: the largest mammograms take two seconds on an old machine. */
const FRAME_LIMIT = 20_000;
/** A process that isn't up after this never will be. */
const START_LIMIT = 30_000;

interface Running {
  readonly channel: CheckChannel;
  /** Ends the question under way: with an answer, or with null when the process is lost. */
  answer: (verdict: Verdict | null) => void;
}

/**
 * Checks frames, one at a time, in a process of their own. A frame that hangs it, or that it dies of, is damaged; the next
 * frame gets a new process.
 */
export class FrameChecker {
  readonly #start: () => CheckChannel;
  readonly #limit: number;
  #running: Running | null = null;
  #next = 1;

  constructor(start: () => CheckChannel, limit = FRAME_LIMIT) {
    this.#start = start;
    this.#limit = limit;
  }

  /** @throws VitrineError vault/unexpected when no process can be started: that says nothing about the frame */
  async check(frame: FrameToCheck): Promise<Verdict> {
    const running = this.#running ?? (await this.#spawn());
    const verdict = await this.#ask(running, this.#limit, () => {
      running.channel.postMessage({ id: this.#next++, frame });
    });
    if (verdict === null) this.close();
    return verdict ?? 'damaged';
  }

  close(): void {
    const running = this.#running;
    this.#running = null;
    running?.answer(null);
    running?.channel.kill();
  }

  async #spawn(): Promise<Running> {
    const running: Running = { channel: this.#start(), answer: () => undefined };
    this.#running = running;
    const up = this.#ask(running, START_LIMIT, () => {
      running.channel.listen((answer) => {
        if (answer === null) running.answer(null);
        else running.answer('ready' in answer ? 'sound' : answer.verdict);
      });
    });
    if ((await up) === null) {
      this.close();
      throw vaultError('vault/unexpected', 'the process that checks pixels does not start');
    }
    return running;
  }

  #ask(running: Running, limit: number, question: () => void): Promise<Verdict | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => running.answer(null), limit);
      running.answer = (verdict) => {
        clearTimeout(timer);
        running.answer = () => undefined;
        resolve(verdict);
      };
      question();
    });
  }
}
