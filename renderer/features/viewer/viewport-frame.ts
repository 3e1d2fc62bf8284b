import { type RefObject, useEffect, useState } from 'react';
import { runCommand } from '../../commands/registry.ts';
import type { ReadingSession } from './session.ts';

/** Media type under which a series is dragged from the rail; the data is its place in the study. */
export const SERIES_DRAG = 'application/x-vitrine-series';

/** What letting a series go would do. */
export type DropAct = 'replace' | 'fuse';

/** What happens on the viewport's frame: it becomes active, is maximised, takes a series. Null while none hangs over it. */
export function useFrame(frame: RefObject<HTMLElement | null>, session: ReadingSession, cell: number): DropAct | null {
  const [over, setOver] = useState<DropAct | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('pointerdown', () => session.activate(cell), { capture: true, signal });
    element.addEventListener('dblclick', () => runCommand('viewport.maximise', 'button'), { signal });
    element.addEventListener('dragleave', () => setOver(null), { signal });
    const actAt = ({ clientY }: DragEvent): DropAct => {
      const { top, height } = element.getBoundingClientRect();
      return session.state.cells[cell] != null && clientY > top + height / 2 ? 'fuse' : 'replace';
    };
    const dragOver = (event: DragEvent): void => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes(SERIES_DRAG)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(actAt(event));
    };
    const drop = (event: DragEvent): void => {
      setOver(null);
      const series = Number.parseInt(event.dataTransfer?.getData(SERIES_DRAG) ?? '', 10);
      if (Number.isNaN(series)) return;
      event.preventDefault();
      if (actAt(event) === 'fuse') void session.fusion.fuse(series, cell);
      else session.showSeries(series, cell);
      session.focusGrid();
    };
    element.addEventListener('dragover', dragOver, { signal });
    element.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, [frame, session, cell]);
  return over;
}
