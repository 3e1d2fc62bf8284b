import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ReadingSession } from './session.ts';

/** Planes of one volume are read with one window: what is set in the active one is set in all. */
export function usePlanesWindow(session: ReadingSession): void {
  const isPlanes = useStore(session.store, (state) => state.mpr !== null);
  const active = useStore(session.store, (state) => state.active);
  const attached = useStore(session.store, (state) => state.attached);
  useEffect(() => {
    const source = session.view(active);
    if (!isPlanes || source === null || attached === 0) return;
    return source.drawn.on(({ window, inverted }) => {
      for (const [cell, view] of session.views()) {
        if (cell === active || view.told.stack === null) continue;
        const own = view.told;
        if (own.inverted !== inverted) view.window.invert();
        if (window !== null && (own.window?.center !== window.center || own.window.width !== window.width))
          view.window.set(window);
      }
    });
  }, [session, isPlanes, active, attached]);
}
