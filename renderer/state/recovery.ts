import { call } from '../bridge/bridge.ts';
import { takeSession } from './session.ts';
import { createState } from './stores.ts';

interface RecoveryStore {
  /** Groups of the code while they are shown. Never anywhere but here and on the screen. */
  code: readonly string[] | null;
  /** A code is on its way. */
  making: boolean;
  /** The code replaces one that nobody confirmed. */
  renewed: boolean;
}

export const useRecovery = createState<RecoveryStore>(() => ({ code: null, making: false, renewed: false }), {
  code: 'patient',
  making: 'screen',
  renewed: 'screen',
});

/** Creates the vault and keeps the code for the recovery screen. @throws UiError, see `session.create` */
export async function createVault(request: { name: string; passphrase: string; useKeychain: boolean }): Promise<void> {
  // Set before main says "unlocked": the recovery screen must wait for this code and not ask for another.
  useRecovery.setState({ making: true, renewed: false });
  try {
    const { recoveryCode } = await call('session.create', request);
    useRecovery.setState({ code: recoveryCode });
    takeSession(await call('session.state', {}));
  } finally {
    useRecovery.setState({ making: false });
  }
}

/** Asks for a new code where there is none to show: the app ended before the last one was confirmed. @throws UiError */
export async function renewRecovery(): Promise<void> {
  const { code, making } = useRecovery.getState();
  if (code !== null || making) return;
  useRecovery.setState({ making: true, renewed: true });
  try {
    const { recoveryCode } = await call('session.renewRecovery', {});
    useRecovery.setState({ code: recoveryCode });
  } finally {
    useRecovery.setState({ making: false });
  }
}

/**
 * Keeps the code that `make` gets from main for the recovery screen, which comes as soon as the code is in force.
 * @param make answers null where the vault has no recovery code
 * @throws UiError, what `make` throws
 */
export async function takeNewCode(make: () => Promise<readonly string[] | null>): Promise<void> {
  // Set before main says that a code waits to be confirmed: the screen must wait for this one and not ask for another.
  useRecovery.setState({ making: true, renewed: false });
  try {
    useRecovery.setState({ code: await make() });
  } finally {
    useRecovery.setState({ making: false });
  }
}

/** Tells main what was typed for a group. @returns whether it was right; the code is then forgotten here. @throws UiError */
export async function confirmRecovery(group: number, typed: string): Promise<boolean> {
  const { confirmed } = await call('session.confirmRecovery', { group, text: typed });
  if (confirmed) {
    useRecovery.setState({ code: null });
    takeSession(await call('session.state', {}));
  }
  return confirmed;
}
