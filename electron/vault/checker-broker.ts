import type { CheckAnswer, CheckRequest } from '../decode/check-protocol.ts';
import type { CheckChannel } from '../decode/frame-checker.ts';
import type { FromVault } from './protocol.ts';

/** The part of Electron's MessagePort that is used. */
export interface CheckerPort {
  postMessage(request: CheckRequest): void;
  on(event: 'message', listener: (message: { readonly data: CheckAnswer }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/**
 * Checking processes of the application. Main starts and ends them and hands the vault process one end of a port; the
 * other end is the checking process's, so frames take one hop and main sees none of them.
 */
export class CheckerBroker {
  readonly #post: (message: FromVault) => void;
  #waiting: ((port: CheckerPort) => void) | null = null;

  constructor(post: (message: FromVault) => void) {
    this.#post = post;
  }

  /** Asks main for a process. What is posted before its port is here is not kept: `FrameChecker` waits for its first word. */
  start(): CheckChannel {
    let own: CheckerPort | null = null;
    let listener: (answer: CheckAnswer | null) => void = () => undefined;
    this.#waiting = (port) => {
      own = port;
      port.on('message', ({ data }) => listener(data));
      port.on('close', () => listener(null));
      port.start();
    };
    this.#post({ type: 'checker', wanted: true });
    return {
      postMessage: (request) => own?.postMessage(request),
      listen: (heard) => {
        listener = heard;
      },
      kill: () => {
        this.#waiting = null;
        own?.close();
        this.#post({ type: 'checker', wanted: false });
      },
    };
  }

  /** Main's answer. A port that nobody waits for any more is closed. */
  take(port: CheckerPort): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) port.close();
    else waiting(port);
  }
}
