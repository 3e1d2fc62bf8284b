/**
 * A network in plain loops and double precision, batch normalisation unfolded: slow and readable, for what TensorFlow.js and
 * ONNX Runtime must agree with.
 */
import {
  type Architecture,
  activationShapes,
  BATCH_NORM_EPSILON,
  type Layer,
  type Weights,
  weight,
} from '../../core/infer/architecture.ts';

/** Logits of one picture. */
export function referenceLogits(architecture: Architecture, weights: Weights, input: ArrayLike<number>): Float64Array {
  const shapes = activationShapes(architecture);
  return architecture.layers.reduce<Float64Array>(
    (values, layer, i) => apply(layer, values, shapes[i] as readonly number[], weights),
    Float64Array.from(input),
  );
}

function apply(layer: Layer, values: Float64Array, shape: readonly number[], weights: Weights): Float64Array {
  switch (layer.kind) {
    case 'conv':
      return convolved(values, shape, layer.size, layer.filters, (part) => weight(weights, `${layer.name}/${part}`));
    case 'batch-norm': {
      const of = (part: string, i: number): number => weight(weights, `${layer.name}/${part}`)[i] as number;
      const channels = shape.at(-1) as number;
      return values.map((value, i) => {
        const c = i % channels;
        const deviation = Math.sqrt(of('variance', c) + BATCH_NORM_EPSILON);
        return (of('gamma', c) * (value - of('mean', c))) / deviation + of('beta', c);
      });
    }
    case 'relu':
      return values.map((value) => Math.max(0, value));
    case 'max-pool':
      return pooled(values, shape);
    case 'dense': {
      const [kernel, bias] = ['kernel', 'bias'].map((part) => weight(weights, `${layer.name}/${part}`)) as [
        Float32Array,
        Float32Array,
      ];
      return Float64Array.from(bias, (b, unit) =>
        values.reduce((sum, value, i) => sum + value * (kernel[i * layer.units + unit] as number), b),
      );
    }
    default:
      return values;
  }
}

function convolved(
  values: Float64Array,
  shape: readonly number[],
  size: number,
  filters: number,
  of: (part: 'kernel' | 'bias') => Float32Array,
): Float64Array {
  const [rows = 0, columns = 0, channels = 0] = shape;
  const [kernel, bias, reach] = [of('kernel'), of('bias'), (size - 1) / 2];
  const out = new Float64Array(rows * columns * filters);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let f = 0; f < filters; f++) {
        let sum = bias[f] as number;
        for (let v = 0; v < size; v++)
          for (let u = 0; u < size; u++) {
            const [row, column] = [y + v - reach, x + u - reach];
            if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
            for (let c = 0; c < channels; c++)
              sum +=
                (values[(row * columns + column) * channels + c] as number) *
                (kernel[((v * size + u) * channels + c) * filters + f] as number);
          }
        out[(y * columns + x) * filters + f] = sum;
      }
  return out;
}

function pooled(values: Float64Array, shape: readonly number[]): Float64Array {
  const [rows = 0, columns = 0, channels = 0] = shape;
  const [height, width] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const out = new Float64Array(height * width * channels);
  const at = (y: number, x: number, c: number): number => values[(y * columns + x) * channels + c] as number;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        out[(y * width + x) * channels + c] = Math.max(
          at(2 * y, 2 * x, c),
          at(2 * y, 2 * x + 1, c),
          at(2 * y + 1, 2 * x, c),
          at(2 * y + 1, 2 * x + 1, c),
        );
  return out;
}
