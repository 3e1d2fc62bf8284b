import { id } from '../core/contract/catalogue.ts';
import type { Answer } from '../core/contract/operations.ts';
import { VitrineError } from '../core/errors.ts';

/** Answers one message of a window. Never rejects: what goes wrong becomes a code. */
export type Dispatch = (channel: string, request: unknown) => Promise<Answer<unknown>>;

export interface DispatchHooks {
  /** Every answered operation: the place of the audit log. Of a request it sees the id of the study and nothing else. */
  answered(operation: string, code: string | null, studyId: string | null): void;
  /** Refuses an operation to whoever is signed in. @throws VitrineError users/not-permitted */
  permit(operation: string): void;
  /** An error that is none of ours: logged, and told to the window as `ipc/unexpected`. */
  unexpected(operation: string, error: unknown): void;
}

interface Schema {
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: unknown };
}

/** An operation with its two schemas and what does it. */
export interface Checked {
  readonly request: Schema;
  readonly response: Schema;
  readonly handle: (request: never) => Promise<unknown>;
}

function failed(code: string, details: VitrineError['details'] = {}): Answer<never> {
  return { ok: false, error: { code, details: { ...details } } };
}

/** The study that a request names, if what it names is an id. */
function studyOf(request: unknown): string | null {
  if (typeof request !== 'object' || request === null || !('studyId' in request)) return null;
  const checked = id.safeParse(request.studyId);
  return checked.success ? checked.data : null;
}

/**
 * Makes the one way from a window to a handler: request schema, handler, response schema, error mapping, audit. A thrown
 * VitrineError keeps its code and details; message, stack and cause stay here.
 */
export function answering(table: ReadonlyMap<string, Checked>, hooks: DispatchHooks): Dispatch {
  async function answer(channel: string, raw: unknown): Promise<Answer<unknown>> {
    const operation = table.get(channel);
    if (operation === undefined) return failed('ipc/forbidden');
    const request = operation.request.safeParse(raw);
    if (!request.success) return failed('ipc/bad-request');
    try {
      hooks.permit(channel);
      const value = await operation.handle(request.data as never);
      const response = operation.response.safeParse(value);
      if (response.success) return { ok: true, value: response.data };
      hooks.unexpected(channel, response.error);
      return failed('ipc/bad-response');
    } catch (error) {
      if (error instanceof VitrineError) return failed(error.code, error.details);
      hooks.unexpected(channel, error);
      return failed('ipc/unexpected');
    }
  }

  return async (channel, request) => {
    const result = await answer(channel, request);
    const operation = table.has(channel) ? channel : 'unknown.channel';
    hooks.answered(operation, result.ok ? null : result.error.code, studyOf(request));
    return result;
  };
}
