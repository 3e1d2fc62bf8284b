import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { VitrineError } from '../../core/errors.ts';
import { privateError } from '../../core/private/errors.ts';
import { FrameReader, frame } from './frames.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';

/** The way to one evaluator. */
export interface EvaluatorLink {
  /**
   * One message and its answer; the next message waits for it.
   * @throws VitrineError private/evaluator when the process ended, private/payload and others when it refused
   */
  ask(message: ToEvaluator): Promise<Exclude<FromEvaluator, { kind: 'refused' }>>;
  /** Ends the evaluator. A message under way fails with private/evaluator. */
  close(): void;
}

/** Starts an evaluator as a process of its own, without this one's environment. */
export function startEvaluatorProcess(): EvaluatorLink {
  const url = new URL('./evaluator-worker.ts', import.meta.url);
  // In the built product the worker is JavaScript; from the source tree (tests) it is TypeScript, which tsx loads.
  const loader = url.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, fileURLToPath(url)], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let deliver: (answer: FromEvaluator) => void = () => undefined;
  const reader = new FrameReader((message) => deliver(message as FromEvaluator));
  const ended = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(privateError('private/evaluator', 'the evaluating process ended; try again'));
    child.once('error', fail);
    child.once('exit', fail);
  });
  ended.catch(() => undefined);
  // A process that ended closes its pipe; `ended` says so.
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  return {
    ask: async (message) => {
      const answered = new Promise<FromEvaluator>((resolve) => {
        deliver = resolve;
      });
      for (const part of frame(message)) child.stdin.write(part);
      const answer = await Promise.race([answered, ended]);
      if (answer.kind === 'refused') throw new VitrineError(answer.code, answer.reason);
      return answer;
    },
    close: () => {
      child.kill('SIGKILL');
    },
  };
}
