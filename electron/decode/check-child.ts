import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { belowTheReader, residentBytes } from '../engine/node-channel.ts';
import type { CheckAnswer } from './check-protocol.ts';
import type { CheckChannel } from './frame-checker.ts';

/** V8's own part of a checking process, MiB. */
export const CHECK_HEAP_MIB = 512;
/** Codecs allot outside of that; a process beyond this is ended. */
const MEMORY_LIMIT = 2 * 1024 ** 3;
const WATCH_EVERY = 500;

/** Ends a checking process that takes too much memory, as far as the system tells. Call the answer when it has ended. */
export function watchMemory(pid: number | undefined, kill: () => void): () => void {
  const timer = setInterval(() => {
    void residentBytes(pid).then((bytes) => {
      if (bytes !== null && bytes > MEMORY_LIMIT) kill();
    });
  }, WATCH_EVERY).unref();
  return () => clearInterval(timer);
}

/** A checking process under plain Node: for the command line and for tests. */
export function startCheckChild(): CheckChannel {
  const url = new URL('./check-process.ts', import.meta.url);
  // In the built product the entry is JavaScript; from the source tree (tests) it is TypeScript, which tsx loads.
  const loader = url.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = fork(fileURLToPath(url), [], {
    serialization: 'advanced',
    execArgv: [...loader, `--max-old-space-size=${CHECK_HEAP_MIB}`],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  const ended = watchMemory(child.pid, kill);
  child.once('spawn', () => belowTheReader(child.pid));
  return {
    postMessage: (request) => {
      if (child.connected) child.send(request, () => undefined);
    },
    listen: (listener) => {
      child.on('message', (answer) => listener(answer as CheckAnswer));
      const end = (): void => {
        ended();
        listener(null);
      };
      child.once('exit', end);
      child.once('error', end);
    },
    kill,
  };
}
