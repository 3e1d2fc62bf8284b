import type { Architecture, Weights } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import type { LoadedNetwork } from '../../core/infer/model.ts';
import { exportOnnx } from '../../models/onnx/export.ts';
import { openOnnx } from '../../native/onnx/session.ts';

/** The trained network in ONNX Runtime. @param threads of the processor; 0: as many as it has cores */
export async function openOnnxNetwork(
  architecture: Architecture,
  weights: Weights,
  threads = 0,
): Promise<LoadedNetwork> {
  const { rows, columns, channels } = architecture.input;
  const session = await openOnnx(exportOnnx(architecture, weights), threads);
  let open = true;
  return {
    backEnd: 'onnxruntime',
    run: (inputs) => {
      if (!open) throw inferError('infer/back-end', 'the model was closed; open it again');
      return session.run(inputs, [inputs.length / (rows * columns * channels), rows, columns, channels]);
    },
    dispose: () => {
      if (open) void session.release();
      open = false;
    },
  };
}
