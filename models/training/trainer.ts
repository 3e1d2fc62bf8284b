/**
 * Trains a classifier: Adam with decoupled weight decay and a cosine rate, cross-entropy with smoothed labels. Everything
 * random comes from one seed, and the whole state can be saved between two epochs, so that a run that was cut short ends
 * with the numbers of one that was not.
 */
import {
  add,
  argMax,
  dispose,
  div,
  keep,
  losses,
  mul,
  nextFrame,
  oneHot,
  type Scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { type Architecture, parametersOf, sizeOf, type Weights, weight } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import { loadGradients } from '../networks/gradients.ts';
import { batchOf, runLayers } from '../networks/network.ts';
import { type Variation, vary } from './augment.ts';
import { TrainingRandom } from './random.ts';

/** Labelled pictures, prepared: `inputs` of one lie behind those of the other. */
export interface LabelledPictures {
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
}

/** What a run of training is made with. */
export interface TrainingPlan {
  /** One after the other; in each the rate begins anew and falls to 0 along half a cosine (Loshchilov and Hutter 2017). */
  readonly cycles: readonly { readonly epochs: number; readonly rate: number }[];
  readonly batch: number;
  /** Share by which kernels shrink a step, times the rate. */
  readonly decay: number;
  readonly smoothing: number;
  readonly variation: Variation;
  readonly seed: number;
}

/** Everything that a run needs to go on. */
export interface TrainingState {
  /** Epochs that are done. */
  readonly epoch: number;
  readonly random: number;
  readonly weights: Weights;
  readonly first: Weights;
  readonly second: Weights;
}

/** What an epoch came to. */
export interface EpochReport {
  readonly epoch: number;
  readonly loss: number;
  /** Share of the varied training pictures whose class was found. */
  readonly accuracy: number;
}

/** Epochs of all cycles. */
export function epochsOf({ cycles }: Pick<TrainingPlan, 'cycles'>): number {
  return cycles.reduce((sum, { epochs }) => sum + epochs, 0);
}

/** @param at epochs that are done, in fractions */
function rateAt({ cycles }: Pick<TrainingPlan, 'cycles'>, at: number): number {
  let start = 0;
  for (const { epochs, rate } of cycles) {
    if (at < start + epochs) return (rate / 2) * (1 + Math.cos((Math.PI * (at - start)) / epochs));
    start += epochs;
  }
  return 0;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const ADAM_EPSILON = 1e-7;
/** How much of a running mean and variance stays at each step. */
const MOMENTUM = 0.9;

/** Where training begins: He's normal kernels, neutral batch normalisation, no bias. */
export function initialState(architecture: Architecture, seed: number): TrainingState {
  const random = new TrainingRandom(seed);
  const weights = new Map<string, Float32Array>();
  const zeros = new Map<string, Float32Array>();
  for (const { name, shape } of parametersOf(architecture)) {
    const values = new Float32Array(sizeOf(shape));
    // The logits begin small, so that the first steps don't have to undo a confident guess.
    const gain = shape.at(-1) === architecture.classes ? 0.02 : 2;
    const spread = Math.sqrt((gain * (shape.at(-1) as number)) / values.length);
    if (name.endsWith('/kernel')) for (let i = 0; i < values.length; i++) values[i] = spread * random.normal();
    if (name.endsWith('/gamma') || name.endsWith('/variance')) values.fill(1);
    weights.set(name, values);
    zeros.set(name, new Float32Array(values.length));
  }
  return { epoch: 0, random: random.state, weights, first: zeros, second: zeros };
}

/** `share` of `old` and the rest of `seen`. */
function mixed(old: Tensor, seen: Tensor, share: number): Tensor {
  return add(mul(old, share), mul(seen, 1 - share));
}

/** One network in training. Its tensors are freed by `dispose`. */
export class Trainer {
  readonly #architecture: Architecture;
  readonly #plan: TrainingPlan;
  readonly #random: TrainingRandom;
  readonly #parameters = new Map<string, Variable>();
  readonly #first = new Map<string, Variable>();
  readonly #second = new Map<string, Variable>();
  readonly #trainable: readonly string[];
  #epoch: number;

  constructor(architecture: Architecture, plan: TrainingPlan, state: TrainingState) {
    this.#architecture = architecture;
    this.#plan = plan;
    this.#epoch = state.epoch;
    this.#random = new TrainingRandom(0);
    this.#random.state = state.random;
    const parameters = parametersOf(architecture);
    this.#trainable = parameters.filter(({ trainable }) => trainable).map(({ name }) => name);
    for (const { name, shape, trainable } of parameters) {
      const made = (from: Weights, moves: boolean): Variable =>
        tidy(() => variable(tensor(weight(from, name), [...shape]), moves));
      this.#parameters.set(name, made(state.weights, trainable));
      if (!trainable) continue;
      this.#first.set(name, made(state.first, false));
      this.#second.set(name, made(state.second, false));
    }
  }

  /**
   * One pass over the pictures.
   * @param progress share of the epoch that is done, after each step
   * @throws VitrineError infer/cancelled between two steps; the state is then that of no epoch and can't be saved
   */
  async epoch(
    { inputs, labels }: LabelledPictures,
    signal: AbortSignal | null,
    progress: (share: number) => void = () => undefined,
  ): Promise<EpochReport> {
    await loadGradients();
    const { batch } = this.#plan;
    const order = this.#random.order(labels.length);
    const steps = Math.floor(order.length / batch);
    if (steps < 1) throw inferError('infer/training', 'there are fewer pictures than one batch; add pictures');
    let [loss, right] = [0, 0];
    for (let step = 0; step < steps; step++) {
      // A turn of the event loop: a step blocks it, and whoever cancels must get through.
      await nextFrame();
      if (signal?.aborted) throw inferError('infer/cancelled', 'training was cancelled');
      const chosen = order.slice(step * batch, (step + 1) * batch);
      const result = this.#step(
        this.#varied(inputs, chosen),
        chosen.map((i) => labels[i] as number),
        { step: this.#epoch * steps + step, epoch: this.#epoch + step / steps },
      );
      loss += result.loss;
      right += result.right;
      progress((step + 1) / steps);
    }
    this.#epoch += 1;
    return { epoch: this.#epoch, loss: loss / steps, accuracy: right / (steps * batch) };
  }

  #varied(inputs: Float32Array, chosen: readonly number[]): Float32Array {
    const { rows, columns } = this.#architecture.input;
    const size = rows * columns;
    const out = new Float32Array(chosen.length * size);
    chosen.forEach((i, at) => {
      const picture = inputs.subarray(i * size, (i + 1) * size);
      vary(picture, rows, this.#plan.variation, this.#random, out.subarray(at * size, (at + 1) * size));
    });
    return out;
  }

  #step(
    inputs: Float32Array,
    labels: readonly number[],
    done: { step: number; epoch: number },
  ): { loss: number; right: number } {
    const { classes } = this.#architecture;
    const { smoothing } = this.#plan;
    const rate = rateAt(this.#plan, done.epoch);
    const observed: [string, Tensor, Tensor][] = [];
    let logits: Tensor | null = null;
    const seed = Math.floor(this.#random.next() * 2 ** 30);
    const wanted = this.#trainable.map((name) => this.#parameters.get(name) as Variable);
    return tidy(() => {
      const batch = batchOf(this.#architecture, inputs);
      const truth = oneHot(tensor1d([...labels], 'int32'), classes);
      const { value, grads } = variableGrads(() => {
        const training = {
          seed,
          observe: (layer: string, mean: Tensor, variance: Tensor) =>
            void observed.push([layer, keep(mean), keep(variance)]),
        };
        logits = keep(runLayers(this.#architecture, this.#parameters, batch, { training }));
        return losses.softmaxCrossEntropy(truth, logits, undefined, smoothing) as Scalar;
      }, wanted);
      const found = argMax(logits as unknown as Tensor, 1).dataSync();
      this.#descend(grads, rate, done.step + 1);
      for (const [layer, mean, variance] of observed) this.#follow(layer, mean, variance);
      dispose([logits as unknown as Tensor, ...observed.flatMap(([, mean, variance]) => [mean, variance])]);
      return { loss: value.dataSync()[0] as number, right: labels.filter((label, i) => found[i] === label).length };
    });
  }

  /** Adam (Kingma and Ba 2015), the decay beside the gradient (Loshchilov and Hutter 2019). */
  #descend(gradients: Readonly<Record<string, Tensor>>, rate: number, step: number): void {
    const { decay } = this.#plan;
    const scale = (rate * Math.sqrt(1 - BETA_2 ** step)) / (1 - BETA_1 ** step);
    for (const name of this.#trainable) {
      const [parameter, first, second] = [this.#parameters, this.#first, this.#second].map((of) => of.get(name)) as [
        Variable,
        Variable,
        Variable,
      ];
      const gradient = gradients[parameter.name] as Tensor;
      tidy(() => {
        first.assign(mixed(first, gradient, BETA_1));
        second.assign(mixed(second, square(gradient), BETA_2));
        const kept = name.endsWith('/kernel') ? mul(parameter, 1 - rate * decay) : parameter;
        parameter.assign(sub(kept, div(mul(first, scale), add(sqrt(second), ADAM_EPSILON))));
      });
    }
  }

  #follow(layer: string, mean: Tensor, variance: Tensor): void {
    for (const [part, seen] of [
      ['mean', mean],
      ['variance', variance],
    ] as const) {
      const running = this.#parameters.get(`${layer}/${part}`) as Variable;
      running.assign(tidy(() => mixed(running, seen, MOMENTUM)));
    }
  }

  /** The state after the last whole epoch. */
  state(): TrainingState {
    const read = (from: ReadonlyMap<string, Variable>): Weights =>
      new Map([...from].map(([name, values]) => [name, Float32Array.from(values.dataSync())]));
    const [weights, first, second] = [this.#parameters, this.#first, this.#second].map(read) as [
      Weights,
      Weights,
      Weights,
    ];
    return { epoch: this.#epoch, random: this.#random.state, weights, first, second };
  }

  dispose(): void {
    dispose([...this.#parameters.values(), ...this.#first.values(), ...this.#second.values()]);
  }
}
