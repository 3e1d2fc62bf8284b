/**
 * Entry of the process that computes on ciphertexts. It is started with an empty environment, is given a network,
 * evaluation keys and ciphertexts, and never a secret key. In the app these come by a port to the data owner's process;
 * from the command line on its input, and it ends when that does.
 */
import { EvaluatorService } from './evaluator-service.ts';
import { FrameReader, frame } from './frames.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';
import { createSealEngine } from './seal-engine.ts';

const service = new EvaluatorService(createSealEngine);

async function answer(message: ToEvaluator, say: (answer: FromEvaluator) => void): Promise<void> {
  say(await service.answer(message));
}

function serveInput(): void {
  const reader = new FrameReader((message) => {
    void answer(message as ToEvaluator, (said) => {
      for (const part of frame(said)) process.stdout.write(part);
    });
  });
  process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
  process.stdin.on('end', () => process.exit(0));
}

/** Only a utility process of Electron has a parent port. */
const main: typeof process.parentPort | undefined = process.parentPort;
if (main === undefined) serveInput();
else
  main.once('message', ({ ports: [port] }) => {
    port?.on('message', ({ data }) => void answer(data, (said) => port.postMessage(said)));
    port?.start();
  });
