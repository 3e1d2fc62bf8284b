import type { PORT_MESSAGE, PortAnswer, PortRequest } from '../../core/contract/port.ts';
import { UiError } from './bridge.ts';

/** The contract's constant; its type is the literal, so the two can't drift. Importing the value would bring zod along. */
const MESSAGE: typeof PORT_MESSAGE = 'vitrine:vault-port';

/** Requests that lie with the vault process at once. More only queue there, where they can't be reordered or dropped. */
const IN_FLIGHT = 6;

/** A frame as it is stored: encoded bytes and the transfer syntax that says how. */
export interface EncodedFrame {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
}

export interface PortOptions {
  /** Aborts while the request is queued, or drops its answer. Rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Higher goes first; equal ones in order of arrival. Default 0. */
  readonly priority?: number;
}

type Body =
  | Omit<Extract<PortRequest, { kind: 'frame' }>, 'request'>
  | Omit<Extract<PortRequest, { kind: 'headers' }>, 'request'>;

interface Job {
  readonly body: Body;
  readonly priority: number;
  readonly settle: (answer: PortAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Client of the port between this window and the vault process. Several requests are in flight, told apart by number;
 * those that wait are ordered by priority. Requests made before the port arrives wait for it; a port that is replaced
 * or closed (lock) fails whatever it still owed with `vault/locked`.
 */
export class VaultPort {
  #port: MessagePort | null = null;
  #next = 0;
  #queue: Job[] = [];
  readonly #pending = new Map<number, Job>();

  /** Uses `port` from now on. Whatever the last one still owed fails with `vault/locked`; what waited goes to this one. */
  attach(port: MessagePort): void {
    this.#drop();
    this.#port = port;
    port.onmessage = (event: MessageEvent<PortAnswer>) => {
      if (this.#port === port) this.#receive(event.data);
    };
    port.onmessageerror = () => {
      if (this.#port === port) this.close();
    };
    port.addEventListener('close', () => {
      if (this.#port === port) this.close();
    });
    port.start();
    this.#pump();
  }

  /** Ends the port: everything in flight and everything that waits fails with `vault/locked`. */
  close(): void {
    this.#drop();
    const waiting = this.#queue;
    this.#queue = [];
    for (const job of waiting) job.fail(new UiError('vault/locked'));
  }

  /**
   * One encoded frame of an open study.
   * @param frame counted from 1.
   * @throws UiError `vault/…`, `seal/…`; the signal's reason when it aborts.
   */
  requestFrame(handle: string, objectId: string, frame: number, options: PortOptions = {}): Promise<EncodedFrame> {
    return this.#request({ kind: 'frame', handle, objectId, frame }, options, (answer) =>
      answer.kind === 'frame' ? { transferSyntaxUid: answer.transferSyntaxUid, bytes: answer.bytes } : null,
    );
  }

  /**
   * DICOM JSON text of each object, in the order asked; null for one that can't be opened. At most 4096 objects.
   * @throws UiError `vault/…`; the signal's reason when it aborts.
   */
  requestHeaders(
    handle: string,
    objectIds: readonly string[],
    options: PortOptions = {},
  ): Promise<readonly (string | null)[]> {
    return this.#request({ kind: 'headers', handle, objectIds: [...objectIds] }, options, (answer) =>
      answer.kind === 'headers' ? answer.headers : null,
    );
  }

  #request<T>(body: Body, options: PortOptions, read: (answer: PortAnswer) => T | null): Promise<T> {
    const { signal, priority = 0 } = options;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const forget = (): void => {
        this.#queue = this.#queue.filter((other) => other !== job);
        job.fail(signal?.reason);
      };
      const job: Job = {
        body,
        priority,
        settle: (answer) => {
          signal?.removeEventListener('abort', forget);
          if (answer.kind === 'failure') return reject(new UiError(answer.error.code, answer.error.details));
          const value = read(answer);
          if (value === null) return reject(new UiError('ipc/bad-response'));
          resolve(value);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', forget);
          reject(error);
        },
      };
      signal?.addEventListener('abort', forget, { once: true });
      this.#enqueue(job);
    });
  }

  #enqueue(job: Job): void {
    const place = this.#queue.findIndex((other) => other.priority < job.priority);
    this.#queue.splice(place === -1 ? this.#queue.length : place, 0, job);
    this.#pump();
  }

  #pump(): void {
    while (this.#port !== null && this.#pending.size < IN_FLIGHT) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      const request = this.#next++;
      this.#pending.set(request, job);
      this.#port.postMessage({ ...job.body, request } satisfies PortRequest);
    }
  }

  #receive(answer: PortAnswer): void {
    const job = this.#pending.get(answer.request);
    if (job === undefined) return;
    this.#pending.delete(answer.request);
    job.settle(answer);
    this.#pump();
  }

  #drop(): void {
    const old = this.#port;
    this.#port = null;
    if (old !== null) {
      old.onmessage = null;
      old.close();
    }
    const owed = [...this.#pending.values()];
    this.#pending.clear();
    for (const job of owed) job.fail(new UiError('vault/locked'));
  }
}

/** This window's client of the vault's port. */
export const portClient = new VaultPort();

/** Takes the port whenever main hands one over. Called once, before anything else runs. */
export function receivePorts(client: VaultPort = portClient): void {
  window.addEventListener('message', (event) => {
    const port = event.ports[0];
    if (event.source === window && event.data === MESSAGE && port !== undefined) client.attach(port);
  });
}
