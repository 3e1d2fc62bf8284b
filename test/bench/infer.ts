import { setBackend } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { readWeights } from '../../core/infer/weights-file.ts';
import { Engine } from '../../electron/engine/engine.ts';
import { startNodeEngine } from '../../electron/engine/node-channel.ts';
import { backEnds } from '../../electron/infer/back-ends.ts';
import { readModel } from '../../electron/infer/zoo.ts';
import { kumar } from '../../models/networks/kumar.ts';
import { exportOnnx } from '../../models/onnx/export.ts';
import { initialState, Trainer } from '../../models/training/trainer.ts';
import { openOnnx } from '../../native/onnx/session.ts';
import { median } from '../command.ts';
import { randomInputs } from '../fixtures/small-network.ts';
import { type Row, row } from './row.ts';

const MODEL = 'kumar-113';
const BATCH = 16;
/** Runs that one sample is the median of. */
const RUNS = 40;

async function timed(run: () => Promise<unknown>, runs = RUNS): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** The best back end through the process boundary, and TensorFlow.js' own, beside ONNX Runtime called directly. */
export async function benchInfer(rounds: number): Promise<Row[]> {
  const model = await readModel(MODEL);
  const weights = readWeights(kumar, model.weights);
  const input = randomInputs(kumar, 1, 1);
  const { rows, columns, channels } = kumar.input;
  const session = await openOnnx(exportOnnx(kumar, weights));
  const direct = () => session.run(input, [1, rows, columns, channels]);
  const engine = new Engine(startNodeEngine);
  const options = {
    answer: z.instanceof(Float64Array),
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const wanted = { model: MODEL, backEnd: 'onnxruntime' as const, input };
  const through = () => engine.run('model.scores', wanted, options);
  const others = await Promise.all(
    (await backEnds())
      .filter(({ id }) => id !== 'onnxruntime')
      .map(async ({ id, open }) => ({ id, network: await open(kumar, weights) })),
  );
  const peers = others.map(
    ({ network }) =>
      () =>
        network.run(input),
  );
  for (const warm of [direct, through, ...peers]) await timed(warm, 10);
  const taken: { ort: number; boundary: number; tfjs: number[] }[] = [];
  for (let i = 0; i < rounds; i++) {
    const [ort, boundary] = [await timed(direct), await timed(through)];
    const tfjs: number[] = [];
    for (const peer of peers) tfjs.push(await timed(peer, 10));
    taken.push({ ort, boundary, tfjs });
  }
  engine.stop();
  await session.release();
  for (const { network } of others) network.dispose();
  const each = Object.fromEntries(
    others.map(({ id }, at) => [
      `${id} ms`,
      Number(median(taken.map(({ tfjs }) => tfjs[at] as number)).toPrecision(3)),
    ]),
  );
  return [
    row({
      id: 'infer-vs-ort',
      what: `${MODEL}, one picture: tensor in, scores out, through the engine process, beside onnxruntime-node called directly on the same graph`,
      unit: 'ms',
      better: 'lower',
      goal: 1.1,
      ours: taken.map(({ boundary }) => boundary),
      peer: taken.map(({ ort }) => ort),
    }),
    row({
      id: 'infer-vs-tfjs',
      what: `${MODEL}, one picture: ONNX Runtime beside the fastest back end of TensorFlow.js that is here`,
      unit: 'pictures/s',
      better: 'higher',
      goal: 3,
      ours: taken.map(({ ort }) => 1000 / ort),
      peer: taken.map(({ tfjs }) => 1000 / Math.min(...tfjs)),
      details: each,
    }),
  ];
}

async function step(name: string, rounds: number): Promise<number[]> {
  await setBackend(name);
  const plan = { cycles: [{ epochs: 1, rate: 0.001 }], batch: BATCH, decay: 0, smoothing: 0, seed: 1 };
  const still = { mirror: false, rotate: 0, shift: 0, zoom: 0, gamma: 0 };
  const trainer = new Trainer(kumar, { ...plan, variation: still }, initialState(kumar, 1));
  const pictures = {
    inputs: randomInputs(kumar, BATCH, 2),
    labels: Uint8Array.from({ length: BATCH }, (_, i) => i % 4),
  };
  try {
    await trainer.epoch(pictures, null);
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) times.push(await timed(() => trainer.epoch(pictures, null), 1));
    return times;
  } finally {
    trainer.dispose();
  }
}

/** A step of training on TensorFlow's library beside the same on WebAssembly. */
export async function benchTraining(rounds: number): Promise<Row[]> {
  const here = (await backEnds()).map(({ id }) => id);
  if (!here.includes('tfjs-node'))
    throw new Error('train-node-vs-wasm needs TensorFlow’s library: npm run provision -- training');
  return [
    row({
      id: 'train-node-vs-wasm',
      what: `one training step of ${MODEL}, ${BATCH} pictures: TensorFlow’s library beside WebAssembly`,
      unit: 'ms',
      better: 'lower',
      goal: null,
      ours: await step('tensorflow', rounds),
      peer: await step('wasm', rounds),
    }),
  ];
}
