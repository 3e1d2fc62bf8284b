import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import type { Architecture, Weights } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import type { BackEndId, DifferentiableNetwork, LoadedNetwork } from '../../core/infer/model.ts';
import { type TensorFlowBackEnd, TensorFlowNetwork } from '../../models/networks/tfjs-network.ts';
import { startTensorFlowNode } from '../../native/tensorflow/node.ts';
import { startTensorFlowWasm } from '../../native/tensorflow/wasm.ts';
import { computeLink } from './compute.ts';

/** A way to run networks that exists in this process. */
export interface BackEnd {
  readonly id: BackEndId;
  /** @throws VitrineError infer/back-end, infer/weights-shape */
  open(architecture: Architecture, weights: Weights): Promise<LoadedNetwork>;
}

/** A back end of TensorFlow.js; it also has gradients. */
interface DifferentiableBackEnd extends BackEnd {
  open(architecture: Architecture, weights: Weights): Promise<DifferentiableNetwork>;
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * The library has one current back end for the whole process, so networks take turns: whoever's turn it is makes its own the
 * current one and computes without a pause.
 */
function inTurn<Result>(id: BackEndId, name: string, work: () => Result): Promise<Result> {
  const done = turn.then(async () => {
    if (getBackend() !== name && !(await setBackend(name)))
      throw inferError('infer/back-end', `the back end ${id} is gone; start Vitrine again`);
    return work();
  });
  turn = done.catch(() => undefined);
  return done;
}

function tensorFlow(id: BackEndId, name: string): DifferentiableBackEnd {
  const backEnd: TensorFlowBackEnd = { id, run: (work) => inTurn(id, name, work) };
  return { id, open: (architecture, weights) => TensorFlowNetwork.open(backEnd, architecture, weights) };
}

let differentiable: Promise<readonly DifferentiableBackEnd[]> | null = null;

/** TensorFlow.js' back ends of this process, the faster one first. Loaded once; both stay. */
function tensorFlowBackEnds(): Promise<readonly DifferentiableBackEnd[]> {
  differentiable ??= (async () => {
    const found: DifferentiableBackEnd[] = [];
    if (await startTensorFlowNode()) found.push(tensorFlow('tfjs-node', 'tensorflow'));
    if (await startTensorFlowWasm()) found.push(tensorFlow('tfjs-wasm', 'wasm'));
    return found;
  })();
  return differentiable;
}

/** ONNX Runtime, where its add-on loads. */
async function onnx(): Promise<BackEnd | null> {
  try {
    const { openOnnxNetwork } = await import('./onnx-network.ts');
    return { id: 'onnxruntime', open: openOnnxNetwork };
  } catch {
    return null;
  }
}

/** WebGPU, where a compute window can be had and has an adapter. */
async function webGpu(): Promise<BackEnd | null> {
  const link = await computeLink();
  return link === null
    ? null
    : { id: 'tfjs-webgpu', open: (architecture, weights) => link.open(architecture, weights) };
}

const there = <T>(found: T | null | undefined): found is T => found !== null && found !== undefined;

/** Every back end that exists here, WebAssembly last: it is always among them. Starts the compute window. */
export async function backEnds(): Promise<readonly BackEnd[]> {
  return [await onnx(), await webGpu(), ...(await tensorFlowBackEnds())].filter(there);
}

/** One back end, without starting any other; null where it doesn't exist. */
export async function backEndOf(id: BackEndId): Promise<BackEnd | null> {
  if (id === 'onnxruntime') return onnx();
  if (id === 'tfjs-webgpu') return webGpu();
  return (await tensorFlowBackEnds()).find((one) => one.id === id) ?? null;
}

/** The network with gradients, for attacks and class maps. @throws VitrineError infer/back-end */
export async function openDifferentiable(architecture: Architecture, weights: Weights): Promise<DifferentiableNetwork> {
  const [first] = await tensorFlowBackEnds();
  if (!first) throw inferError('infer/back-end', 'TensorFlow.js did not load; install Vitrine again');
  return first.open(architecture, weights);
}
