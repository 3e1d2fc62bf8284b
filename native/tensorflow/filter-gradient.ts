import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  getKernel,
  matMul,
  pad,
  registerKernel,
  reshape,
  stack,
  stridedSlice,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * The gradient of a convolution by its kernel, which the WebAssembly back end lacks: for each tap the inputs under it, as a
 * matrix of places × channels, times the gradient of the outputs, places × filters. Only kernels that the back end has.
 */
function filterGradient(
  { x, dy }: Readonly<Record<keyof Conv2DBackpropFilterInputs, Tensor>>,
  { strides, pad: padding, dimRoundingMode, filterShape, dataFormat }: Conv2DBackpropFilterAttrs,
): Tensor {
  if (dataFormat !== 'NHWC') throw new RangeError('channels are last here');
  const shape = x.shape as [number, number, number, number];
  const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, padding, dimRoundingMode);
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, inChannels, outChannels } = info;
  const places = shape[0] * outHeight * outWidth;
  return tidy(() => {
    const { top, bottom, left, right } = padInfo;
    const padded = pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const outputs = reshape(dy, [places, outChannels]) as Tensor2D;
    const taps: Tensor[] = [];
    for (let row = 0; row < filterShape[0]; row++)
      for (let column = 0; column < filterShape[1]; column++) {
        const [lastRow, lastColumn] = [
          row + (outHeight - 1) * strideHeight + 1,
          column + (outWidth - 1) * strideWidth + 1,
        ];
        const begin = [0, row, column, 0];
        const end = [shape[0], lastRow, lastColumn, inChannels];
        const under = stridedSlice(padded, begin, end, [1, strideHeight, strideWidth, 1]);
        taps.push(matMul(reshape(under, [places, inChannels]) as Tensor2D, outputs, true, false));
      }
    return reshape(stack(taps), [...filterShape]);
  });
}

/** Registers the gradient for a back end that has none; once. */
export function registerFilterGradient(backendName: string): void {
  if (getKernel(Conv2DBackpropFilter, backendName)) return;
  registerKernel({
    kernelName: Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs as unknown as Record<keyof Conv2DBackpropFilterInputs, Tensor>,
        attrs as unknown as Conv2DBackpropFilterAttrs,
      ),
  });
}
