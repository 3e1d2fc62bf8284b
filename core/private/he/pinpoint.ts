/**
 * Falcetta's PINPOINT [116]: a temporal convolutional network with squares for activations, so that it can be computed
 * under BFV. Both topologies, in floating point, and in the exact integers that the encrypted circuit computes.
 * The dense layers have no activation between them: they are folded into one matrix, which is the same function.
 */
import { z } from 'zod';
import { type Weights, weight } from '../../infer/architecture.ts';
import { PINPOINT_SHAPES, pinpointParameters } from '../../infer/pinpoint.ts';
import { privateError } from '../errors.ts';

export const topology = z.enum(['1conv', '2conv']);
export type Topology = z.infer<typeof topology>;

const numbers = z.array(z.number()).min(1).max(4096);
const layer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conv1d'), weight: z.array(z.array(numbers)).min(1).max(64), bias: numbers }),
  z.object({ type: z.literal('square') }),
  z.object({ type: z.literal('flatten') }),
  z.object({ type: z.literal('linear'), weight: z.array(numbers).min(1).max(4096), bias: numbers }),
]);
const weightsFile = z.object({
  topology: z.enum(['1CONV', '2CONV']),
  input: z.int().min(6).max(64),
  horizon: z.int().min(1).max(8),
  layers: z.array(layer).max(16),
});
type Layer = z.infer<typeof layer>;

/** One convolution over time followed by a square. */
export interface Convolution<Weight> {
  /** filter → channel → tap */
  readonly weight: readonly (readonly (readonly Weight[])[])[];
  readonly bias: readonly Weight[];
}

/** A network. `number`: as trained; `bigint`: quantised. */
export interface Network<Weight> {
  readonly topology: Topology;
  readonly input: number;
  readonly horizon: number;
  readonly convolutions: readonly Convolution<Weight>[];
  /** output → filter · positions + position */
  readonly dense: readonly (readonly Weight[])[];
  readonly bias: readonly Weight[];
}
export type FloatNetwork = Network<number>;

/** Binary places kept of inputs, of each convolution's weights and of the folded dense matrix. */
export interface Scales {
  readonly input: number;
  readonly convolutions: readonly number[];
  readonly dense: number;
}

/** The quantised network; exact, so that the encrypted result must equal it bit for bit. */
export interface IntegerNetwork extends Network<bigint> {
  readonly scales: Scales;
  /** Binary places of an output. */
  readonly outputScale: number;
}

function placesOf(which: Topology): number[] {
  return PINPOINT_SHAPES[which].convolutions.map(({ places }) => places);
}

/** Chosen on the authors' weights and series: single forecasts move by 27 cases of some 10,000 at most, the mean error by 0.2. */
const SCALES: Readonly<Record<Topology, Scales>> = {
  '1conv': { input: 10, convolutions: placesOf('1conv'), dense: 14 },
  '2conv': { input: 12, convolutions: placesOf('2conv'), dense: 12 },
};

function refuse(reason: string): never {
  throw privateError('private/weights', reason);
}

function at<Value>(values: readonly Value[], i: number): Value {
  const value = values[i];
  if (value === undefined)
    refuse('the layers of the weights file do not fit together; use the file that training wrote');
  return value;
}

function convolutionsOf(layers: readonly Layer[]): Convolution<number>[] {
  const found = layers.filter((one) => one.type === 'conv1d');
  let channels = 1;
  for (const { weight, bias } of found) {
    const taps = weight[0]?.[0]?.length ?? 0;
    const even = weight.every((filter) => filter.length === channels && filter.every((row) => row.length === taps));
    if (!even || bias.length !== weight.length) refuse('a convolution of the weights file has uneven rows');
    channels = weight.length;
  }
  return found.map(({ weight, bias }) => ({ weight, bias }));
}

