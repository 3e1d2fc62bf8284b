import { useEffect, useState } from 'react';
import type { SessionState } from '../../../core/contract/session.ts';

/**
 * Whole seconds until main takes another passphrase, rounded up; counts down by itself.
 * @param session as main said last; each new one starts the count again, be its number the same.
 */
export function useCountdown(session: Pick<SessionState, 'retryAfterMs'>): number {
  const [left, setLeft] = useState(() => Math.ceil(session.retryAfterMs / 1000));
  useEffect(() => {
    const end = performance.now() + session.retryAfterMs;
    const show = (): void => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    show();
    if (session.retryAfterMs <= 0) return;
    const timer = setInterval(show, 250);
    return () => clearInterval(timer);
  }, [session]);
  return left;
}
