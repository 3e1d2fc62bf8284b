import { dispose, grad, mean, mul, relu, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { type Architecture, folded, type Weights } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import type { BackEndId, ClassMap, DifferentiableNetwork } from '../../core/infer/model.ts';
import { loadGradients } from './gradients.ts';
import { batchOf, lastConvolution, type Parameters, runLayers, tensorsOf } from './network.ts';

/** A back end of TensorFlow.js that was loaded: which one, and how to make it the current one. */
export interface TensorFlowBackEnd {
  readonly id: BackEndId;
  /** Runs work on this back end, after what others run; the work takes no pause. */
  run<Result>(work: () => Result): Promise<Result>;
}

/** Most pictures that one pass holds at once; larger batches run in parts. */
const MOST_AT_ONCE = 16;

/** The trained network on a back end of TensorFlow.js, batch normalisation folded. */
export class TensorFlowNetwork implements DifferentiableNetwork {
  readonly backEnd: BackEndId;
  readonly inputSize: number;
  readonly classes: number;
  readonly #on: TensorFlowBackEnd;
  readonly #architecture: Architecture;
  #parameters: Map<string, Tensor> | null;

  private constructor(backEnd: TensorFlowBackEnd, architecture: Architecture, parameters: Map<string, Tensor>) {
    this.backEnd = backEnd.id;
    this.#on = backEnd;
    this.#architecture = architecture;
    this.#parameters = parameters;
    const { rows, columns, channels } = architecture.input;
    this.inputSize = rows * columns * channels;
    this.classes = architecture.classes;
  }

  static async open(
    backEnd: TensorFlowBackEnd,
    architecture: Architecture,
    weights: Weights,
  ): Promise<TensorFlowNetwork> {
    const plain = folded(architecture, weights);
    const parameters = await backEnd.run(() => tensorsOf(plain.architecture, plain.weights));
    return new TensorFlowNetwork(backEnd, plain.architecture, parameters);
  }

  async run(inputs: Float32Array): Promise<Float32Array> {
    const count = inputs.length / this.inputSize;
    const logits = new Float32Array(count * this.classes);
    for (let at = 0; at < count; at += MOST_AT_ONCE) {
      const part = inputs.subarray(at * this.inputSize, (at + MOST_AT_ONCE) * this.inputSize);
      const found = await this.#on.run(() => tidy(() => this.#logits(batchOf(this.#architecture, part))));
      try {
        // A graphics processor gives its numbers only to those who wait.
        logits.set(await found.data(), at * this.classes);
      } finally {
        found.dispose();
      }
    }
    return logits;
  }

  async pullBack(input: Float32Array, cotangent: ArrayLike<number>) {
    await loadGradients();
    return this.#tidily(() => {
      const direction = tensor(Float32Array.from(cotangent), [1, this.classes]);
      let logits: Float32Array | null = null;
      const gradient = grad((x) => {
        const found = this.#logits(x);
        logits = Float32Array.from(found.dataSync());
        return sum(mul(found, direction));
      })(batchOf(this.#architecture, input)).dataSync();
      return { logits: logits as unknown as Float32Array, gradient: Float32Array.from(gradient) };
    });
  }

  async classMap(input: Float32Array, classIndex: number): Promise<ClassMap> {
    if (!(Number.isInteger(classIndex) && classIndex >= 0 && classIndex < this.classes))
      throw inferError('infer/class', `the model has ${this.classes} classes`);
    await loadGradients();
    const { to, shape } = lastConvolution(this.#architecture);
    const [rows, columns] = shape as [number, number];
    return this.#tidily(() => {
      const features = runLayers(this.#architecture, this.#loaded(), batchOf(this.#architecture, input), { to });
      const chosen = tensor(Float32Array.from({ length: this.classes }, (_, i) => (i === classIndex ? 1 : 0)));
      const gradient = grad((x) => sum(mul(runLayers(this.#architecture, this.#loaded(), x, { from: to }), chosen)))(
        features,
      );
      const weights = mean(gradient, [1, 2], true);
      const map = Float32Array.from(relu(sum(mul(features, weights), 3)).dataSync());
      const most = Math.max(...map);
      return { rows, columns, values: map.map((value) => (most > 0 ? value / most : 0)) };
    });
  }

  dispose(): void {
    if (this.#parameters !== null) dispose([...this.#parameters.values()]);
    this.#parameters = null;
  }

  /** Runs on the back end; frees the tensors in between. */
  #tidily<Result>(work: () => Result): Promise<Result> {
    return this.#on.run(() => {
      // `tidy` itself is typed for tensors; plain numbers leave it as they are.
      let result: { readonly value: Result } | null = null;
      tidy(() => {
        result = { value: work() };
      });
      return (result as unknown as { readonly value: Result }).value;
    });
  }

  #loaded(): Parameters {
    if (this.#parameters === null) throw inferError('infer/back-end', 'the model was closed; open it again');
    return this.#parameters;
  }

  #logits(batch: Tensor): Tensor {
    return runLayers(this.#architecture, this.#loaded(), batch);
  }
}
