import type { ReactNode } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { useText } from '../../text/text.ts';
import { useView } from './use-view.ts';

/**
 * Asks for a place in the stack. It stands where it was put, even while the image is still on its way: it is a control,
 * not a name. The mouse drags it; the keys are the grid's own.
 */
export function SliceSlider({ view }: { readonly view: StackView }): ReactNode {
  const t = useText();
  const index = useView(view, (state) => state.target);
  const count = useView(view, (state) => state.stack?.imageIds.length ?? 0);
  if (count < 2) return null;
  return (
    <input
      className="viewport-slider"
      type="range"
      min={1}
      max={count}
      step={1}
      value={index + 1}
      tabIndex={-1}
      aria-label={t('viewer.slider')}
      onChange={(event) => void view.showSlice(event.target.valueAsNumber - 1)}
    />
  );
}
