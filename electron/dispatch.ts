import {
  dropOperation,
  type EventName,
  type EventPayload,
  events,
  type MainOperationName,
  operations,
} from '../core/contract/operations.ts';
import { patientOperations } from '../core/contract/patient.ts';
import { VitrineError } from '../core/errors.ts';
import { answering, type Checked, type Dispatch, type DispatchHooks } from './answer.ts';
import type { Handlers } from './handlers/context.ts';

export interface MainHooks extends DispatchHooks {
  /** Whether a vault is open, whose process answers what says something of a patient. */
  isUnlocked(): boolean;
}

/**
 * What main answers its windows: every operation but those of a patient's data, which go from page to vault process by
 * a port. Of those it says only whether there is such a port to wait for.
 * @param drop turns the paths that the preload resolved into a source handle.
 */
export function createDispatch(
  handlers: Handlers,
  drop: (paths: readonly string[]) => string,
  hooks: MainHooks,
): Dispatch {
  const table = new Map<string, Checked>();
  for (const name of Object.keys(handlers) as MainOperationName[])
    if (Object.hasOwn(operations, name)) table.set(name, { ...operations[name], handle: handlers[name] });
  const handleDrop = async ({ paths }: { paths: readonly string[] }) => ({ source: drop(paths) });
  table.set(dropOperation.channel, { ...dropOperation, handle: handleDrop });
  const answer = answering(table, {
    ...hooks,
    // The preload's own channel only makes a handle of dropped files; what is done with it is an operation.
    permit: (operation) => operation === dropOperation.channel || hooks.permit(operation),
  });
  return async (channel, request) => {
    if (!Object.hasOwn(patientOperations, channel)) return answer(channel, request);
    try {
      hooks.permit(channel);
      if (!hooks.isUnlocked()) throw new VitrineError('vault/locked', 'the vault is locked');
      return { ok: true, value: null };
    } catch (error) {
      const known = error instanceof VitrineError ? error : new VitrineError('ipc/unexpected', 'not permitted');
      return { ok: false, error: { code: known.code, details: { ...known.details } } };
    }
  };
}

/** The payload as it may leave for a window. @throws VitrineError ipc/bad-response when it isn't what the contract says */
export function checkedEvent<Name extends EventName>(name: Name, payload: EventPayload<Name>): EventPayload<Name> {
  const checked = events[name].safeParse(payload);
  if (!checked.success) throw new VitrineError('ipc/bad-response', 'an event breaks the contract');
  return checked.data as EventPayload<Name>;
}
