import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { StackView } from '../../cornerstone/stack-view.ts';
import { useSettings } from '../../state/settings.ts';
import { useText } from '../../text/text.ts';
import { Crosshair } from './crosshair.tsx';
import { ErrorCard } from './error-card.tsx';
import { FusionLayer } from './fusion-layer.tsx';
import { OverlayPainter } from './overlay-painter.ts';
import { ReferenceLines } from './reference-lines.tsx';
import type { ReadingSession } from './session.ts';
import { SliceSlider } from './slice-slider.tsx';
import { faultsOf } from './study.ts';
import { useActiveImageOf } from './use-active-image.ts';
import { useMouse } from './use-mouse.ts';
import { useStanding } from './use-standing.ts';
import { describeView } from './view-attributes.ts';
import { type DropAct, useFrame } from './viewport-frame.ts';

interface CellProps {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly single: boolean;
  /** Marks' texts and whatever else other features lay over the image. */
  readonly layer: (view: StackView) => ReactNode;
}

function useStackView(
  session: ReadingSession,
  cell: number,
): [(element: HTMLDivElement | null) => void, StackView | null] {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [view, setView] = useState<StackView | null>(null);
  useEffect(() => {
    if (element === null) return;
    const created = new StackView(element);
    session.attach(cell, created);
    setView(created);
    return () => {
      session.detach(cell);
      setView(null);
      created.destroy();
    };
  }, [element, session, cell]);
  return [setElement, view];
}

/** Paints the overlay whenever the picture, the settings or the pointer change. */
function Overlay({
  session,
  cell,
  view,
  hidden,
}: {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly view: StackView;
  readonly hidden: boolean;
}): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const printing = useStore(session.store, (state) => state.printing);
  const chosen = useSettings((settings) => settings.overlays);
  const mode = printing ? 'full' : chosen;
  const bare = hidden && !printing;
  const standing = useStanding(session, cell);
  useEffect(() => {
    if (root.current === null) return;
    const painter = new OverlayPainter(root.current, (imageId) => faultsOf(session.studyIn(cell), imageId));
    const paint = (): void => painter.paint(view, mode, bare, standing);
    const move = (event: PointerEvent): void => {
      const box = view.element.getBoundingClientRect();
      painter.point([event.clientX - box.left, event.clientY - box.top]);
      paint();
    };
    const leave = (): void => {
      painter.point(null);
      paint();
    };
    const stop = [view.changed.on(paint), view.drawn.on(paint)];
    view.element.addEventListener('pointermove', move);
    view.element.addEventListener('pointerleave', leave);
    paint();
    return () => {
      for (const end of stop) end();
      view.element.removeEventListener('pointermove', move);
      view.element.removeEventListener('pointerleave', leave);
    };
  }, [session, cell, view, mode, bare, standing]);
  return <div ref={root} className="overlay" />;
}

/** What a series does that is let go here: above the middle it takes the place of what is shown, below it lies over it. */
function DropTarget({ over, canFuse }: { readonly over: DropAct; readonly canFuse: boolean }): ReactNode {
  const t = useText();
  if (!canFuse) return <div className="viewport-drop">{t('viewer.replace')}</div>;
  return (
    <div className="viewport-drops" data-drop={over}>
      {(['replace', 'fuse'] as const).map((act) => (
        <div key={act} className={`viewport-drop${act === over ? '' : ' viewport-drop-other'}`}>
          {t(`viewer.${act}`)}
        </div>
      ))}
    </div>
  );
}

/** One viewport: image, overlay, slider, and the card of an image that can't be shown. */
export function ViewportCell({ session, cell, single, layer }: CellProps): ReactNode {
  const t = useText();
  const frame = useRef<HTMLElement>(null);
  const [setElement, view] = useStackView(session, cell);
  useActiveImageOf(session, cell, view);
  const series = useStore(session.store, (state) => state.cells[cell] ?? null);
  const active = useStore(session.store, (state) => state.active === cell);
  const hidden = useStore(session.store, (state) => state.hidden);
  const tool = useStore(session.store, (state) => state.tool);
  const over = useFrame(frame, session, cell);
  useEffect(() => {
    if (view !== null && series !== null) void session.present(cell, view, series);
  }, [session, cell, view, series]);
  useEffect(() => {
    if (view === null || frame.current === null) return;
    return describeView(frame.current, view, session);
  }, [view, session]);
  useMouse(view, session, cell);
  return (
    <section
      ref={frame}
      className={`viewport${active && !single ? ' viewport-active' : ''}${hidden ? ' viewport-bare' : ''}`}
      data-viewport={cell + 1}
      data-active={active}
    >
      <div className="viewport-image" data-tool={tool} ref={setElement} />
      {view === null ? null : (
        <>
          <FusionLayer session={session} cell={cell} view={view} />
          <ReferenceLines session={session} cell={cell} view={view} />
          <Crosshair session={session} cell={cell} view={view} />
          {/* After the lines: which side is left must not be crossed out. */}
          {series === null ? null : <Overlay session={session} cell={cell} view={view} hidden={hidden} />}
          <div className="viewport-marks" hidden={hidden}>
            {layer(view)}
          </div>
          <ErrorCard view={view} />
          <SliceSlider view={view} />
        </>
      )}
      {series === null ? <p className="viewport-empty">{t('viewer.viewport.drop')}</p> : null}
      {over === null ? null : <DropTarget over={over} canFuse={series !== null} />}
    </section>
  );
}
