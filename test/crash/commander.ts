import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../command.ts';
import type { CommanderAnswer, CommanderTask } from './commander-worker.ts';

/** Commands after which the process begins anew: whatever they leave in memory must not pile up. */
const LIFE = 200;
/** A command that hangs is a finding. */
const LIMIT_MS = 120_000;

/** Runs commands of the product, one after the other, in a process that lives on. */
export class Commander {
  #child: ChildProcess | null = null;
  #left = 0;

  async run(task: CommanderTask): Promise<CommanderAnswer> {
    const child = this.#running();
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.close();
        reject(new Error(`a command hangs: ${JSON.stringify(task)}`));
      }, LIMIT_MS);
      const end = (): void => {
        clearTimeout(limit);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
      };
      child.once('message', (answer) => {
        end();
        resolve(answer as CommanderAnswer);
      });
      child.once('exit', (code, signal) => {
        end();
        this.#child = null;
        resolve({ code: 2, out: '', err: `the process died: ${code ?? signal}` });
      });
      child.send(task);
    });
  }

  /** The next command gets a fresh process. */
  close(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #running(): ChildProcess {
    this.#left -= 1;
    if (this.#child !== null && this.#left > 0) return this.#child;
    this.close();
    this.#left = LIFE;
    this.#child = fork(join(ROOT, 'test', 'crash', 'commander-worker.ts'), {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'json',
    });
    return this.#child;
  }
}
