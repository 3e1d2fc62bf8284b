import { type FromCompute, fromCompute, type ToCompute } from '../../core/contract/compute.ts';
import type { VitrineError } from '../../core/errors.ts';
import type { Architecture, Weights } from '../../core/infer/architecture.ts';
import { type InferCode, inferError } from '../../core/infer/errors.ts';
import type { LoadedNetwork } from '../../core/infer/model.ts';

/** What is used of a MessagePort. */
export interface ComputePort {
  postMessage(message: ToCompute): void;
  close(): void;
}

interface Waiting {
  readonly told: (answer: FromCompute) => void;
  readonly fail: (error: VitrineError<InferCode>) => void;
}

/** A call without the number that `#ask` gives it. */
type Asked = { [Type in ToCompute['type']]: Omit<Extract<ToCompute, { type: Type }>, 'call'> }[ToCompute['type']];

function lost(): VitrineError<InferCode> {
  return inferError(
    'infer/compute-lost',
    'the graphics processor, or the window that computes on it, is gone; run the model again, on another back end',
  );
}

/** The engine's end of the port to the compute window. When the window or its graphics processor is gone, every call fails. */
export class ComputeLink {
  /** Resolves to whether there is an adapter for WebGPU. */
  readonly ready: Promise<boolean>;
  readonly #port: ComputePort;
  readonly #ended: (isLost: boolean) => void;
  readonly #waiting = new Map<number, Waiting>();
  #settle: (adapter: boolean) => void = () => undefined;
  #next = 0;
  #open = 0;
  #isOver = false;

  /** @param ended told once, when the last network was closed or the window is gone: the link is of no use any more */
  constructor(port: ComputePort, ended: (isLost: boolean) => void) {
    this.#port = port;
    this.#ended = ended;
    this.ready = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** One message of the window. */
  receive(raw: unknown): void {
    const answer = fromCompute.safeParse(raw);
    if (!answer.success || answer.data.type === 'lost') {
      this.lose();
    } else if (answer.data.type === 'ready') {
      this.#settle(answer.data.adapter);
      if (!answer.data.adapter) this.#end(false);
    } else {
      this.#waiting.get(answer.data.call)?.told(answer.data);
      this.#waiting.delete(answer.data.call);
    }
  }

  /** The window is gone. */
  lose(): void {
    this.#settle(false);
    this.#end(true);
  }

  /** Opens a network in the window. @throws VitrineError infer/back-end, infer/compute-lost */
  async open(architecture: Architecture, weights: Weights): Promise<LoadedNetwork> {
    this.#open += 1;
    const { call: network } = await this.#ask({ type: 'open', architecture, weights }, 'opened').catch((error) => {
      this.#closed();
      throw error;
    });
    let isOpen = true;
    return {
      backEnd: 'tfjs-webgpu',
      run: async (inputs) => {
        if (!isOpen) throw inferError('infer/back-end', 'the model was closed; open it again');
        return (await this.#ask({ type: 'run', network, inputs }, 'ran')).logits;
      },
      dispose: () => {
        if (!isOpen) return;
        isOpen = false;
        const closing = this.#ask({ type: 'close', network }, 'closed');
        void closing.catch(() => undefined).then(() => this.#closed());
      },
    };
  }

  #closed(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#end(false);
  }

  #end(isLost: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const { fail } of this.#waiting.values()) fail(lost());
    this.#waiting.clear();
    this.#port.close();
    this.#ended(isLost);
  }

  async #ask<Type extends 'opened' | 'ran' | 'closed'>(
    asked: Asked,
    type: Type,
  ): Promise<Extract<FromCompute, { type: Type }>> {
    if (this.#isOver) throw lost();
    const call = this.#next++;
    const answer = await new Promise<FromCompute>((told, fail) => {
      this.#waiting.set(call, { told, fail });
      this.#port.postMessage({ ...asked, call });
    });
    if (answer.type !== type) throw inferError('infer/back-end', 'the graphics processor does not run the model');
    return answer as Extract<FromCompute, { type: Type }>;
  }
}
