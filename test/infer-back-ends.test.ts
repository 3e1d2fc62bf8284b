import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture, Weights } from '../core/infer/architecture.ts';
import { softmax } from '../core/infer/scores.ts';
import { readWeights } from '../core/infer/weights-file.ts';
import { type BackEnd, backEnds, openDifferentiable } from '../electron/infer/back-ends.ts';
import { listModels, readModel } from '../electron/infer/zoo.ts';
import { kumar } from '../models/networks/kumar.ts';
import { networkOf } from '../models/networks/networks.ts';
import { randomInputs, randomWeights, smallNetwork } from './fixtures/small-network.ts';
import { referenceLogits } from './reference/network.ts';

const available = await backEnds();
const models = await listModels();

async function probabilities(backEnd: BackEnd, architecture: Architecture, weights: Weights, inputs: Float32Array) {
  const network = await backEnd.open(architecture, weights);
  try {
    const logits = await network.run(inputs);
    const count = logits.length / architecture.classes;
    return Array.from({ length: count }, (_, i) => [
      ...softmax(logits.subarray(i * architecture.classes, (i + 1) * architecture.classes)),
    ]).flat();
  } finally {
    network.dispose();
  }
}

function furthest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));
}

describe(`back ends of this machine: ${available.map(({ id }) => id).join(', ')}`, () => {
  it('has WebAssembly and ONNX Runtime, whatever else is there', () => {
    expect(available.map(({ id }) => id)).toEqual(expect.arrayContaining(['onnxruntime', 'tfjs-wasm']));
  });

  it.each(available)('$id computes what plain loops do, batch normalisation folded', async (backEnd) => {
    const weights = randomWeights(smallNetwork, 5);
    const inputs = randomInputs(smallNetwork, 3, 6);
    const network = await backEnd.open(smallNetwork, weights);
    const logits = await network.run(inputs);
    const size = inputs.length / 3;
    for (let i = 0; i < 3; i++) {
      const expected = referenceLogits(smallNetwork, weights, inputs.subarray(i * size, (i + 1) * size));
      expected.forEach((value, k) => {
        expect(logits[i * 3 + k]).toBeCloseTo(value, 4);
      });
    }
    network.dispose();
  });

  it.each(models)('%s: every back end says the same within the tolerance of the manifest', async (id) => {
    const { manifest, weights } = await readModel(id);
    const architecture = networkOf(manifest.network);
    const inputs = randomInputs(architecture, 4, 7);
    const parameters = readWeights(architecture, weights);
    const answers = await Promise.all(available.map((one) => probabilities(one, architecture, parameters, inputs)));
    const reference = answers.at(-1) as number[];
    for (const answer of answers) expect(furthest(answer, reference)).toBeLessThanOrEqual(manifest.tolerance);
  });

  it('holds as many tensors after opening, running, following back and closing as before', async () => {
    const before = memory().numTensors;
    const network = await openDifferentiable(smallNetwork, randomWeights(smallNetwork, 5));
    const input = randomInputs(smallNetwork, 1, 6);
    await network.run(input);
    await network.pullBack(input, [1, 0, 0]);
    await network.classMap(input, 1);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('takes turns between two back ends', async () => {
    const weights = randomWeights(kumar, 3);
    const inputs = randomInputs(kumar, 2, 4);
    const [alone] = await Promise.all([probabilities(available[0] as BackEnd, kumar, weights, inputs)]);
    const together = await Promise.all(available.map((one) => probabilities(one, kumar, weights, inputs)));
    for (const one of together) expect(furthest(one, alone as number[])).toBeLessThan(1e-4);
  });

  it('gives the gradient of the logits by the input: central differences of plain loops', async () => {
    const weights = randomWeights(smallNetwork, 5);
    const input = randomInputs(smallNetwork, 1, 6);
    const network = await openDifferentiable(smallNetwork, weights);
    const cotangent = [0.3, -1, 0.5];
    const { gradient, logits } = await network.pullBack(input, cotangent);
    network.dispose();
    const value = (at: Float64Array): number =>
      referenceLogits(smallNetwork, weights, at).reduce((sum, z, k) => sum + z * (cotangent[k] as number), 0);
    expect(logits[0]).toBeCloseTo(referenceLogits(smallNetwork, weights, input)[0] as number, 4);
    const h = 1e-5;
    for (let i = 0; i < input.length; i++) {
      const [up, down] = [Float64Array.from(input), Float64Array.from(input)];
      up[i] = (up[i] as number) + h;
      down[i] = (down[i] as number) - h;
      expect(gradient[i]).toBeCloseTo((value(up) - value(down)) / (2 * h), 3);
    }
  });

  it('draws the class map of Grad-CAM as its definition says', async () => {
    const weights = randomWeights(smallNetwork, 5);
    const input = randomInputs(smallNetwork, 1, 6);
    const network = await openDifferentiable(smallNetwork, weights);
    const map = await network.classMap(input, 2);
    await expect(network.classMap(input, 3)).rejects.toMatchObject({ code: 'infer/class' });
    network.dispose();
    expect([map.rows, map.columns]).toEqual([5, 3]);
    const head = { ...smallNetwork, layers: smallNetwork.layers.slice(0, 7) };
    const tail = { ...smallNetwork, input: { rows: 5, columns: 3, channels: 5 }, layers: smallNetwork.layers.slice(7) };
    const features = referenceLogits(head, weights, input);
    const h = 1e-6;
    const slope = features.map((_, i) => {
      const moved = (by: number): number => {
        const at = Float64Array.from(features);
        at[i] = (at[i] as number) + by;
        return referenceLogits(tail, weights, at)[2] as number;
      };
      return (moved(h) - moved(-h)) / (2 * h);
    });
    const mean = (c: number): number => slope.filter((_, i) => i % 5 === c).reduce((sum, s) => sum + s, 0) / 15;
    const raw = Array.from({ length: 15 }, (_, place) =>
      Math.max(
        0,
        [0, 1, 2, 3, 4].reduce((sum, c) => sum + mean(c) * (features[place * 5 + c] as number), 0),
      ),
    );
    const most = Math.max(...raw);
    raw.forEach((value, i) => {
      expect(map.values[i]).toBeCloseTo(most > 0 ? value / most : 0, 4);
    });
  });
});
