import { createRequire } from 'node:module';
import util from 'node:util';
import { setBackend } from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);

/**
 * Makes TensorFlow's own library the current back end of TensorFlow.js. It is optional: `npm run provision -- training`
 * gets it.
 * @returns false where the library isn't installed
 */
export async function startTensorFlowNode(): Promise<boolean> {
  // Node 23 took a function away that the package still calls.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  // The library greets on stderr with what the processor can do.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    require('@tensorflow/tfjs-node');
  } catch {
    return false;
  }
  return setBackend('tensorflow');
}
