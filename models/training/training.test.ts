import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWeights, writeWeights } from '../../core/infer/weights-file.ts';
import { startTensorFlowWasm } from '../../native/tensorflow/wasm.ts';
import { smallNetwork } from '../../test/fixtures/small-network.ts';
import { vary } from './augment.ts';
import { TrainingRandom } from './random.ts';
import { initialState, type LabelledPictures, Trainer, type TrainingPlan } from './trainer.ts';

const network = { ...smallNetwork, input: { rows: 8, columns: 8, channels: 1 } };
const still = { mirror: false, rotate: 0, shift: 0, zoom: 0, gamma: 0 };
const plan: TrainingPlan = {
  cycles: [{ epochs: 10, rate: 0.01 }],
  batch: 6,
  decay: 0.01,
  smoothing: 0,
  seed: 1,
  variation: still,
};

/** Three kinds of stripes. */
function stripes(count: number): LabelledPictures {
  const random = new TrainingRandom(9);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const inputs = Float32Array.from({ length: count * 64 }, (_, i) => {
    const [x, y, kind] = [i % 8, Math.floor(i / 8) % 8, labels[Math.floor(i / 64)]];
    const on = kind === 0 ? x % 2 : kind === 1 ? y % 2 : (x + y) % 2;
    return 0.7 * on + 0.3 * random.next();
  });
  return { inputs, labels };
}

beforeAll(() => startTensorFlowWasm());

async function trained(epochs: number, from = initialState(network, 1), signal: AbortSignal | null = null) {
  const trainer = new Trainer(network, plan, from);
  try {
    let accuracy = 0;
    for (let epoch = 0; epoch < epochs; epoch++) accuracy = (await trainer.epoch(stripes(24), signal)).accuracy;
    return { accuracy, state: trainer.state() };
  } finally {
    trainer.dispose();
  }
}

describe('training on WebAssembly', () => {
  it('learns, and holds as many tensors afterwards as before', async () => {
    const before = memory().numTensors;
    const { accuracy } = await trained(10);
    expect(accuracy).toBeGreaterThan(0.7);
    expect(memory().numTensors).toBe(before);
  });

  it('gives the same numbers for the same seed, also when it was cut short in between', async () => {
    const whole = await trained(4);
    const half = await trained(2);
    const rest = await trained(2, half.state);
    expect(rest.state.epoch).toBe(4);
    expect(rest.state.weights).toEqual(whole.state.weights);
    const file = writeWeights(network, whole.state.weights);
    expect(readWeights(network, file).size).toBe(whole.state.weights.size);
  });

  it('hears a cancel between two steps', async () => {
    const before = memory().numTensors;
    const abort = new AbortController();
    const running = trained(1000, undefined, abort.signal);
    setTimeout(() => abort.abort(), 50);
    const asked = performance.now();
    await expect(running).rejects.toMatchObject({ code: 'infer/cancelled' });
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(memory().numTensors).toBe(before);
  });

  it('says that there are too few pictures', async () => {
    const trainer = new Trainer(network, { ...plan, batch: 100 }, initialState(network, 1));
    await expect(trainer.epoch(stripes(24), null)).rejects.toMatchObject({ code: 'infer/training' });
    trainer.dispose();
  });
});

describe('variation', () => {
  it('leaves a picture alone when there is none', () => {
    const { inputs } = stripes(1);
    const out = new Float32Array(64);
    vary(inputs, 8, still, new TrainingRandom(1), out);
    out.forEach((value, i) => {
      expect(value).toBeCloseTo(inputs[i] as number, 6);
    });
  });

  it('mirrors half of the pictures', () => {
    const picture = Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8);
    const random = new TrainingRandom(3);
    const firsts = Array.from({ length: 200 }, () => {
      const out = new Float32Array(64);
      vary(picture, 8, { ...still, mirror: true }, random, out);
      return out[0] as number;
    });
    const mirrored = firsts.filter((value) => value > 0.5).length;
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });
});
