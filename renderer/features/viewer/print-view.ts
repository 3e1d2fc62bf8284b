import { call } from '../../bridge/bridge.ts';
import type { ReadingSession } from './session.ts';

/** Millimetres of a sheet of A4 on its side, within margins of 8 mm, as CSS pixels of 1/96 inch. */
const SHEET = { width: (281 / 25.4) * 96, height: (194 / 25.4) * 96 } as const;

const twoFrames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

/**
 * The view as it stands on screen is what is printed, in one piece and to scale: marks and texts lie where they lie
 * because nothing is laid out anew. Its size goes to the style sheet, which makes it fit the paper.
 */
function layOut(grid: HTMLElement): () => void {
  const { width, height } = grid.getBoundingClientRect();
  const sheet = document.documentElement.style;
  const values = {
    '--print-width': `${width}px`,
    '--print-height': `${height}px`,
    '--print-zoom': String(Math.min(SHEET.width / width, SHEET.height / height)),
  };
  for (const [name, value] of Object.entries(values)) sheet.setProperty(name, value);
  return () => {
    for (const name of Object.keys(values)) sheet.removeProperty(name);
  };
}

/** Studies whose images are on the view. */
function studiesOn({ state, studyId }: ReadingSession): string[] {
  const ids = state.cells.map((place) => (place === null ? undefined : state.series[place]?.studyId));
  const shown = [...new Set(ids.filter((id) => id !== undefined))];
  return shown.length === 0 ? [studyId] : shown;
}

/** Prints what the viewports show, with every overlay on. @throws what main answers */
export async function printView(
  session: ReadingSession,
  to: 'paper' | 'pdf',
): Promise<'done' | 'cancelled' | 'failed'> {
  const { grid } = session;
  if (grid === null) return 'failed';
  session.set({ printing: true });
  const clear = layOut(grid);
  try {
    await twoFrames();
    return (await call('print.view', { to, studyIds: studiesOn(session) })).outcome;
  } finally {
    clear();
    session.set({ printing: false });
  }
}
