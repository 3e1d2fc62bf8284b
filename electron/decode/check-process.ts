/**
 * Entry of the process that decodes compressed frames after an import, to see whether they can be decoded: hostile pixels
 * never meet a process that holds keys. It has no key, no path and no environment; frames come through its port (the
 * application) or its channel (the command line), and one that it dies of costs itself and nothing else.
 */
import { hardenProcess } from '../crypto/choose-engine.ts';
import { checkFrame } from './check-frame.ts';
import type { CheckAnswer, CheckRequest } from './check-protocol.ts';

// Patients' images will be here: no core dump and no debugger gets at them.
hardenProcess();

async function serve({ id, frame }: CheckRequest, post: (answer: CheckAnswer) => void): Promise<void> {
  post({ id, verdict: await checkFrame(frame) });
}

const { parentPort } = process;
if (parentPort === undefined) {
  const post = (answer: CheckAnswer): void => void process.send?.(answer);
  process.on('message', (request) => void serve(request as CheckRequest, post));
  process.on('disconnect', () => process.exit(0));
  post({ ready: true });
} else {
  parentPort.on('message', ({ ports: [port] }) => {
    if (port === undefined) return;
    port.on('message', ({ data }) => void serve(data, (answer) => port.postMessage(answer)));
    port.on('close', () => process.exit(0));
    port.start();
    port.postMessage({ ready: true } satisfies CheckAnswer);
  });
}
