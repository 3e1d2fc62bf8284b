import {
  add,
  batchNorm,
  conv2d,
  dropout,
  matMul,
  maxPool,
  moments,
  type Rank,
  relu,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import {
  type Architecture,
  activationShapes,
  BATCH_NORM_EPSILON,
  type Layer,
  parametersOf,
  type Weights,
  weight,
} from '../../core/infer/architecture.ts';

/** The parameters of a network as tensors, by their names. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** What a pass in training does differently. */
export interface TrainingPass {
  /** Seeds the dropout masks: the same number, the same masks. */
  readonly seed: number;
  /** Gets mean and variance of a batch for the running ones; tensors that are the pass's own. */
  readonly observe: (layer: string, mean: Tensor, variance: Tensor) => void;
}

/** Weights as tensors on the current back end; whoever asked disposes them. */
export function tensorsOf(architecture: Pick<Architecture, 'input' | 'layers'>, weights: Weights): Map<string, Tensor> {
  const named = parametersOf(architecture).map(({ name, shape }) => [name, tensor(weight(weights, name), [...shape])]);
  return new Map(named as [string, Tensor][]);
}

function parameterOf<R extends Rank>(parameters: Parameters, name: string): Tensor<R> {
  const found = parameters.get(name);
  if (!found) throw new RangeError(`the network lacks "${name}"`);
  return found as Tensor<R>;
}

function normalised(layer: string, x: Tensor4D, parameters: Parameters, training: TrainingPass | null): Tensor4D {
  const of = (part: string): Tensor<Rank.R1> => parameterOf(parameters, `${layer}/${part}`);
  if (training === null)
    return batchNorm(x, of('mean'), of('variance'), of('beta'), of('gamma'), BATCH_NORM_EPSILON) as Tensor4D;
  const { mean, variance } = moments(x, [0, 1, 2]);
  training.observe(layer, mean, variance);
  const [m, v] = [mean as Tensor<Rank.R1>, variance as Tensor<Rank.R1>];
  return batchNorm(x, m, v, of('beta'), of('gamma'), BATCH_NORM_EPSILON) as Tensor4D;
}

/** One layer on a batch. @param at its place, which tells apart the dropout masks of one pass */
function apply(layer: Layer, at: number, x: Tensor, parameters: Parameters, training: TrainingPass | null): Tensor {
  switch (layer.kind) {
    case 'conv': {
      const filtered = conv2d(x as Tensor4D, parameterOf<Rank.R4>(parameters, `${layer.name}/kernel`), 1, 'same');
      return add(filtered, parameterOf(parameters, `${layer.name}/bias`));
    }
    case 'batch-norm':
      return normalised(layer.name, x as Tensor4D, parameters, training);
    case 'relu':
      return relu(x);
    case 'max-pool':
      return maxPool(x as Tensor4D, 2, 2, 'valid');
    case 'flatten':
      return reshape(x, [x.shape[0] as number, -1]);
    case 'dropout':
      return training === null ? x : dropout(x, layer.rate, undefined, training.seed * 64 + at);
    case 'dense': {
      const product = matMul(x as Tensor2D, parameterOf<Rank.R2>(parameters, `${layer.name}/kernel`));
      return add(product, parameterOf(parameters, `${layer.name}/bias`));
    }
  }
}

/** Runs the layers from `from` up to, without, `to` on a batch. What lies between is freed. */
export function runLayers(
  { layers }: Pick<Architecture, 'layers'>,
  parameters: Parameters,
  batch: Tensor,
  {
    from = 0,
    to = layers.length,
    training = null,
  }: { from?: number; to?: number; training?: TrainingPass | null } = {},
): Tensor {
  return tidy(() =>
    layers.slice(from, to).reduce((x, layer, i) => apply(layer, from + i, x, parameters, training), batch),
  );
}

/** A batch of inputs as a tensor. */
export function batchOf({ input }: Pick<Architecture, 'input'>, inputs: Float32Array): Tensor4D {
  const { rows, columns, channels } = input;
  const count = inputs.length / (rows * columns * channels);
  return tensor(inputs, [count, rows, columns, channels]) as Tensor4D;
}

/** Place behind the activation of the last convolution, before its pooling: where Grad-CAM looks. */
export function lastConvolution(architecture: Pick<Architecture, 'input' | 'layers'>): {
  readonly to: number;
  readonly shape: readonly number[];
} {
  const { layers } = architecture;
  const conv = layers.findLastIndex(({ kind }) => kind === 'conv');
  const pool = layers.findIndex(({ kind }, i) => i > conv && kind !== 'batch-norm' && kind !== 'relu');
  const to = pool === -1 ? layers.length : pool;
  return { to, shape: activationShapes(architecture)[to] as readonly number[] };
}
