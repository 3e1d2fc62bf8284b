import { useSyncExternalStore } from 'react';
import type { StackView } from './stack-view.ts';

/** The image that a viewport shows; null while it shows none. */
export function useImageId(view: StackView): string | null {
  return useSyncExternalStore(
    (listener) => {
      const stop = [view.changed.on(listener), view.drawn.on(listener)];
      return () => {
        for (const end of stop) end();
      };
    },
    () => (view.state.error === null ? view.imageId : null),
  );
}
