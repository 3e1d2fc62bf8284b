import type { StackView } from '../../cornerstone/stack-view.ts';
import type { Stack } from '../../cornerstone/view-state.ts';

/** Does something once a viewport's picture is of that stack. */
export function whenPainted(view: StackView, stack: Stack, act: (view: StackView) => void): void {
  const stop = view.drawn.on((state) => {
    if (state.stack !== stack) return;
    stop();
    act(view);
  });
}
