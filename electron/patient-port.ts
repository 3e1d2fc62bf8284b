import type { Answer, OperationName } from '../core/contract/operations.ts';
import type { PatientAnswer, PatientRequest } from './vault/operations-port.ts';

/** The part of the page's MessagePort that is used; the room has no DOM types on purpose. */
export interface PagePort {
  postMessage(message: PatientRequest): void;
  onmessage: ((event: { readonly data: PatientAnswer }) => void) | null;
  addEventListener(type: 'close', listener: () => void): void;
  close(): void;
}

type Settle = (answer: Answer<never>) => void;

const LOCKED: Answer<never> = { ok: false, error: { code: 'vault/locked', details: {} } };

/**
 * The preload's end of the port to the vault process: operations on a patient's data go by it and not by main, in whose
 * memory they would lie. Numbers tell the answers apart; a port that ends owes `vault/locked`.
 */
export class PatientPort {
  #port: PagePort | null = null;
  #next = 1;
  readonly #owed = new Map<number, Settle>();
  #waiting: (() => void)[] = [];

  /** Takes the port that main handed over, in place of the last one. */
  attach(port: PagePort): void {
    this.#end();
    this.#port = port;
    port.onmessage = ({ data }) => {
      const settle = this.#owed.get(data.request);
      this.#owed.delete(data.request);
      settle?.(data.answer as Answer<never>);
    };
    port.addEventListener('close', () => {
      if (this.#port === port) this.#end();
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /**
   * Asks the vault process.
   * @param announced asks main whether there is a port to wait for; called only while there is none
   */
  async call(
    operation: OperationName,
    body: unknown,
    announced: () => Promise<Answer<unknown>>,
  ): Promise<Answer<never>> {
    if (this.#port === null) {
      const answer = await announced();
      if (!answer.ok) return answer;
      if (this.#port === null) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const request = this.#next++;
    return new Promise((resolve) => {
      this.#owed.set(request, resolve);
      this.#port?.postMessage({ request, operation, body });
    });
  }

  #end(): void {
    this.#port?.close();
    this.#port = null;
    const owed = [...this.#owed.values()];
    this.#owed.clear();
    for (const settle of owed) settle(LOCKED);
  }
}
