import type { FromCompute, ToCompute } from '../../core/contract/compute.ts';
import { inferError } from '../../core/infer/errors.ts';
import { type TensorFlowBackEnd, TensorFlowNetwork } from '../../models/networks/tfjs-network.ts';

export interface ComputeParts {
  readonly backEnd: TensorFlowBackEnd;
  /** How many tensors there are. */
  tensors(): number;
  post(message: FromCompute): void;
}

/** The compute window without its window: takes the engine's calls, one after the other, and answers each. */
export class ComputeService {
  readonly #parts: ComputeParts;
  readonly #networks = new Map<number, TensorFlowNetwork>();
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: ComputeParts) {
    this.#parts = parts;
  }

  /** One message of the engine. */
  receive(message: ToCompute): void {
    this.#turn = this.#turn.then(() => this.#answered(message)).then((answer) => this.#parts.post(answer));
  }

  /** Frees every network: the engine is gone. */
  end(): void {
    for (const network of this.#networks.values()) network.dispose();
    this.#networks.clear();
  }

  async #answered(message: ToCompute): Promise<FromCompute> {
    const { call } = message;
    try {
      return await this.#done(message);
    } catch {
      // What the library says of it helps nobody on the other side, and could quote a picture.
      return { type: 'failed', call };
    }
  }

  async #done(message: ToCompute): Promise<FromCompute> {
    const { call } = message;
    switch (message.type) {
      case 'open':
        this.#networks.set(
          call,
          await TensorFlowNetwork.open(this.#parts.backEnd, message.architecture, message.weights),
        );
        return { type: 'opened', call };
      case 'run':
        return { type: 'ran', call, logits: await this.#network(message.network).run(message.inputs) };
      case 'close':
        this.#network(message.network).dispose();
        this.#networks.delete(message.network);
        return { type: 'closed', call, tensors: this.#parts.tensors() };
    }
  }

  #network(call: number): TensorFlowNetwork {
    const network = this.#networks.get(call);
    if (network === undefined) throw inferError('infer/back-end', 'the model was closed; open it again');
    return network;
  }
}
