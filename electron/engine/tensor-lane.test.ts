import { afterAll, expect, it } from 'vitest';
import { openedModel } from '../../core/contract/model.ts';
import { kumar } from '../../models/networks/kumar.ts';
import { randomInputs } from '../../test/fixtures/small-network.ts';
import { Classifier } from '../infer/classifier.ts';
import { readModel } from '../infer/zoo.ts';
import { Engine } from './engine.ts';
import { startNodeEngine } from './node-channel.ts';

const channel = startNodeEngine();
const engine = new Engine(() => channel);
afterAll(() => engine.stop());

it('carries batches that overlap and gives what the classifier gives here; the end of the process fails what is on its way', async () => {
  await expect(channel.lane.scores(randomInputs(kumar, 1, 1)), 'no model is open').rejects.toMatchObject({
    code: 'engine/answer',
  });
  const options = { answer: openedModel, signal: new AbortController().signal, progress: () => undefined };
  const wanted = { model: 'kumar-113', backEnd: 'tfjs-wasm', fastest: null } as const;
  expect(await engine.run('model.open', wanted, options)).toEqual({ backEnd: 'tfjs-wasm', measured: [] });
  const memory = { read: async () => null, write: async () => undefined };
  const here = await Classifier.open(await readModel('kumar-113'), { backEnd: 'tfjs-wasm', memory });
  const batches = [1, 3, 2].map((count, i) => randomInputs(kumar, count, i));
  const expected: Float64Array[] = [];
  for (const inputs of batches) expected.push(await here.probabilities(inputs));
  await here.dispose();
  expect(await Promise.all(batches.map((inputs) => channel.lane.scores(inputs)))).toEqual(expected);
  const last = channel.lane.scores(batches[0] as Float32Array);
  channel.kill();
  await expect(last).rejects.toMatchObject({ code: 'engine/crashed' });
}, 60_000);
