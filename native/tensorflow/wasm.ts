import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { registerFilterGradient } from './filter-gradient.ts';

const require = createRequire(import.meta.url);

/** Makes WebAssembly (SIMD, one thread under Node) the current back end of TensorFlow.js. It runs everywhere. */
export async function startTensorFlowWasm(): Promise<boolean> {
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${sep}`);
  registerFilterGradient('wasm');
  return setBackend('wasm');
}
