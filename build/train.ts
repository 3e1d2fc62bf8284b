import { startTensorFlowNode } from '../native/tensorflow/node.ts';
import { startTensorFlowWasm } from '../native/tensorflow/wasm.ts';
import { command } from './exit.ts';
import { provision } from './provision/main.ts';
import { KUMAR, trainKumar } from './training/kumar-113.ts';
import { FORECASTERS, trainForecaster } from './training/pinpoint.ts';

type Train = (signal: AbortSignal, say: (line: string) => void) => Promise<void>;

/** Every model that can be trained. */
const MODELS = new Map<string, Train>([
  [KUMAR, trainKumar],
  ...FORECASTERS.map((id): [string, Train] => [id, (signal, say) => trainForecaster(id, signal, say)]),
]);

/** The library where provisioning has or gets it, else WebAssembly. */
async function useBackEnd(): Promise<string> {
  await provision('training');
  if (await startTensorFlowNode()) return 'TensorFlow';
  await startTensorFlowWasm();
  return 'WebAssembly, which takes several times longer';
}

/** `tsx build/train.ts <id>`: trains a model of the zoo. Cut short (Ctrl+C, a crash), it goes on at the next call. */
await command(import.meta.url, async () => {
  const train = MODELS.get(process.argv[2] ?? '');
  if (!train) throw new Error(`usage: npm run train -- <id>; there are ${[...MODELS.keys()].join(', ')}`);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  console.log(`training on ${await useBackEnd()}`);
  await train(abort.signal, (line) => console.log(line));
  return 0;
});
