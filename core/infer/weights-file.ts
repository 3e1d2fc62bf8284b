/**
 * The file of weights: every parameter of the architecture in its order, as little-endian IEEE 754 halves. Halves are exact
 * in single precision, so every back end computes with the same numbers; 11 bits of them are more than such networks use.
 */
import { type Architecture, type Parameter, parametersOf, sizeOf, type Weights, weight } from './architecture.ts';
import { inferError } from './errors.ts';

const EXPONENT_BIAS = 15;
const MANTISSA = 1024;

/** Nearest half of `value` as its 16 bits, ties to even; beyond the range it becomes an infinity. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.max(size, Number.MIN_VALUE))));
  const units = roundToEven((size / 2 ** exponent) * MANTISSA);
  // Below 2^-14 there is no hidden bit; a mantissa that was rounded up carries into the exponent by itself.
  return sign | (units < MANTISSA ? units : ((exponent + EXPONENT_BIAS) << 10) + units - MANTISSA);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** Number of a half. */
export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (MANTISSA + mantissa) * 2 ** (exponent - EXPONENT_BIAS - 10);
}

/** Writes the file of an architecture. @throws VitrineError infer/weights-not-finite, infer/weights-shape */
export function writeWeights(architecture: Architecture, weights: Weights): Uint8Array {
  return writeParameters(parametersOf(architecture), weights);
}

/** Writes the file of any network's parameters. @throws VitrineError infer/weights-not-finite, infer/weights-shape */
export function writeParameters(parameters: readonly Parameter[], weights: Weights): Uint8Array {
  const bytes = new Uint8Array(2 * parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { name, shape } of parameters) {
    const values = weight(weights, name);
    if (values.length !== sizeOf(shape)) throw inferError('infer/weights-shape', `"${name}" has another size`);
    for (const value of values) {
      view.setUint16(at, halfBits(value), true);
      at += 2;
    }
  }
  readParameters(parameters, bytes);
  return bytes;
}

/** Reads the file. @throws VitrineError infer/weights-shape for another length, infer/weights-not-finite */
export function readWeights(architecture: Architecture, bytes: Uint8Array): Weights {
  return readParameters(parametersOf(architecture), bytes);
}

/** Reads the file of any network's parameters. @throws VitrineError as `readWeights` */
export function readParameters(parameters: readonly Parameter[], bytes: Uint8Array): Weights {
  const count = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (bytes.length !== 2 * count)
    throw inferError(
      'infer/weights-shape',
      'the weights are of another network than the manifest names; install the model again',
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, shape } of parameters) {
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++, at += 2) values[i] = fromHalfBits(view.getUint16(at, true));
    if (!values.every(Number.isFinite))
      throw inferError(
        'infer/weights-not-finite',
        `"${name}" holds a weight that is no finite number; install the model again`,
      );
    weights.set(name, values);
  }
  return weights;
}
