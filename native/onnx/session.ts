import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A graph that ONNX Runtime has loaded: one input, one output, both of 32-bit floats. */
export interface OnnxSession {
  /** @param shape of the input, the batch first */
  run(inputs: Float32Array, shape: readonly number[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Execution providers of this machine, best first; the processor is always the last. */
function providers(): string[] {
  if (process.platform === 'win32') return ['dml', 'cpu'];
  if (process.platform === 'darwin') return ['coreml', 'cpu'];
  return ['cpu'];
}

/**
 * Loads a graph into ONNX Runtime.
 * @param threads of the processor; 0: as many as it has cores
 * @throws Error where the graph is none, or no provider takes it
 */
export async function openOnnx(graph: Uint8Array, threads = 0): Promise<OnnxSession> {
  const session = await InferenceSession.create(graph, {
    executionProviders: providers(),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const [input, output] = [session.inputNames[0], session.outputNames[0]] as [string, string];
  return {
    run: async (inputs, shape) => {
      const answer = await session.run({ [input]: new Tensor('float32', inputs, [...shape]) });
      return (answer[output] as Tensor).data as Float32Array;
    },
    release: () => session.release(),
  };
}
