/**
 * The engine process: holds decoded pixels, models and schemes, and computes. It has no key and no path. Main forks it
 * when there is work and ends it at a lock, after a cancel that isn't heard, and when it has been idle.
 */
import { hardenProcess } from '../crypto/choose-engine.ts';
import { computeFrom } from '../infer/compute.ts';
import { ComputeRequests } from './compute-requests.ts';
import { EngineService } from './service.ts';
import { TASKS } from './tasks.ts';
import { LANE, serveLane } from './tensor-lane.ts';
import { VaultFrames } from './vault-frames.ts';

// Decoded images of patients will be here: no core dump and no debugger gets at them.
hardenProcess();

const frames = new VaultFrames();
const { parentPort } = process;
// Electron's utility process has a port to main; under plain Node (command line, tests) there is a channel instead.
const post = parentPort === undefined ? process.send?.bind(process) : parentPort.postMessage.bind(parentPort);
const service = new EngineService(
  TASKS,
  (message) => post?.(message),
  (place) => frames.frame(place),
);

if (parentPort === undefined) {
  process.on('message', (message) => service.receive(message as never));
  process.on('disconnect', () => process.exit(0));
  serveLane(LANE, async (inputs) => (await import('../infer/open-classifier.ts')).openScores(inputs));
} else {
  const requests = new ComputeRequests((message) => parentPort.postMessage(message));
  computeFrom(requests);
  parentPort.on('message', ({ data, ports: [port] }) => {
    if (data.type === 'compute') return requests.answered(port ?? null);
    service.receive(data);
    if (port === undefined) return;
    port.on('message', (message) => frames.receive(message.data));
    port.start();
    frames.connect(port);
  });
}
