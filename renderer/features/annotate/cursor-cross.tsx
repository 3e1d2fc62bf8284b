import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { formatValue } from '../../cornerstone/units.ts';
import { useText } from '../../text/text.ts';
import type { KeyCursor, KeyDrawing } from './key-drawing.ts';

const ARM = 12;
const HOLE = 3;

/** Four arms round the pixel, so that the pixel itself stays seen. */
function crossPath(x: number, y: number): string {
  return [
    `M${x - ARM} ${y}H${x - HOLE}`,
    `M${x + HOLE} ${y}H${x + ARM}`,
    `M${x} ${y - ARM}V${y - HOLE}`,
    `M${x} ${y + HOLE}V${y + ARM}`,
  ].join('');
}

function pathOf(cursor: KeyCursor, view: StackView): string {
  const at = view.toCanvas(cursor.at);
  if (at === null) return '';
  const corners = [...cursor.points, cursor.at].map((point) => view.toCanvas(point)).filter((point) => point !== null);
  const line = cursor.points.length === 0 ? '' : `M${corners.map((point) => point.join(' ')).join('L')}`;
  return crossPath(at[0], at[1]) + line;
}

/** The pixel cursor of drawing by keys, with the value that it stands on. */
export function CursorCross({ view, keys }: { readonly view: StackView; readonly keys: KeyDrawing }): ReactNode {
  const t = useText();
  const [cursor, setCursor] = useState<KeyCursor | null>(keys.cursor);
  const casing = useRef<SVGPathElement>(null);
  const core = useRef<SVGPathElement>(null);
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => keys.moved.on(setCursor), [keys]);
  const own = cursor?.view === view ? cursor : null;
  useEffect(() => {
    if (own === null) return;
    const draw = (): void => {
      const path = pathOf(own, view);
      casing.current?.setAttribute('d', path);
      core.current?.setAttribute('d', path);
      const at = view.toCanvas(own.at);
      if (at !== null && words.current !== null)
        words.current.style.transform = `translate(${at[0] + 14}px, ${at[1] + 14}px)`;
    };
    draw();
    return view.drawn.on(draw);
  }, [own, view]);
  if (own === null) return null;
  const canvas = view.toCanvas(own.at);
  const under = canvas === null ? null : view.valueUnder(canvas);
  const value = under === null ? '' : formatValue(under.value, view.facts?.unit ?? '1');
  return (
    <div className="cursor" data-cursor={`${own.at[0]},${own.at[1]}`}>
      <svg aria-hidden="true">
        <path ref={casing} className="cursor-casing" />
        <path ref={core} className="cursor-core" />
      </svg>
      <div ref={words} className="mark-label" role="status">
        {t('annotate.cursor', { column: own.at[0], row: own.at[1], value })}
      </div>
    </div>
  );
}
