import { useSyncExternalStore } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { ViewState } from '../../cornerstone/view-state.ts';

/** One fact of a view; renders again when it changes and only then. `select` must answer a plain value. */
export function useView<T extends string | number | boolean | null>(
  view: StackView,
  select: (state: ViewState) => T,
): T {
  return useSyncExternalStore(
    (listener) => view.changed.on(listener),
    () => select(view.state),
  );
}
