import type { SlotList } from '../../../core/contract/keys.ts';
import { call, codeOf, UiError } from '../../bridge/bridge.ts';
import { createState } from '../../state/stores.ts';

interface KeysStore {
  /** Null until main has answered once. */
  list: SlotList | null;
  /** Code of what kept main from answering, or null. */
  problem: string | null;
}

/** The ways into the vault. No secret is in it, and nothing of a patient. */
export const useKeys = createState<KeysStore>(() => ({ list: null, problem: null }), {
  list: 'screen',
  problem: 'screen',
});

/** Asks main again. */
export async function refreshKeys(): Promise<void> {
  try {
    useKeys.setState({ list: await call('keys.list', {}), problem: null });
  } catch (error) {
    useKeys.setState({ problem: codeOf(error) });
  }
}

/** A failure as the window words it. */
export function asUiError(error: unknown): UiError {
  return error instanceof UiError ? error : new UiError('ipc/unexpected');
}
