/**
 * The page of the compute window: TensorFlow.js on WebGPU and nothing else. Nobody sees it; it has a scheme of its own under
 * which main answers no operation, a policy without any connection, and one port, to the engine process.
 */
import { type WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';
import { backend, memory, setBackend } from '@tensorflow/tfjs-core';
import type { COMPUTE_MESSAGE, FromCompute } from '../../core/contract/compute.ts';
import { ComputeService } from './service.ts';

/** The contract's constant; importing the value would bring its schemas along, which nobody checks here. */
const MESSAGE: typeof COMPUTE_MESSAGE = 'vitrine:compute-port';

/** The device that TensorFlow.js computes on; null where the machine has no adapter or gives no device. */
async function device(): Promise<GPUDevice | null> {
  try {
    // The library itself takes for granted that there is an adapter.
    if (!webgpu_util.isWebGPUSupported() || (await navigator.gpu.requestAdapter()) === null) return null;
    return (await setBackend('webgpu')) ? (backend() as WebGPUBackend).device : null;
  } catch {
    return null;
  }
}

async function serve(port: MessagePort): Promise<void> {
  const post = (message: FromCompute): void => port.postMessage(message);
  const found = await device();
  if (found === null) return post({ type: 'ready', adapter: false });
  void found.lost.then(() => post({ type: 'lost' }));
  const service = new ComputeService({
    backEnd: { id: 'tfjs-webgpu', run: async (work) => work() },
    tensors: () => memory().numTensors,
    post,
  });
  port.addEventListener('message', ({ data }) => service.receive(data));
  port.addEventListener('close', () => service.end());
  port.start();
  post({ type: 'ready', adapter: true });
}

addEventListener('message', ({ source, data, ports: [port] }) => {
  if (source === window && data === MESSAGE && port !== undefined) void serve(port);
});
