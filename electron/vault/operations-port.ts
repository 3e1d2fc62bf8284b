import type { Answer } from '../../core/contract/operations.ts';
import type { Dispatch } from '../answer.ts';

/** What a page's preload asks over its port, with a number of its own. */
export interface PatientRequest {
  readonly request: number;
  readonly operation: string;
  readonly body: unknown;
}

export interface PatientAnswer {
  readonly request: number;
  readonly answer: Answer<unknown>;
}

/** The part of a MessagePort (Electron's or Node's) that is used. */
export interface OperationsPort {
  postMessage(message: PatientAnswer): void;
}

function isRequest(message: unknown): message is PatientRequest {
  if (typeof message !== 'object' || message === null) return false;
  const { request, operation } = message as Partial<PatientRequest>;
  return Number.isSafeInteger(request) && typeof operation === 'string';
}

/** Answers one message of a window; one without a number can't be answered and is dropped. */
export async function answerOperation(port: OperationsPort, desk: Dispatch, message: unknown): Promise<void> {
  if (!isRequest(message)) return;
  port.postMessage({ request: message.request, answer: await desk(message.operation, message.body) });
}
