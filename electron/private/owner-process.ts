/**
 * Entry of the data owner's process: main forks it for one series or one forecast, gives it ports to evaluators, and ends
 * it. What it holds is in memory alone.
 */

import { hardenProcess } from '../crypto/choose-engine.ts';
import { type EvaluatorPort, OwnerService } from './owner.ts';

// A secret key will be here: no core dump and no debugger gets at it.
hardenProcess();

function evaluatorPort(port: Electron.MessagePortMain): EvaluatorPort {
  return {
    postMessage: (message) => port.postMessage(message),
    listen: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    close: () => port.close(),
  };
}

const main = process.parentPort;
const service = new OwnerService((message) => main.postMessage(message));
main.on('message', ({ data, ports: [port] }) => {
  void service.receive(data, port === undefined ? null : evaluatorPort(port));
});
