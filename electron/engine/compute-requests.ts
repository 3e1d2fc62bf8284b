import type { ComputePortSource, ComputeSource } from '../infer/compute.ts';

/** What the engine process asks main for, beside what it says of its tasks: a compute window, or that it may go. */
export interface ComputeRequest {
  readonly type: 'compute';
  readonly wanted: boolean;
}

export function isComputeRequest(message: unknown): message is ComputeRequest {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'compute';
}

/** Compute windows as the engine process gets them: asked of main, which answers with a port or with none. */
export class ComputeRequests implements ComputeSource {
  readonly #post: (request: ComputeRequest) => void;
  #answer: (port: ComputePortSource | null) => void = () => undefined;

  constructor(post: (request: ComputeRequest) => void) {
    this.#post = post;
  }

  start(): Promise<ComputePortSource | null> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#post({ type: 'compute', wanted: true });
    });
  }

  end(): void {
    this.#post({ type: 'compute', wanted: false });
  }

  /** Main's answer. */
  answered(port: ComputePortSource | null): void {
    this.#answer(port);
  }
}
