import type { SeriesFinding } from '../../../core/contract/findings.ts';
import { largest } from '../../../core/infer/scores.ts';
import { isTextKey, type Text } from '../../text/text.ts';

/** A class in the words of the screen; a model may have classes that there are none for. */
export function className(label: string, t: Text): string {
  const key = `findings.class.${label}`;
  return isTextKey(key) ? t(key) : label;
}

/** "Glioma 12, No tumour 8": how many images of a series have each class first, most first. */
export function seriesSummary({ labels, images }: Pick<SeriesFinding['report'], 'labels' | 'images'>, t: Text): string {
  return labels
    .map((label, k) => ({
      label,
      count: images.filter(({ scores }) => scores !== null && largest(scores) === k).length,
    }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .map(({ label, count }) => `${className(label, t)} ${count}`)
    .join(', ');
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
