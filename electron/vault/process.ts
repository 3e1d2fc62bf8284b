/**
 * The vault process: holds the study keys, seals and opens, keeps the catalogue, imports. Main forks it, hands it two
 * keys, and ends it to lock the vault; nothing needs to be written at that moment.
 */
import { hardenProcess } from '../crypto/choose-engine.ts';
import { VaultService } from './service.ts';
import { expectRequests } from './window-port.ts';

// Before the first key is here: no core dump and no debugger gets at what this process holds.
hardenProcess();
// Catalogue and lock file are made by a library that asks for no mode: they are their owner's alone.
process.umask(0o077);

const main = process.parentPort;
const service = new VaultService(
  (message) => main.postMessage(message),
  () => process.exit(0),
);
main.on('message', (event) => {
  const [port, operations] = event.ports;
  if (port === undefined) {
    service.receive(event.data);
    return;
  }
  if (event.data.type === 'checker') {
    service.takeChecker(port);
    return;
  }
  port.on('message', (message) => service.answerWindow(port, message.data));
  port.start();
  operations?.on('message', (message) => void service.answerOperation(operations, message.data));
  operations?.start();
  expectRequests();
});

// A process that waits for its keys has nothing else to do.
void service.loadDesk();
