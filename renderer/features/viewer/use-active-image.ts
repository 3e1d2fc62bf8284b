import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isFrameId, parseImageId } from '../../cornerstone/image-id.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { setActiveImage } from '../../state/active-image.ts';
import type { ReadingSession } from './session.ts';

/** Milliseconds of rest after which an image counts as the one that is looked at. */
const REST = 200;

/** The window of a view in stored values. */
function storedWindow(view: StackView): { low: number; high: number } | null {
  const { window } = view.state;
  const scale = view.facts?.scale;
  if (window === null || scale === undefined || scale.table !== null || scale.slope === 0) return null;
  const ends = [window.center - window.width / 2, window.center + window.width / 2].map(
    (value) => (value - scale.intercept) / scale.slope,
  );
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Says which image a viewport shows while it is the active one, for the places that work on one image. */
export function useActiveImageOf(session: ReadingSession, cell: number, view: StackView | null): void {
  const isActive = useStore(session.store, (state) => state.active === cell);
  useEffect(() => {
    if (view === null || !isActive) return;
    let timer = 0;
    const tell = (): void => {
      const { imageId } = view;
      if (imageId === null || !isFrameId(imageId)) return;
      const { objectId, frame } = parseImageId(imageId);
      const label = view.element.parentElement?.getAttribute('aria-label') ?? '';
      const { studyId } = session.studyIn(cell).details.study;
      setActiveImage({ studyId, objectId, frame, label, window: storedWindow(view) });
    };
    const later = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(tell, REST);
    };
    later();
    const stop = view.changed.on(later);
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [session, cell, isActive, view]);
}