interface Dense {
  readonly dense: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** `after` of `before`: one dense layer, since there is no activation between them. */
function composed(before: Dense, after: Dense): Dense {
  const columns = at(before.dense, 0);
  return {
    dense: after.dense.map((row) =>
      columns.map((_, j) => row.reduce((sum, value, k) => sum + value * at(at(before.dense, k), j), 0)),
    ),
    bias: after.dense.map((row, i) =>
      row.reduce((sum, value, k) => sum + value * at(before.bias, k), at(after.bias, i)),
    ),
  };
}

/** All dense layers as one. */
function fold(layers: readonly Layer[], inputs: number): Dense {
  let width = inputs;
  const all = layers
    .filter((one) => one.type === 'linear')
    .map(({ weight, bias }): Dense => {
      if (weight.some((row) => row.length !== width) || bias.length !== weight.length)
        refuse('a dense layer of the weights file does not fit the layer before it');
      width = weight.length;
      return { dense: weight, bias };
    });
  return all.reduce(composed);
}

const ORDER: Readonly<Record<Topology, RegExp>> = {
  '1conv': /^conv1d square flatten( linear)+$/,
  '2conv': /^conv1d square conv1d square flatten( linear)+$/,
};

/**
 * Reads a weights file.
 * @throws VitrineError private/weights
 */
export function readNetwork(json: unknown, wanted: Topology): FloatNetwork {
  const read = weightsFile.safeParse(json);
  if (!read.success) refuse('the file is no PINPOINT weights file, or one of its numbers is missing');
  const { topology: named, ...rest } = read.data;
  if (named.toLowerCase() !== wanted)
    refuse(`the weights are of topology ${named}; give --topology ${named.toLowerCase()}`);
  return assembled(wanted, rest);
}

function assembled(
  wanted: Topology,
  { layers, input, horizon }: Omit<z.infer<typeof weightsFile>, 'topology'>,
): FloatNetwork {
  if (!ORDER[wanted].test(layers.map(({ type }) => type).join(' ')))
    refuse(`the layers of the weights file are not those of topology ${wanted}`);
  const convolutions = convolutionsOf(layers);
  const last = at(convolutions, convolutions.length - 1);
  const { dense, bias } = fold(layers, last.weight.length * positionsAfter(convolutions, input));
  if (dense.length !== horizon) refuse('the last layer of the weights file does not give one number a day');
  return { topology: wanted, input, horizon, convolutions, dense, bias };
}

/**
 * The network of trained parameters (core/infer/pinpoint.ts).
 * @throws VitrineError private/weights, infer/weights-shape
 */
export function networkOf(wanted: Topology, weights: Weights): FloatNetwork {
  const { input, horizon, convolutions } = PINPOINT_SHAPES[wanted];
  const layers: Layer[] = [];
  const kernels = pinpointParameters(PINPOINT_SHAPES[wanted]).filter(({ name }) => name.endsWith('/kernel'));
  for (const { name, shape } of kernels) {
    const [kernel, bias] = [weight(weights, name), [...weight(weights, name.replace('kernel', 'bias'))]];
    const outputs = shape.at(-1) ?? 0;
    if (name.startsWith('conv')) {
      const [taps = 0, channels = 0] = shape;
      const value = (f: number, c: number, tap: number): number =>
        kernel[(tap * channels + c) * outputs + f] ?? Number.NaN;
      layers.push({ type: 'conv1d', weight: cube(outputs, channels, taps, value), bias }, { type: 'square' });
      if (layers.length === 2 * convolutions.length) layers.push({ type: 'flatten' });
    } else {
      const rows = Array.from({ length: outputs }, (_, o) =>
        Array.from(kernel.filter((_value, i) => i % outputs === o)),
      );
      layers.push({ type: 'linear', weight: rows, bias });
    }
  }
  return assembled(wanted, { layers, input, horizon });
}

function cube(a: number, b: number, c: number, value: (i: number, j: number, k: number) => number): number[][][] {
  return Array.from({ length: a }, (_, i) =>
    Array.from({ length: b }, (_none, j) => Array.from({ length: c }, (_nothing, k) => value(i, j, k))),
  );
}

/** Time steps that are left after `convolutions`. */
export function positionsAfter<Weight>(convolutions: readonly Convolution<Weight>[], input: number): number {
  return convolutions.reduce((left, { weight }) => left - at(at(weight, 0), 0).length + 1, input);
}

/** What the two kinds of number have to be able to do. */
interface Arithmetic<Weight> {
  readonly zero: Weight;
  times(a: Weight, b: Weight): Weight;
  plus(a: Weight, b: Weight): Weight;
}

const REAL: Arithmetic<number> = { zero: 0, times: (a, b) => a * b, plus: (a, b) => a + b };
const EXACT: Arithmetic<bigint> = { zero: 0n, times: (a, b) => a * b, plus: (a, b) => a + b };

function run<Weight>(network: Network<Weight>, input: readonly Weight[], { zero, times, plus }: Arithmetic<Weight>) {
  let signal: readonly (readonly Weight[])[] = [input];
  for (const { weight, bias } of network.convolutions) {
    const from = signal;
    const positions = at(from, 0).length - at(at(weight, 0), 0).length + 1;
    signal = weight.map((filter, f) =>
      Array.from({ length: positions }, (_, position) => {
        let sum = at(bias, f);
        filter.forEach((taps, c) => {
          taps.forEach((tap, k) => {
            sum = plus(sum, times(tap, at(at(from, c), position + k)));
          });
        });
        return times(sum, sum);
      }),
    );
  }
  const flat = signal.flat();
  return network.dense.map((row, h) =>
    plus(
      row.reduce((sum, value, i) => plus(sum, times(value, at(flat, i))), zero),
      at(network.bias, h),
    ),
  );
}

/** The forecast in floating point, scaled. @param input scaled */
export function forecastPlain(network: FloatNetwork, input: readonly number[]): number[] {
  return run(network, input, REAL);
}

/** The forecast in exact integers. @param input from `quantiseInput` */
export function forecastExact(network: IntegerNetwork, input: readonly bigint[]): bigint[] {
  return run(network, input, EXACT);
}

const places = (value: number, scale: number): bigint => BigInt(Math.round(value * 2 ** scale));

/** Biases carry the scale of what they are added to; those beyond 2^53 are shifted as integers. */
function placesOfBias(value: number, scale: number): bigint {
  const kept = Math.min(scale, 40);
  return places(value, kept) << BigInt(scale - kept);
}

/** Rounds a network to integers. */
export function quantise(network: FloatNetwork, scales: Scales = SCALES[network.topology]): IntegerNetwork {
  let scale = scales.input;
  const convolutions = network.convolutions.map(({ weight, bias }, i) => {
    const own = at(scales.convolutions, i);
    const sum = scale + own;
    scale = 2 * sum;
    return {
      weight: weight.map((filter) => filter.map((taps) => taps.map((value) => places(value, own)))),
      bias: bias.map((value) => placesOfBias(value, sum)),
    };
  });
  const outputScale = scale + scales.dense;
  return {
    ...network,
    convolutions,
    dense: network.dense.map((row) => row.map((value) => places(value, scales.dense))),
    bias: network.bias.map((value) => placesOfBias(value, outputScale)),
    scales,
    outputScale,
  };
}

/** Scaled inputs beyond this are refused: an eighth of the range above its end. */
export const INPUT_BOUND = 1.25;

/** @throws VitrineError private/range */
export function quantiseInput({ scales }: Pick<IntegerNetwork, 'scales'>, input: readonly number[]): bigint[] {
  if (input.some((value) => !(Math.abs(value) <= INPUT_BOUND)))
    throw privateError(
      'private/range',
      'a value of the series lies more than an eighth outside the range of the days before the test days; forecast fewer test days',
    );
  return input.map((value) => places(value, scales.input));
}

/** An exact output as a scaled number. */
export function dequantise({ outputScale }: Pick<IntegerNetwork, 'outputScale'>, output: bigint): number {
  return Number(output) / 2 ** outputScale;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** No output of an admitted input is larger than this, in either direction. */
export function outputBound(network: IntegerNetwork): bigint {
  let bounds = [places(INPUT_BOUND, network.scales.input)];
  for (const { weight, bias } of network.convolutions) {
    const before = bounds;
    bounds = weight.map((filter, f) => {
      const sum = filter.reduce(
        (all, taps, c) => taps.reduce((part, tap) => part + magnitude(tap) * at(before, c), all),
        magnitude(at(bias, f)),
      );
      return sum * sum;
    });
  }
  const positions = positionsAfter(network.convolutions, network.input);
  const outputs = network.dense.map((row, h) =>
    row.reduce(
      (sum, value, i) => sum + magnitude(value) * at(bounds, Math.floor(i / positions)),
      magnitude(at(network.bias, h)),
    ),
  );
  return outputs.sort((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
}
