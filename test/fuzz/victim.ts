import { type ChildProcess, fork } from 'node:child_process';
import { ROOT } from '../command.ts';
import type { BatchAnswer, FuzzVault } from './importer.ts';

/** A batch came back, or the process died, or it said nothing within the limit. */
export type BatchEnd = { readonly end: 'answer'; readonly answer: BatchAnswer } | { readonly end: 'crash' | 'hang' };

/** The importing process, started anew whenever a batch killed it. */
export class Importer {
  readonly #script: string;
  readonly #vault: FuzzVault;
  #child: ChildProcess | null = null;

  /** @param script the bundled `importer.ts` */
  constructor(script: string, vault: FuzzVault) {
    this.#script = script;
    this.#vault = vault;
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(this.#script, [JSON.stringify(this.#vault)], { cwd: ROOT, execArgv: [] });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the importing process didn't start: ${code}`)));
    });
    child.removeAllListeners('exit');
    return child;
  }

  /** Imports a batch. After a crash or a hang the next batch gets a new process. */
  async import(paths: readonly string[], limitMs: number): Promise<BatchEnd> {
    this.#child ??= await this.#start();
    const child = this.#child;
    const ended = await new Promise<BatchEnd>((resolve) => {
      const limit = setTimeout(() => resolve({ end: 'hang' }), limitMs);
      child.once('message', (answer) => resolve({ end: 'answer', answer: answer as BatchAnswer }));
      child.once('exit', () => resolve({ end: 'crash' }));
      child.once('close', () => clearTimeout(limit));
      child.once('message', () => clearTimeout(limit));
      child.send([...paths]);
    });
    child.removeAllListeners();
    if (ended.end === 'answer') return ended;
    if (ended.end === 'hang') await killed(child);
    this.#child = null;
    return ended;
  }

  /** Lets the process close its vault and end. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await gone;
  }
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
