import {
  add,
  concat,
  matMul,
  reshape,
  slice,
  square,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { type PinpointShape, pinpointParameters } from '../../core/infer/pinpoint.ts';

/** Values of the network's parameters, by their names. */
type Parameters = ReadonlyMap<string, Tensor>;

function parameter(parameters: Parameters, name: string): Tensor {
  const found = parameters.get(name);
  if (!found) throw new RangeError(`the network lacks "${name}"`);
  return found;
}

/**
 * One convolution over time as a product of matrices: WebAssembly has the gradient of a product, and none of a
 * convolution's filter.
 */
function convolved(signal: Tensor3D, name: string, parameters: Parameters): Tensor3D {
  const kernel = parameter(parameters, `${name}/kernel`);
  const [taps = 1, channels = 1, filters = 1] = kernel.shape;
  const [batch, steps] = signal.shape;
  const positions = steps - taps + 1;
  const columns = concat(
    Array.from({ length: taps }, (_, tap) => slice(signal, [0, tap, 0], [batch, positions, channels])),
    2,
  );
  const product = matMul(
    reshape(columns, [batch * positions, taps * channels]) as Tensor2D,
    reshape(kernel, [taps * channels, filters]) as Tensor2D,
  );
  return reshape(add(product, parameter(parameters, `${name}/bias`)), [batch, positions, filters]);
}

/** Forecasts of a batch of scaled windows, scaled. */
export function forecastBatch(shape: PinpointShape, parameters: Parameters, windows: Tensor2D): Tensor2D {
  return tidy(() => {
    const batch = windows.shape[0];
    let signal = reshape(windows, [batch, shape.input, 1]) as Tensor3D;
    shape.convolutions.forEach((_, i) => {
      signal = square(convolved(signal, `conv${i + 1}`, parameters));
    });
    let flat = reshape(transpose(signal, [0, 2, 1]), [batch, -1]) as Tensor2D;
    for (const { name } of pinpointParameters(shape).filter((one) => /^dense\d+\/kernel$/.test(one.name))) {
      const bias = parameter(parameters, name.replace('kernel', 'bias'));
      flat = add(matMul(flat, parameter(parameters, name) as Tensor2D), bias);
    }
    return flat;
  });
}
