import { VitrineError } from '../../core/errors.ts';
import { privateError } from '../../core/private/errors.ts';
import type { EvaluatorLink } from './evaluator-link.ts';
import { forecastWithShipped } from './forecast-shipped.ts';
import type { FromOwner, ToOwner } from './owner-protocol.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';
import { readSeries } from './read-series.ts';

/** One end of a channel to an evaluator. */
export interface EvaluatorPort {
  postMessage(message: ToEvaluator): void;
  /** @param listener gets each answer */
  listen(listener: (answer: FromEvaluator) => void): void;
  close(): void;
}

/** An evaluator that main was asked to start. */
class AskedEvaluator implements EvaluatorLink {
  readonly #port: Promise<EvaluatorPort>;
  #arrive: (port: EvaluatorPort) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #deliver: (answer: FromEvaluator) => void = () => undefined;
  readonly #ended: Promise<never>;

  constructor() {
    this.#port = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    this.#ended = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.#ended.catch(() => undefined);
  }

  arrived(port: EvaluatorPort): void {
    port.listen((answer) => this.#deliver(answer));
    this.#arrive(port);
  }

  ended(): void {
    this.#fail(privateError('private/evaluator', 'the evaluating process ended; try again'));
  }

  async ask(message: ToEvaluator): Promise<Exclude<FromEvaluator, { kind: 'refused' }>> {
    const port = await Promise.race([this.#port, this.#ended]);
    const answered = new Promise<FromEvaluator>((resolve) => {
      this.#deliver = resolve;
    });
    port.postMessage(message);
    const answer = await Promise.race([answered, this.#ended]);
    if (answer.kind === 'refused') throw new VitrineError(answer.code, answer.reason);
    return answer;
  }

  close(): void {
    void this.#port.then((port) => port.close());
  }
}

/**
 * The process of the data's owner: it alone has the series, the secret key and the forecasts. It serves one order and is
 * ended afterwards.
 */
export class OwnerService {
  readonly #say: (message: FromOwner) => void;
  readonly #evaluators: AskedEvaluator[] = [];

  constructor(say: (message: FromOwner) => void) {
    this.#say = say;
  }

  /** @param port comes with the message `evaluator` */
  async receive(message: ToOwner, port: EvaluatorPort | null): Promise<void> {
    if (message.kind === 'evaluator') {
      if (port !== null) this.#evaluators[message.evaluator]?.arrived(port);
    } else if (message.kind === 'evaluator-ended') this.#evaluators[message.evaluator]?.ended();
    else await this.#serve(message);
  }

  async #serve(message: Extract<ToOwner, { kind: 'read' | 'forecast' }>): Promise<void> {
    try {
      if (message.kind === 'read') this.#say({ kind: 'samples', samples: await readSeries(message.source) });
      else {
        const outcome = await forecastWithShipped(message.order, {
          startEvaluator: () => this.#startEvaluator(),
          // Main ends this process when somebody cancels.
          signal: new AbortController().signal,
          progress: (done, total) => this.#say({ kind: 'progress', done, total }),
        });
        this.#say({ kind: 'outcome', outcome });
      }
    } catch (error) {
      this.#say(refusal(error));
    }
  }

  #startEvaluator(): EvaluatorLink {
    const evaluator = new AskedEvaluator();
    this.#evaluators.push(evaluator);
    this.#say({ kind: 'start-evaluator', evaluator: this.#evaluators.length - 1 });
    return evaluator;
  }
}

/** What may be said of an error: one of ours as it is, of the file system that the file can't be read. */
function refusal(error: unknown): FromOwner {
  if (error instanceof VitrineError)
    return { kind: 'refused', code: error.code, reason: error.message, details: { ...error.details } };
  const isFile = error instanceof Error && 'syscall' in error;
  return {
    kind: 'refused',
    code: isFile ? 'private/series' : 'private/evaluator',
    reason: isFile ? 'the file cannot be read; choose it again' : 'the forecast failed; try again',
    details: {},
  };
}
