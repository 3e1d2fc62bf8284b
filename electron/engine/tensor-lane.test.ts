import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { kumar } from '../../models/networks/kumar.ts';
import { randomInputs } from '../../test/fixtures/small-network.ts';
import { Engine } from './engine.ts';
import { startNodeEngine } from './node-channel.ts';

const channel = startNodeEngine();
const engine = new Engine(() => channel);
afterAll(() => engine.stop());

it('carries batches that overlap and gives what the channel gives; the end of the process fails what is on its way', async () => {
  await expect(channel.lane.scores(randomInputs(kumar, 1, 1)), 'no model is open').rejects.toMatchObject({
    code: 'engine/answer',
  });
  const answer = z.instanceof(Float64Array);
  const options = { answer, signal: new AbortController().signal, progress: () => undefined };
  const wanted = { model: 'kumar-113', backEnd: 'tfjs-wasm', fastest: null } as const;
  const batches = [1, 3, 2].map((count, i) => randomInputs(kumar, count, i));
  const expected: Float64Array[] = [];
  for (const inputs of batches) expected.push(await engine.run('model.scores', { ...wanted, inputs }, options));
  expect(await Promise.all(batches.map((inputs) => channel.lane.scores(inputs)))).toEqual(expected);
  const last = channel.lane.scores(batches[0] as Float32Array);
  channel.kill();
  await expect(last).rejects.toMatchObject({ code: 'engine/crashed' });
}, 60_000);
