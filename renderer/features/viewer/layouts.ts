/** Rows by columns, as the commands name them. */
export const LAYOUTS = {
  '1x1': { rows: 1, columns: 1 },
  '1x2': { rows: 1, columns: 2 },
  '2x1': { rows: 2, columns: 1 },
  '2x2': { rows: 2, columns: 2 },
  '1x3': { rows: 1, columns: 3 },
  '2x3': { rows: 2, columns: 3 },
} as const;

export type LayoutId = keyof typeof LAYOUTS;

/** Viewports of a layout. */
export function cellCount(layout: LayoutId): number {
  const { rows, columns } = LAYOUTS[layout];
  return rows * columns;
}

/**
 * What each viewport shows after a change of layout: those that were there keep their series, new ones take the series
 * that nobody shows yet, in order. Null stays empty.
 */
export function fillCells(before: readonly (number | null)[], cells: number, seriesCount: number): (number | null)[] {
  const after: (number | null)[] = before.slice(0, cells);
  const shown = new Set(after.filter((series) => series !== null));
  let next = 0;
  while (after.length < cells) {
    while (next < seriesCount && shown.has(next)) next += 1;
    after.push(next < seriesCount ? next : null);
    shown.add(next);
  }
  return after;
}
