import { setBackend } from '@tensorflow/tfjs-core';
import { openedModel } from '../../core/contract/model.ts';
import { readWeights } from '../../core/infer/weights-file.ts';
import { Engine } from '../../electron/engine/engine.ts';
import { startNodeEngine } from '../../electron/engine/node-channel.ts';
import type { TensorLane } from '../../electron/engine/tensor-lane.ts';
import { backEnds } from '../../electron/infer/back-ends.ts';
import { BATCH, LaneBatches } from '../../electron/infer/evaluate.ts';
import { readModel } from '../../electron/infer/zoo.ts';
import { kumar } from '../../models/networks/kumar.ts';
import { exportOnnx } from '../../models/onnx/export.ts';
import { initialState, Trainer } from '../../models/training/trainer.ts';
import { openOnnx } from '../../native/onnx/session.ts';
import { median } from '../command.ts';
import { randomInputs } from '../fixtures/small-network.ts';
import { type Row, row } from './row.ts';

const MODEL = 'kumar-113';
const TRAINED = 16;
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

/** Pictures that one sample of the boundary is taken over, about a folder of an evaluation, and the sizes of batch that the direct call may choose from. */
const PICTURES = 512;
const BATCHES = [8, 16, 32];
/** Milliseconds. */
const REST = 100;

/**
 * ONNX Runtime's threads spin for a while after a run and would take the processor from the process that is measured next; and a first
 * batch finds caches cold. So each way rests and runs once before it is timed.
 */
async function rested(warm: () => Promise<unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, REST));
  await warm();
}

/** Milliseconds a picture. */
async function perPicture(batch: number, run: (inputs: Float32Array) => Promise<unknown>): Promise<number> {
  const inputs = randomInputs(kumar, batch, 1);
  await rested(() => run(inputs));
  const start = performance.now();
  for (let left = PICTURES / batch; left > 0; left--) await run(inputs);
  return (performance.now() - start) / PICTURES;
}

/** The same through the engine process, as `vitrine model evaluate` sends its pictures. */
async function perLanePicture(lane: TensorLane): Promise<number> {
  const input = randomInputs(kumar, 1, 1);
  const batches = new LaneBatches(lane, input.length, () => undefined);
  await rested(() => lane.scores(randomInputs(kumar, BATCH, 1)));
  const start = performance.now();
  for (let at = 0; at < PICTURES; at++) await batches.add(at, input);
  await batches.end();
  return (performance.now() - start) / PICTURES;
}

/** The size of batch with which the direct call is fastest. */
async function bestBatch(run: (inputs: Float32Array) => Promise<unknown>): Promise<number> {
  const times: { batch: number; time: number }[] = [];
  for (const batch of BATCHES) {
    const taken: number[] = [];
    for (let i = 0; i < 3; i++) taken.push(await perPicture(batch, run));
    times.push({ batch, time: median(taken) });
  }
  return times.toSorted((a, b) => a.time - b.time)[0]?.batch ?? 1;
}

const digits = (values: readonly number[]): number => Number(median(values).toPrecision(3));

