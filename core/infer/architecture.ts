/**
 * A network as data: its layers in order. The TensorFlow.js network, the ONNX graph and the reference in plain loops are
 * all made from it, so that none of them can be of another network than the others.
 *
 * Tensors are of shape height, width, channels (the fastest); convolutions have stride 1 and keep the size ("same").
 */
import { inferError } from './errors.ts';

/** One layer. Names are unique; a layer's parameters are called `<name>/<parameter>`. */
export type Layer =
  | { readonly kind: 'conv'; readonly name: string; readonly filters: number; readonly size: number }
  | { readonly kind: 'batch-norm'; readonly name: string }
  | { readonly kind: 'relu' }
  /** Largest of 2×2, stride 2. */
  | { readonly kind: 'max-pool' }
  | { readonly kind: 'flatten' }
  /** Only in training. */
  | { readonly kind: 'dropout'; readonly rate: number }
  | { readonly kind: 'dense'; readonly name: string; readonly units: number };

/** Input and layers of a classifier. Its outputs are logits. */
export interface Architecture {
  readonly id: string;
  readonly input: { readonly rows: number; readonly columns: number; readonly channels: number };
  readonly classes: number;
  readonly layers: readonly Layer[];
}

/** A parameter of a network: trained, or kept up by training (`trainable` false: running mean and variance). */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
}

/** Values of all parameters of a network, by their names. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** ε of batch normalisation, in training and in the folded network. */
export const BATCH_NORM_EPSILON = 1e-3;

/** Product of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Shape of the activations behind each layer, the input's first. */
export function activationShapes({ input, layers }: Pick<Architecture, 'input' | 'layers'>): (readonly number[])[] {
  const shapes: (readonly number[])[] = [[input.rows, input.columns, input.channels]];
  for (const layer of layers) shapes.push(after(layer, shapes.at(-1) as readonly number[]));
  return shapes;
}

function after(layer: Layer, shape: readonly number[]): readonly number[] {
  const [rows = 1, columns = 1] = shape;
  switch (layer.kind) {
    case 'conv':
      return [rows, columns, layer.filters];
    case 'max-pool':
      return [Math.floor(rows / 2), Math.floor(columns / 2), shape[2] as number];
    case 'flatten':
      return [sizeOf(shape)];
    case 'dense':
      return [layer.units];
    default:
      return shape;
  }
}

/** The parameters in the order of the weights file. */
export function parametersOf(architecture: Pick<Architecture, 'input' | 'layers'>): Parameter[] {
  const shapes = activationShapes(architecture);
  return architecture.layers.flatMap((layer, i) => {
    const channels = (shapes[i] as readonly number[]).at(-1) as number;
    if (layer.kind === 'conv')
      return [
        parameter(`${layer.name}/kernel`, [layer.size, layer.size, channels, layer.filters]),
        parameter(`${layer.name}/bias`, [layer.filters]),
      ];
    if (layer.kind === 'batch-norm')
      return [
        parameter(`${layer.name}/gamma`, [channels]),
        parameter(`${layer.name}/beta`, [channels]),
        parameter(`${layer.name}/mean`, [channels], false),
        parameter(`${layer.name}/variance`, [channels], false),
      ];
    if (layer.kind === 'dense')
      return [
        parameter(`${layer.name}/kernel`, [channels, layer.units]),
        parameter(`${layer.name}/bias`, [layer.units]),
      ];
    return [];
  });
}

function parameter(name: string, shape: readonly number[], trainable = true): Parameter {
  return { name, shape, trainable };
}

/** @throws VitrineError infer/weights-shape where there is none of this name */
export function weight(weights: Weights, name: string): Float32Array {
  const values = weights.get(name);
  if (!values) throw inferError('infer/weights-shape', `the weights lack "${name}"; install the model again`);
  return values;
}

/**
 * The same function without batch normalisation: a convolution and the batch normalisation behind it become one convolution,
 * `γ (x * k + b - μ) / √(σ² + ε) + β`. Dropout does nothing outside of training and goes too.
 */
export function folded(
  architecture: Architecture,
  weights: Weights,
): { readonly architecture: Architecture; readonly weights: Weights } {
  const kept: Layer[] = [];
  const values = new Map<string, Float32Array>();
  for (const layer of architecture.layers) {
    if (layer.kind === 'dropout') continue;
    const before = kept.at(-1);
    if (layer.kind === 'batch-norm') {
      if (before?.kind !== 'conv')
        throw inferError('infer/weights-shape', `the batch normalisation "${layer.name}" follows no convolution`);
      foldInto(values, before.name, layer.name, weights);
      continue;
    }
    kept.push(layer);
    if (layer.kind === 'conv' || layer.kind === 'dense')
      for (const part of ['kernel', 'bias'])
        values.set(`${layer.name}/${part}`, weight(weights, `${layer.name}/${part}`));
  }
  return { architecture: { ...architecture, layers: kept }, weights: values };
}

function foldInto(values: Map<string, Float32Array>, conv: string, norm: string, weights: Weights): void {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    weight(weights, `${norm}/${part}`),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const factor = gamma.map((g, i) => g / Math.sqrt((variance[i] as number) + BATCH_NORM_EPSILON));
  const channels = factor.length;
  values.set(
    `${conv}/kernel`,
    weight(values, `${conv}/kernel`).map((k, i) => k * (factor[i % channels] as number)),
  );
  values.set(
    `${conv}/bias`,
    weight(values, `${conv}/bias`).map(
      (b, i) => (b - (mean[i] as number)) * (factor[i] as number) + (beta[i] as number),
    ),
  );
}
