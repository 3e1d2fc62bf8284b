import type { AppInfo, SessionState } from '../../core/contract/session.ts';
import { call, codeOf, listen } from '../bridge/bridge.ts';
import { portClient } from '../bridge/vault-port.ts';
import { clearForLock, createState } from './stores.ts';

interface SessionStore {
  /** Null until main has answered once. */
  session: SessionState | null;
  info: AppInfo | null;
  /** Code of what kept main from answering at start, or null. */
  problem: string | null;
  /** The try with the keychain that a start makes by itself: running, over, or the code with which it failed. */
  keychainTry: 'running' | 'over' | { readonly code: string };
  /** This page was emptied for a lock, and main is about to replace it. */
  isReplaced: boolean;
  /** Nobody is there, and the lock waits for work until then (ISO 8601) at the latest; null: it doesn't wait. */
  lockWaits: string | null;
}

/** What main says about vault and keys. Nothing of a patient is in it. */
export const useSession = createState<SessionStore>(
  () => ({ session: null, info: null, problem: null, keychainTry: 'over', isReplaced: false, lockWaits: null }),
  {
    session: 'session',
    keychainTry: 'session',
    info: 'session',
    problem: 'session',
    isReplaced: 'session',
    lockWaits: 'screen',
  },
);

/** Milliseconds in which main replaces a page that was emptied. One that is still there then takes the passphrase itself. */
const REPLACED_WITHIN = 5000;

/** Resolves after the next frame is on screen; a hidden window paints none, so 100 ms are enough there. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}

/** Takes a new state of main over. Whatever isn't unlocked empties the window first, then tells main that it is empty. */
export function takeSession(session: SessionState): void {
  const was = useSession.getState().session?.state;
  if (session.state !== 'unlocked' && was === 'unlocked') {
    portClient.close();
    useSession.setState({ session, isReplaced: true });
    setTimeout(() => useSession.setState({ isReplaced: false }), REPLACED_WITHIN);
    clearForLock();
    void painted()
      .then(() => call('session.cleared', {}))
      .catch(() => undefined);
    return;
  }
  useSession.setState(session.state === 'unlocked' ? { session, keychainTry: 'over', isReplaced: false } : { session });
}

/** Asks for the facts of the application again (free space changes). */
export async function refreshInfo(): Promise<void> {
  const info = await call('app.info', {}).catch(() => null);
  if (info !== null) useSession.setState({ info });
}

/** A vault whose keychain entry is right opens at start without being asked; after a lock in this run never again. */
async function tryKeychain({ state, keychain, lockedAt, problem, accounts }: SessionState): Promise<void> {
  // Where several people use the vault, nobody comes in without saying who he is.
  if (state !== 'locked' || keychain !== 'ok' || lockedAt !== null || problem !== null || accounts.length > 0) return;
  useSession.setState({ keychainTry: 'running' });
  try {
    takeSession(await call('session.unlock', { with: 'keychain' }));
  } catch (error) {
    useSession.setState({ keychainTry: { code: codeOf(error) } });
    await call('session.state', {}).then(takeSession, () => undefined);
  }
}

/** Asks main once, opens the vault where the keychain can, and listens from then on. */
export async function followSession(): Promise<void> {
  listen('session.changed', takeSession);
  listen('lock.waits', ({ until }) => useSession.setState({ lockWaits: until }));
  try {
    const session = await call('session.state', {});
    takeSession(session);
    void tryKeychain(session);
  } catch {
    useSession.setState({ problem: 'ipc/unexpected' });
  }
}

/**
 * Locks: the window is emptied at once, then main is asked. Main's own `session.changed` may come first or last, both
 * end the same.
 */
export async function lock(): Promise<void> {
  const { session } = useSession.getState();
  if (session?.state !== 'unlocked') return;
  takeSession({ ...session, state: 'locked', lockedAt: new Date().toISOString() });
  // A lock that failed must not look like one: then what main says counts, unlocked included.
  takeSession(await call('session.lock', {}).catch(() => call('session.state', {})));
}
