import type { DifferentiableNetwork } from '../../core/infer/model.ts';
import { type Differentiable, rowOf } from './classifier.ts';

/** A loaded network as attacks ask for one. It follows one image at a time back to its input. */
export function attackable(network: DifferentiableNetwork): Differentiable {
  const { inputSize: size, classes } = network;
  return {
    size,
    classes,
    logits: (inputs) => network.run(inputs),
    async gradient(inputs, weights) {
      const gradients = new Float32Array(inputs.length);
      for (let i = 0; i * size < inputs.length; i++) {
        const { gradient } = await network.pullBack(rowOf(inputs, i, size), rowOf(weights, i, classes));
        gradients.set(gradient, i * size);
      }
      return gradients;
    },
  };
}
