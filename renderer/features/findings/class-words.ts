import { isTextKey, type Text } from '../../text/text.ts';

/** A class in the words of the screen; a model may have classes that there are none for. */
export function className(label: string, t: Text): string {
  const key = `findings.class.${label}`;
  return isTextKey(key) ? t(key) : label;
}

/** What ran it, as its makers write it. */
const BACK_ENDS: Readonly<Record<string, string>> = {
  onnxruntime: 'ONNX Runtime',
  'tfjs-node': 'TensorFlow.js Node',
  'tfjs-webgpu': 'TensorFlow.js WebGPU',
  'tfjs-wasm': 'TensorFlow.js WebAssembly',
};

export function backEndName(backEnd: string): string {
  return BACK_ENDS[backEnd] ?? backEnd;
}