/** Tensors into the engine process and scores back, in batches, beside onnxruntime-node called directly on the same pictures. */
async function benchBoundary(rounds: number): Promise<Row> {
  const model = await readModel(MODEL);
  const { rows, columns, channels } = kumar.input;
  const size = rows * columns * channels;
  const session = await openOnnx(exportOnnx(kumar, readWeights(kumar, model.weights)));
  const direct = (inputs: Float32Array) => session.run(inputs, [inputs.length / size, rows, columns, channels]);
  const channel = startNodeEngine();
  const engine = new Engine(() => channel);
  const open = { model: MODEL, backEnd: 'onnxruntime', fastest: null } as const;
  const options = { answer: openedModel, signal: new AbortController().signal, progress: () => undefined };
  await engine.run('model.open', open, options);
  const through = (inputs: Float32Array) => channel.lane.scores(inputs);
  const one = randomInputs(kumar, 1, 1);
  await Promise.all([timed(() => direct(one), 10), timed(() => through(one), 10)]);
  const peerBatch = await bestBatch(direct);
  const taken: { ours: number; peer: number; ourOne: number; peerOne: number }[] = [];
  for (let i = 0; i < rounds; i++)
    taken.push({
      peer: await perPicture(peerBatch, direct),
      ours: await perLanePicture(channel.lane),
      peerOne: await timed(() => direct(one)),
      ourOne: await timed(() => through(one)),
    });
  engine.stop();
  await session.release();
  return row({
    id: 'infer-vs-ort',
    what: `${MODEL}, ${PICTURES} pictures: tensors in, scores out, through the engine process as \`vitrine model evaluate\` sends them, beside onnxruntime-node called directly on the same graph and pictures, with its best batch`,
    unit: 'ms a picture',
    better: 'lower',
    goal: 1.1,
    ours: taken.map(({ ours }) => ours),
    peer: taken.map(({ peer }) => peer),
    details: {
      'our batch': BATCH,
      'batch of the peer': peerBatch,
      'one picture through the process, ms': digits(taken.map(({ ourOne }) => ourOne)),
      'one picture directly, ms': digits(taken.map(({ peerOne }) => peerOne)),
    },
  });
}

/** ONNX Runtime beside TensorFlow.js' own back ends, one picture. */
async function benchBackEnds(rounds: number): Promise<Row> {
  const model = await readModel(MODEL);
  const weights = readWeights(kumar, model.weights);
  const input = randomInputs(kumar, 1, 1);
  const networks = await Promise.all(
    (await backEnds()).map(async ({ id, open }) => ({ id, network: await open(kumar, weights) })),
  );
  const ways = networks.map(({ id, network }) => ({ id, run: () => network.run(input) }));
  for (const { run } of ways) await timed(run, 10);
  const taken: Map<string, number>[] = [];
  for (let i = 0; i < rounds; i++) {
    const round = new Map<string, number>();
    for (const { id, run } of ways) round.set(id, await timed(run, id === 'onnxruntime' ? RUNS : 10));
    taken.push(round);
  }
  for (const { network } of networks) network.dispose();
  const others = ways.map(({ id }) => id).filter((id) => id !== 'onnxruntime');
  const of = (round: Map<string, number>, id: string): number => round.get(id) ?? Number.POSITIVE_INFINITY;
  return row({
    id: 'infer-vs-tfjs',
    what: `${MODEL}, one picture: ONNX Runtime beside the fastest back end of TensorFlow.js that is here`,
    unit: 'pictures/s',
    better: 'higher',
    goal: 3,
    ours: taken.map((round) => 1000 / of(round, 'onnxruntime')),
    peer: taken.map((round) => 1000 / Math.min(...others.map((id) => of(round, id)))),
    details: Object.fromEntries(others.map((id) => [`${id} ms`, digits(taken.map((round) => of(round, id)))])),
  });
}

/** The best back end through the process boundary, and TensorFlow.js' own, beside ONNX Runtime called directly. */
export async function benchInfer(rounds: number): Promise<Row[]> {
  return [await benchBoundary(rounds), await benchBackEnds(rounds)];
}

async function step(name: string, rounds: number): Promise<number[]> {
  await setBackend(name);
  const plan = { cycles: [{ epochs: 1, rate: 0.001 }], batch: TRAINED, decay: 0, smoothing: 0, seed: 1 };
  const still = { mirror: false, rotate: 0, shift: 0, zoom: 0, gamma: 0 };
  const trainer = new Trainer(kumar, { ...plan, variation: still }, initialState(kumar, 1));
  const pictures = {
    inputs: randomInputs(kumar, TRAINED, 2),
    labels: Uint8Array.from({ length: TRAINED }, (_, i) => i % 4),
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
      what: `one training step of ${MODEL}, ${TRAINED} pictures: TensorFlow’s library beside WebAssembly`,
      unit: 'ms',
      better: 'lower',
      goal: null,
      ours: await step('tensorflow', rounds),
      peer: await step('wasm', rounds),
    }),
  ];
}
