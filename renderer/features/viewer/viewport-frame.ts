import { type RefObject, useEffect, useState } from 'react';
import { runCommand } from '../../commands/registry.ts';
import type { ReadingSession } from './session.ts';

/** Media type under which a series is dragged from the rail; the data is its place in the study. */
export const SERIES_DRAG = 'application/x-vitrine-series';

/** What happens on the viewport's frame: it becomes active, is maximised, takes a series. True while one hangs over it. */
export function useFrame(frame: RefObject<HTMLElement | null>, session: ReadingSession, cell: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('pointerdown', () => session.activate(cell), { capture: true, signal });
    element.addEventListener('dblclick', () => runCommand('viewport.maximise', 'button'), { signal });
    element.addEventListener('dragleave', () => setOver(false), { signal });
    const dragOver = (event: DragEvent): void => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes(SERIES_DRAG)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const series = Number.parseInt(event.dataTransfer?.getData(SERIES_DRAG) ?? '', 10);
      if (Number.isNaN(series)) return;
      event.preventDefault();
      session.showSeries(series, cell);
      session.focusGrid();
    };
    element.addEventListener('dragover', dragOver, { signal });
    element.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, [frame, session, cell]);
  return over;
}
