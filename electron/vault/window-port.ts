import type { PortAnswer, PortRequest } from '../../core/contract/port.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { toFailure } from './failure.ts';
import type { EncodedFrame } from './study-reader.ts';

/** What a window's port asks of the vault. */
export interface FrameReader {
  frame(handle: string, objectId: string, frame: number): Promise<EncodedFrame>;
  headers(handle: string, objectIds: readonly string[]): Promise<(string | null)[]>;
}

/** The part of a MessagePort (Electron's or Node's) that is used; `data` unpacks Electron's event. */
export interface AnswerPort {
  postMessage(message: PortAnswer): void;
}

/**
 * The schemas come with the first request and not with the process: the study list, which is asked for by main, waits for
 * none of them.
 */
const loadSchemas = () => import('../../core/contract/port.ts');

/** Milliseconds after a window has its port when the schemas are loaded ahead: no first image waits for them. */
const LOAD_AFTER = 1000;

/** Prepares for requests of a window that has just got its port. */
export function expectRequests(): void {
  setTimeout(() => void loadSchemas(), LOAD_AFTER).unref();
}

/**
 * Answers one message of a window: checked against the schema first, since a window is never trusted. A message without
 * a request number can't be answered and is dropped.
 */
export async function answerWindow(port: AnswerPort, reader: FrameReader, message: unknown): Promise<void> {
  const { portRequest } = await loadSchemas();
  const parsed = portRequest.safeParse(message);
  if (!parsed.success) {
    const request = requestNumber(message);
    if (request === null) return;
    const error = toFailure(vaultError('vault/bad-request', 'not a request of the port'));
    port.postMessage({ kind: 'failure', request, error });
    return;
  }
  try {
    await answerTo(parsed.data, reader, port);
  } catch (error) {
    port.postMessage({ kind: 'failure', request: parsed.data.request, error: toFailure(error) });
  }
}

async function answerTo(request: PortRequest, reader: FrameReader, port: AnswerPort): Promise<void> {
  if (request.kind === 'headers') {
    const headers = await reader.headers(request.handle, request.objectIds);
    port.postMessage({ kind: 'headers', request: request.request, headers });
    return;
  }
  const { transferSyntaxUid, bytes, release } = await reader.frame(request.handle, request.objectId, request.frame);
  // A message is a copy from the moment it is posted.
  port.postMessage({ kind: 'frame', request: request.request, transferSyntaxUid, bytes: ownBuffer(bytes) });
  release?.();
}

/** A view is cloned with its whole buffer, neighbours included: only the frame's own bytes may leave. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function requestNumber(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('request' in message)) return null;
  return Number.isSafeInteger(message.request) ? (message.request as number) : null;
}
