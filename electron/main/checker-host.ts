import { fileURLToPath } from 'node:url';
import { MessageChannelMain, type MessagePortMain, utilityProcess } from 'electron';
import { CHECK_HEAP_MIB, watchMemory } from '../decode/check-child.ts';
import { belowTheReader } from '../engine/node-channel.ts';
import { withoutCoreDump } from './launch.ts';

/** A process that decodes frames to see whether they can be decoded: no keys, no paths, no environment. */
export interface CheckerProcess {
  /** The vault process's end of the port. It closes when the process ends. */
  readonly port: MessagePortMain;
  kill(): void;
}

/** Starts one. It runs below whatever the person does, and is ended when it takes too much memory. */
export function startChecker(): CheckerProcess {
  const entry = fileURLToPath(new URL('../decode/check-process.ts', import.meta.url));
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Vitrine pixel check',
    env: {},
    execArgv: [`--max-old-space-size=${CHECK_HEAP_MIB}`],
  });
  const kill = (): void => void child.kill();
  child.once('spawn', () => {
    if (child.pid === undefined) return;
    withoutCoreDump(child.pid);
    belowTheReader(child.pid);
    child.once('exit', watchMemory(child.pid, kill));
  });
  const { port1, port2 } = new MessageChannelMain();
  child.postMessage(null, [port2]);
  return { port: port1, kill };
}
