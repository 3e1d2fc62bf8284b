import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EngineChannel } from './engine.ts';
import { LANE, TensorLane } from './tensor-lane.ts';

/** Pages of /proc are counted in these bytes on every machine that Vitrine knows. */
const PAGE = 4096;

/** Bytes that a process holds, where the system has /proc. */
export async function residentBytes(pid: number | undefined): Promise<number | null> {
  if (pid === undefined || process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  const pages = Number(text.split(' ')[1]);
  return Number.isFinite(pages) ? pages * PAGE : null;
}

/** Reading images comes first: the engine gets what is left of the processor. */
export function belowTheReader(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Ended already, or the system doesn't allow it: it runs as everything else does.
  }
}

/** An engine under plain Node, with the short way of tensors to it. */
export interface NodeEngine extends EngineChannel {
  readonly lane: TensorLane;
}

/** Starts an engine under plain Node, for the command line and for tests. It has no port to a vault process. */
export function startNodeEngine(): NodeEngine {
  const url = new URL('./process.ts', import.meta.url);
  // In the built product the entry is JavaScript; from the source tree (tests) it is TypeScript, which tsx loads.
  const execArgv = url.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = fork(fileURLToPath(url), [], {
    serialization: 'advanced',
    execArgv,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  });
  child.once('spawn', () => belowTheReader(child.pid));
  // A process that can't be started says so by this instead of an exit.
  const failed = new Promise<void>((resolve) => child.once('error', () => resolve()));
  return {
    lane: new TensorLane(child.stdio[LANE] as Socket),
    postMessage: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    connect: () => undefined,
    on: (event: 'message' | 'exit', listener: (message: never) => void) => {
      child.on(event, listener as (...values: unknown[]) => void);
      if (event === 'exit') void failed.then(() => (listener as () => void)());
    },
    kill: () => void child.kill('SIGKILL'),
    residentBytes: () => residentBytes(child.pid),
  };
}
