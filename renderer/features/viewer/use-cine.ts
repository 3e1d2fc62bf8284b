import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ReadingSession } from './session.ts';

/** Plays the active stack round and round. A frame that is late is waited for, so that none is skipped unseen. */
export function useCine(session: ReadingSession): void {
  const playing = useStore(session.store, (state) => state.cine.playing);
  const rate = useStore(session.store, (state) => state.cine.rate);
  useEffect(() => {
    if (!playing) return;
    let stopped = false;
    let timer = 0;
    const step = async (): Promise<void> => {
      const began = performance.now();
      const view = session.activeView();
      const count = view?.state.stack?.imageIds.length ?? 0;
      if (view !== null && count > 1) await view.showSlice((view.target + 1) % count);
      if (stopped) return;
      timer = window.setTimeout(() => void step(), Math.max(0, 1000 / rate - (performance.now() - began)));
    };
    void step();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [session, playing, rate]);
}
