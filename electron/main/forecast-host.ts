import { fileURLToPath } from 'node:url';
import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron';
import { VitrineError } from '../../core/errors.ts';
import { privateError } from '../../core/private/errors.ts';
import type { Sample } from '../../core/private/series.ts';
import type {
  ForecastControl,
  Forecaster,
  ForecastOrder,
  ForecastOutcome,
  SeriesSource,
} from '../private/forecaster.ts';
import type { FromOwner, ToOwner } from '../private/owner-protocol.ts';
import { withoutCoreDump } from './launch.ts';

type Answer = Extract<FromOwner, { kind: 'samples' | 'outcome' }>;
type Order = Extract<ToOwner, { kind: 'read' | 'forecast' }>;

const QUIET: ForecastControl = { signal: new AbortController().signal, progress: () => undefined };

function fork(entry: URL, serviceName: string): UtilityProcess {
  // Nothing of this process's environment is any business of theirs.
  const child = utilityProcess.fork(fileURLToPath(entry), [], { serviceName, env: {}, stdio: 'ignore' });
  child.once('spawn', () => {
    if (child.pid !== undefined) withoutCoreDump(child.pid);
  });
  return child;
}

/** The processes of one order: the data's owner and its evaluators, which share ports and nothing else. */
class Processes {
  readonly owner = fork(new URL('../private/owner-process.ts', import.meta.url), 'Vitrine forecast');
  readonly #evaluators: UtilityProcess[] = [];

  tell(message: ToOwner): void {
    this.owner.postMessage(message);
  }

  startEvaluator(number: number): void {
    const evaluator = fork(new URL('../private/evaluator-worker.ts', import.meta.url), 'Vitrine evaluator');
    this.#evaluators.push(evaluator);
    const { port1, port2 } = new MessageChannelMain();
    evaluator.postMessage(null, [port1]);
    this.owner.postMessage({ kind: 'evaluator', evaluator: number } satisfies ToOwner, [port2]);
    evaluator.once('exit', () => this.tell({ kind: 'evaluator-ended', evaluator: number }));
  }

  end(): void {
    for (const child of [this.owner, ...this.#evaluators]) child.kill();
  }
}

/** Forecasts in processes of their own: main never sees a key, a ciphertext or an evaluator's memory. */
export class ForecastHost implements Forecaster {
  async read(source: SeriesSource): Promise<readonly Sample[]> {
    const answer = await serve({ kind: 'read', source }, QUIET);
    return answer.kind === 'samples' ? answer.samples : [];
  }

  async forecast(order: ForecastOrder, control: ForecastControl): Promise<ForecastOutcome> {
    const answer = await serve({ kind: 'forecast', order }, control);
    if (answer.kind === 'outcome') return answer.outcome;
    throw privateError('private/evaluator', 'the forecast failed; try again');
  }
}

async function serve(order: Order, { signal, progress }: ForecastControl): Promise<Answer> {
  const processes = new Processes();
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const cancel = (): void => reject(privateError('private/cancelled', 'cancelled; nothing was kept'));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      processes.owner.once('exit', () => reject(privateError('private/evaluator', 'the forecast ended; try again')));
      processes.owner.on('message', (message: FromOwner) => {
        if (message.kind === 'start-evaluator') processes.startEvaluator(message.evaluator);
        else if (message.kind === 'progress') progress(message.done, message.total);
        else if (message.kind === 'refused')
          reject(new VitrineError(message.code, message.reason, { details: message.details }));
        else resolve(message);
      });
      processes.tell(order);
    });
  } finally {
    processes.end();
  }
}
