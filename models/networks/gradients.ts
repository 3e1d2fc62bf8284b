let registered: Promise<unknown> | null = null;

/**
 * Registers the gradients of TensorFlow.js' operations: under Node the core package has them only through the layers package.
 * Inference alone doesn't wait for them.
 */
export async function loadGradients(): Promise<void> {
  registered ??= import('@tensorflow/tfjs-layers');
  await registered;
}
