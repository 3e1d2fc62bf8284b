/**
 * Writes a trained network as an ONNX graph, batch normalisation folded. ONNX has the channels first, TensorFlow.js last, so
 * kernels are transposed, and the rows of the first dense kernel are put into the order in which ONNX flattens.
 */
import protobuf from 'protobufjs';
import {
  type Architecture,
  activationShapes,
  folded,
  type Layer,
  type Weights,
  weight,
} from '../../core/infer/architecture.ts';
import { ONNX_PROTO } from './onnx-proto.ts';

/** Names of the graph's input (N × rows × columns × channels, as everywhere here) and output (N × classes). */
const ONNX_INPUT = 'input';
const ONNX_OUTPUT = 'logits';

const IR_VERSION = 8;
const OPERATOR_SET = 13;
const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

interface Node {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly object[];
}

interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

const ints = (name: string, ...values: number[]): object => ({ name, ints: values, type: ATTRIBUTE_INTS });

/** The graph's bytes. @throws VitrineError infer/weights-shape */
export function exportOnnx(trained: Architecture, trainedWeights: Weights): Uint8Array {
  const { architecture, weights } = folded(trained, trainedWeights);
  const { rows, columns, channels } = architecture.input;
  const graph = new Graph(architecture, weights);
  const shape = (...sides: (number | 'N')[]): object => ({
    dim: sides.map((side) => (side === 'N' ? { dimParam: side } : { dimValue: side })),
  });
  const value = (name: string, sides: object): object => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: sides } },
  });
  const type = protobuf.parse(ONNX_PROTO).root.lookupType('onnx.ModelProto');
  const message = type.fromObject({
    irVersion: IR_VERSION,
    producerName: 'Vitrine',
    opsetImport: [{ domain: '', version: OPERATOR_SET }],
    graph: {
      name: architecture.id,
      node: graph.nodes,
      initializer: graph.initializers,
      input: [value(ONNX_INPUT, shape('N', rows, columns, channels))],
      output: [value(ONNX_OUTPUT, shape('N', architecture.classes))],
    },
  });
  return type.encode(message).finish();
}

class Graph {
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly #weights: Weights;

  constructor(architecture: Architecture, weights: Weights) {
    this.#weights = weights;
    const shapes = activationShapes(architecture);
    const { layers } = architecture;
    this.nodes.push({
      opType: 'Transpose',
      input: [ONNX_INPUT],
      output: ['x0'],
      attribute: [ints('perm', 0, 3, 1, 2)],
    });
    layers.forEach((layer, i) => {
      const last = i === layers.length - 1;
      const before = layers[i - 1]?.kind === 'flatten' ? (shapes[i - 1] as readonly number[]) : null;
      this.#layer(
        layer,
        `x${i}`,
        last ? ONNX_OUTPUT : `x${i + 1}`,
        (shapes[i] as readonly number[]).at(-1) as number,
        before,
      );
    });
  }

  /** @param flattened shape before the flattening that stands before a dense layer, or null */
  #layer(layer: Layer, from: string, to: string, channels: number, flattened: readonly number[] | null): void {
    const { opType, input, attribute } = this.#node(layer, channels, flattened);
    this.nodes.push({ opType, input: [from, ...input], output: [to], attribute });
  }

  #node(layer: Layer, channels: number, flattened: readonly number[] | null): Omit<Node, 'output'> {
    switch (layer.kind) {
      case 'conv': {
        const pad = (layer.size - 1) / 2;
        const input = this.#pair(layer.name, [layer.filters, channels, layer.size, layer.size], (values) =>
          filtersFirst(values, layer.size * layer.size, channels, layer.filters),
        );
        const attribute = [ints('kernel_shape', layer.size, layer.size), ints('pads', pad, pad, pad, pad)];
        return { opType: 'Conv', input, attribute };
      }
      case 'dense': {
        const input = this.#pair(layer.name, [channels, layer.units], (values) =>
          flattened === null ? values : rowsAsFlattened(values, flattened, layer.units),
        );
        return { opType: 'Gemm', input, attribute: [] };
      }
      case 'relu':
        return { opType: 'Relu', input: [], attribute: [] };
      case 'max-pool':
        return { opType: 'MaxPool', input: [], attribute: [ints('kernel_shape', 2, 2), ints('strides', 2, 2)] };
      case 'flatten':
        return { opType: 'Flatten', input: [], attribute: [{ name: 'axis', i: 1, type: ATTRIBUTE_INT }] };
      default:
        throw new RangeError(`a folded network has no layer "${layer.kind}"`);
    }
  }

  #pair(layer: string, dims: readonly number[], order: (kernel: Float32Array) => Float32Array): [string, string] {
    const bias = weight(this.#weights, `${layer}/bias`);
    this.#initializer(`${layer}/kernel`, dims, order(weight(this.#weights, `${layer}/kernel`)));
    this.#initializer(`${layer}/bias`, [bias.length], bias);
    return [`${layer}/kernel`, `${layer}/bias`];
  }

  #initializer(name: string, dims: readonly number[], values: Float32Array): void {
    const rawData = new Uint8Array(4 * values.length);
    const view = new DataView(rawData.buffer);
    values.forEach((value, i) => {
      view.setFloat32(4 * i, value, true);
    });
    this.initializers.push({ name, dims, dataType: FLOAT, rawData });
  }
}

/** Height, width, in, out → out, in, height, width. @param taps height × width */
function filtersFirst(values: Float32Array, taps: number, channels: number, filters: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++)
      for (let f = 0; f < filters; f++)
        out[(f * channels + c) * taps + tap] = values[(tap * channels + c) * filters + f] as number;
  return out;
}

/** Rows in the order height, width, channel → channel, height, width. */
function rowsAsFlattened(values: Float32Array, shape: readonly number[], units: number): Float32Array {
  const channels = shape.at(-1) as number;
  const places = values.length / units / channels;
  const out = new Float32Array(values.length);
  for (let place = 0; place < places; place++)
    for (let c = 0; c < channels; c++) {
      const row = values.subarray((place * channels + c) * units, (place * channels + c + 1) * units);
      out.set(row, (c * places + place) * units);
    }
  return out;
}
