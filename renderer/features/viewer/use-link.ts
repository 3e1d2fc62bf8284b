import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Stack } from '../../cornerstone/view-state.ts';
import { type Anchor, byOffset, byPosition, follow, placementOf } from './linking.ts';
import type { ReadingSession } from './session.ts';

/**
 * While linked, the other viewports follow the active one: in scrolling by position in space or by the offset that they
 * have, and in zoom and pan.
 */
export function useLink(session: ReadingSession): void {
  const mode = useStore(session.store, (state) => (state.mpr === null ? state.link : 'off'));
  const active = useStore(session.store, (state) => state.active);
  const cells = useStore(session.store, (state) => state.cells);
  useEffect(() => {
    const source = session.view(active);
    if (mode === 'off' || source === null || cells.length < 2) return;
    let last = source.state.index;
    let placed = placementOf(source);
    const anchors = new Map<Stack, Anchor>();
    const scroll = (index: number): void => {
      let offset: number | null = null;
      for (const [place, view] of session.views()) {
        const { stack } = view.state;
        if (place === active || stack === null || stack === source.state.stack) continue;
        const anchor = anchors.get(stack) ?? { from: last, to: view.target };
        anchors.set(stack, anchor);
        const spot = mode === 'position' ? byPosition(source, view) : null;
        const target = spot ?? byOffset(source, view, anchor);
        if (spot === null) offset = Math.min(stack.imageIds.length - 1, Math.max(0, target)) - index;
        void view.showSlice(target);
      }
      session.linkOffset(offset);
    };
    return source.drawn.on(({ index }) => {
      if (index !== last) {
        scroll(index);
        last = index;
      }
      const now = placementOf(source);
      const isNew = now !== null && placed !== null && JSON.stringify(now) !== JSON.stringify(placed);
      if (isNew && placed !== null) {
        for (const [place, view] of session.views())
          if (place !== active && view.state.stack !== null) follow(source, view, placed);
      }
      placed = now;
    });
  }, [session, mode, active, cells]);
}
