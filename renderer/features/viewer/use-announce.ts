import { useEffect } from 'react';
import { useStore } from 'zustand';
import { announce } from '../../state/status.ts';
import type { ReadingSession } from './session.ts';

/** A reader who leafs through isn't told every image: the one where they stop, after this many milliseconds. */
const PAUSE = 500;

/** Tells a screen reader which image is on screen in the active viewport. */
export function useAnnounce(session: ReadingSession): void {
  const active = useStore(session.store, (state) => state.active);
  const cells = useStore(session.store, (state) => state.cells);
  useEffect(() => {
    const view = session.view(active);
    if (view === null || cells[active] === null) return;
    let timer = 0;
    const stop = view.changed.on(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => announce(view.element.parentElement?.getAttribute('aria-label') ?? ''), PAUSE);
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [session, active, cells]);
}
