import type { ReactNode } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { errorText } from '../../text/errors.ts';
import { ErrorNote } from '../../ui/note.tsx';
import { useView } from './use-view.ts';

/** Why the image isn't shown: what happened, what is kept, what to do, and a code to pass on. No patient text. */
export function ErrorCard({ view }: { readonly view: StackView }): ReactNode {
  const code = useView(view, (state) => state.error);
  const index = useView(view, (state) => state.index + 1);
  const count = useView(view, (state) => state.stack?.imageIds.length ?? 0);
  if (code === null) return null;
  return (
    <div className="viewport-error">
      <ErrorNote code={code} error={errorText(code, { index, count })} />
    </div>
  );
}
