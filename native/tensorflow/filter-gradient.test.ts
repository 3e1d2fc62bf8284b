import { conv2d, grads, memory, mul, sum, type Tensor3D, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGradients } from '../../models/networks/gradients.ts';
import { TrainingRandom } from '../../models/training/random.ts';
import { startTensorFlowWasm } from './wasm.ts';

beforeAll(async () => {
  await loadGradients();
  await startTensorFlowWasm();
});

function random(shape: [number, number, number, number], seed: number): Tensor4D {
  const numbers = new TrainingRandom(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor4d(
    Float32Array.from({ length: size }, () => numbers.normal()),
    shape,
  );
}

const CASES = [
  { name: '3×3, same', kernel: [3, 3, 2, 3], stride: 1, pad: 'same' },
  { name: '3×3, valid', kernel: [3, 3, 2, 3], stride: 1, pad: 'valid' },
  { name: '5×3, stride 2, same', kernel: [5, 3, 2, 2], stride: 2, pad: 'same' },
  { name: '2×2, stride 3, valid', kernel: [2, 2, 2, 1], stride: 3, pad: 'valid' },
  { name: '1×1', kernel: [1, 1, 2, 4], stride: 1, pad: 'same' },
] as const;

describe('the gradient of a convolution by its kernel on WebAssembly', () => {
  it.each(CASES)('is what central differences give: $name', ({ kernel, stride, pad }) => {
    const before = memory().numTensors;
    tidy(() => {
      const x = random([2, 7, 6, 2], 1);
      const k = random([...kernel], 2);
      const y = conv2d(x, k, stride, pad);
      const weights = random(y.shape, 3);
      const loss = (a: Tensor4D | Tensor3D, b: Tensor4D) => sum(mul(conv2d(a, b, stride, pad), weights));
      const [, found] = grads((a, b) => loss(a as Tensor4D, b as Tensor4D))([x, k]);
      const values = k.dataSync();
      const gradient = (found as Tensor4D).dataSync();
      // The loss is linear in the kernel: a large step has no error but rounding.
      const h = 0.5;
      for (let i = 0; i < values.length; i++) {
        const moved = (by: number): number =>
          loss(
            x,
            tensor4d(
              values.map((value, j) => (j === i ? value + by : value)),
              k.shape,
            ),
          ).dataSync()[0] as number;
        expect(gradient[i]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 2);
      }
    });
    expect(memory().numTensors).toBe(before);
  });
});
