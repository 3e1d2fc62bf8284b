import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from '../command.ts';
import type { WorkerEvent, WorkerTask } from './events.ts';

/** How a worker's life ended. */
export interface Death {
  /** False when the worker finished before the kill came. */
  readonly killed: boolean;
  readonly killedAt: number;
  /** What it was doing. */
  readonly phase: string;
}

/** When to kill: `delayMs` after `phase` began for the `turn`-th time. */
export interface KillPlan {
  readonly phase: string;
  readonly turn: number;
  readonly delayMs: number;
}

/** A worker that hangs is a finding of its own, not a wait for ever. */
const LIMIT_MS = 60_000;

function start(script: string, task: WorkerTask): ChildProcess {
  return spawn(process.execPath, [script, JSON.stringify(task)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
}

/**
 * Runs a worker, kills it with SIGKILL as planned (null: lets it finish), and hears every line that it wrote before.
 * @param script the bundled `worker.ts`
 * @throws Error when the worker fails by itself or hangs
 */
export async function runVictim(
  script: string,
  task: WorkerTask,
  plan: KillPlan | null,
  hear: (event: WorkerEvent) => void,
): Promise<Death> {
  const child = start(script, task);
  const seen = { phase: 'starting', turns: 0, killedAt: 0 };
  const kill = () => {
    if (child.exitCode !== null || seen.killedAt > 0) return;
    seen.killedAt = Date.now();
    child.kill('SIGKILL');
  };
  const closed = new Promise<NodeJS.Signals | number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  const limit = setTimeout(() => child.kill('SIGABRT'), LIMIT_MS);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const event = JSON.parse(line) as WorkerEvent;
    hear(event);
    if (event.type !== 'phase') continue;
    seen.phase = event.phase;
    if (plan === null || event.phase !== plan.phase || ++seen.turns !== plan.turn) continue;
    setTimeout(kill, plan.delayMs);
  }
  const end = await closed;
  clearTimeout(limit);
  const killed = end === 'SIGKILL' && seen.killedAt > 0;
  if (!killed && end !== 0) throw new Error(`a worker ended with ${end} in phase ${seen.phase}`);
  return { killed, killedAt: seen.killedAt, phase: seen.phase };
}
