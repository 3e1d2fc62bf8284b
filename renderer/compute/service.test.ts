import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ComputeLink } from '../../electron/infer/compute-link.ts';
import { startTensorFlowWasm } from '../../native/tensorflow/wasm.ts';
import { randomInputs, randomWeights, smallNetwork } from '../../test/fixtures/small-network.ts';
import { referenceLogits } from '../../test/reference/network.ts';
import { ComputeService } from './service.ts';

await startTensorFlowWasm();

/** Engine's end and window's end, joined without a process; WebAssembly stands for the graphics processor. */
function joined(adapter = true) {
  const ends: boolean[] = [];
  const link: ComputeLink = new ComputeLink(
    { postMessage: (message) => service.receive(structuredClone(message)), close: () => undefined },
    (isLost) => ends.push(isLost),
  );
  const service = new ComputeService({
    backEnd: { id: 'tfjs-webgpu', run: async (work) => work() },
    tensors: () => memory().numTensors,
    post: (answer) => link.receive(structuredClone(answer)),
  });
  link.receive({ type: 'ready', adapter });
  return { link, service, ends };
}

describe('the compute window and its link', () => {
  it('compute what plain loops do, and leave no tensor behind', async () => {
    const before = memory().numTensors;
    const { link, ends } = joined();
    const weights = randomWeights(smallNetwork, 5);
    const inputs = randomInputs(smallNetwork, 2, 6);
    const network = await link.open(smallNetwork, weights);
    const logits = await network.run(inputs);
    const size = inputs.length / 2;
    for (let i = 0; i < 2; i++)
      referenceLogits(smallNetwork, weights, inputs.subarray(i * size, (i + 1) * size)).forEach((value, k) => {
        expect(logits[i * 3 + k]).toBeCloseTo(value, 4);
      });
    network.dispose();
    await expect(network.run(inputs)).rejects.toMatchObject({ code: 'infer/back-end' });
    await expect.poll(() => ends, { message: 'closed with its last network' }).toEqual([false]);
    expect(memory().numTensors).toBe(before);
  });

  it('fail every call, now and later, once the graphics processor is lost', async () => {
    const { link, service, ends } = joined();
    const network = await link.open(smallNetwork, randomWeights(smallNetwork, 5));
    const running = network.run(randomInputs(smallNetwork, 1, 6));
    link.receive({ type: 'lost' });
    await expect(running).rejects.toMatchObject({ code: 'infer/compute-lost' });
    await expect(network.run(randomInputs(smallNetwork, 1, 6))).rejects.toMatchObject({ code: 'infer/compute-lost' });
    expect(ends).toEqual([true]);
    service.end();
  });

  it('take a word that is none of the contract for a loss, and a machine without an adapter for none', async () => {
    const strange = joined();
    strange.link.receive({ type: 'ran', call: 0, logits: ['no numbers'] });
    expect(strange.ends).toEqual([true]);
    const without = joined(false);
    expect(await without.link.ready).toBe(false);
    expect(without.ends).toEqual([false]);
  });

  it('say that a network does not run here, and go on', async () => {
    const { link, service } = joined();
    await expect(link.open(smallNetwork, new Map())).rejects.toMatchObject({ code: 'infer/back-end' });
    service.end();
  });
});
