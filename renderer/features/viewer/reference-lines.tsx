import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { crossing } from './crossing.ts';
import type { ReadingSession } from './session.ts';

interface LineProps {
  readonly view: StackView;
  /** The view whose slice cuts this one. */
  readonly source: StackView;
}

function ReferenceLine({ view, source }: LineProps): ReactNode {
  const casing = useRef<SVGLineElement>(null);
  const core = useRef<SVGLineElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const line = view.facts === null || source.facts === null ? null : crossing(view.facts.plane, source.facts.plane);
      const from = line === null ? null : view.toCanvas(line[0]);
      const to = line === null ? null : view.toCanvas(line[1]);
      for (const node of [casing.current, core.current]) {
        if (node === null) continue;
        node.style.display = from === null || to === null ? 'none' : '';
        if (from === null || to === null) continue;
        node.setAttribute('x1', String(from[0]));
        node.setAttribute('y1', String(from[1]));
        node.setAttribute('x2', String(to[0]));
        node.setAttribute('y2', String(to[1]));
      }
    };
    const stop = [view.drawn.on(draw), source.drawn.on(draw)];
    draw();
    return () => {
      for (const end of stop) end();
    };
  }, [view, source]);
  return (
    <>
      <line ref={casing} className="reference-casing" />
      <line ref={core} className="reference-core" />
    </>
  );
}

interface Props {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly view: StackView;
}

/**
 * The line in which the active viewport's slice cuts this one; none where the two are parallel or unrelated. Planes of one
 * volume show where each of the others lies.
 */
export function ReferenceLines({ session, cell, view }: Props): ReactNode {
  const isOn = useStore(session.store, (state) => state.references);
  const isPlanes = useStore(session.store, (state) => state.mpr !== null);
  useStore(session.store, (state) => state.attached);
  const active = useStore(session.store, (state) => state.active);
  const count = useStore(session.store, (state) => state.cells.length);
  const cells = isPlanes ? [...Array(count).keys()] : isOn ? [active] : [];
  const sources = cells
    .filter((other) => other !== cell)
    .map((other) => session.view(other))
    .filter((source) => source !== null);
  if (sources.length === 0) return null;
  return (
    <svg className="viewport-reference" aria-hidden="true">
      {sources.map((source) => (
        <ReferenceLine key={source.id} view={view} source={source} />
      ))}
    </svg>
  );
}
