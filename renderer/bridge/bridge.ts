import type { Bridge } from '../../core/contract/bridge.ts';
import type {
  EventName,
  EventPayload,
  Failure,
  OperationName,
  Request,
  Response,
} from '../../core/contract/operations.ts';

declare global {
  interface Window {
    /** Put there by the preload; the only way out of this page. */
    readonly vitrine: Bridge;
  }
}

/**
 * An operation of the contract that failed. `code` is one of the closed codes (renderer/text words them), `details`
 * are the facts that the wording may need. Never holds patient data.
 */
export class UiError extends Error {
  override readonly name = 'UiError';
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: string, details: Failure['details'] = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The code of anything that was thrown; `ipc/unexpected` for what is no `UiError`. */
export function codeOf(error: unknown): string {
  return error instanceof UiError ? error.code : 'ipc/unexpected';
}

/** True when `error` is a `UiError` with one of `codes`. */
export function isUiError(error: unknown, ...codes: readonly string[]): error is UiError {
  return error instanceof UiError && codes.includes(error.code);
}

/**
 * Calls an operation of the contract.
 * @returns the operation's response.
 * @throws UiError with the operation's code, or `ipc/unexpected` when the bridge itself failed.
 */
export async function call<Name extends OperationName>(name: Name, request: Request<Name>): Promise<Response<Name>> {
  const answer = await window.vitrine.call(name, request).catch(() => {
    throw new UiError('ipc/unexpected', { operation: name });
  });
  if (answer.ok) return answer.value;
  throw new UiError(answer.error.code, answer.error.details);
}

/** Listens to an event of main. @returns the function that stops listening. */
export function listen<Name extends EventName>(
  name: Name,
  listener: (payload: EventPayload<Name>) => void,
): () => void {
  return window.vitrine.on(name, listener);
}

/** Turns files that were dropped on the page into a source for `import.start`; their paths never enter the page. */
export async function registerDrop(files: readonly File[]): Promise<string> {
  const answer = await window.vitrine.registerDrop(files);
  if (answer.ok) return answer.value.source;
  throw new UiError(answer.error.code, answer.error.details);
}
