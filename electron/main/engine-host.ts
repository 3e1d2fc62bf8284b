import { fileURLToPath } from 'node:url';
import { app, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { isComputeRequest } from '../engine/compute-requests.ts';
import type { EngineChannel } from '../engine/engine.ts';
import { belowTheReader, residentBytes } from '../engine/node-channel.ts';
import { ComputeWindow } from './compute-host.ts';
import { withoutCoreDump } from './launch.ts';
import { environment } from './vault-host.ts';

/** V8's own part of an engine, MiB; what tasks hold in typed arrays lies beside it and is watched by `Engine`. */
const HEAP_MIB = 2048;

/** Gives an engine its compute window when it asks, and ends the window with the engine. */
function serveCompute(child: UtilityProcess): void {
  let window: ComputeWindow | null = null;
  const end = (): void => {
    window?.end();
    window = null;
  };
  child.on('message', (message: unknown) => {
    if (!isComputeRequest(message)) return;
    end();
    if (!message.wanted) return;
    window = new ComputeWindow();
    void window.open().then((port) => child.postMessage({ type: 'compute' }, port === null ? [] : [port]));
  });
  child.once('exit', end);
}

/**
 * Starts an engine process: a utility process without a window, keys or paths.
 * @param portToVault a port whose other end the vault process has; null while no vault is open
 */
export function startEngineProcess(portToVault: () => MessagePortMain | null): EngineChannel {
  const entry = fileURLToPath(new URL('../engine/process.ts', import.meta.url));
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Vitrine engine',
    env: environment(),
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
  });
  child.once('spawn', () => {
    if (child.pid !== undefined) withoutCoreDump(child.pid);
    belowTheReader(child.pid);
  });
  serveCompute(child);
  return {
    postMessage: (message) => child.postMessage(message),
    connect: () => {
      const port = portToVault();
      if (port !== null) child.postMessage({ type: 'connect' }, [port]);
    },
    on: (event: 'message' | 'exit', listener: (message: never) => void) => {
      if (event === 'message')
        child.on('message', (message) => {
          if (!isComputeRequest(message)) (listener as (message: unknown) => void)(message);
        });
      else child.once('exit', listener as () => void);
    },
    kill: () => void child.kill(),
    residentBytes: async () => {
      const own = await residentBytes(child.pid);
      if (own !== null) return own;
      const metric = app.getAppMetrics().find(({ pid }) => pid === child.pid);
      return metric === undefined ? null : metric.memory.workingSetSize * 1024;
    },
  };
}
