/** Rows by columns, as the commands name them. */
export const LAYOUTS = {
  '1x1': { rows: 1, columns: 1 },
  '1x2': { rows: 1, columns: 2 },
  '2x1': { rows: 2, columns: 1 },
  '2x2': { rows: 2, columns: 2 },
  '1x3': { rows: 1, columns: 3 },
  '2x3': { rows: 2, columns: 3 },
  /** One plane at full height beside the two others. */
  planes: { rows: 2, columns: 2 },
} as const;

export type LayoutId = keyof typeof LAYOUTS;

/** Viewports of a layout. */
export function cellCount(layout: LayoutId): number {
  if (layout === 'planes') return 3;
  const { rows, columns } = LAYOUTS[layout];
  return rows * columns;
}

/**
 * What each viewport shows after a change of layout: those that were there keep their series, new ones take the series of
 * `order` that nobody shows yet. Null stays empty.
 */
export function fillCells(
  before: readonly (number | null)[],
  cells: number,
  order: readonly number[],
): (number | null)[] {
  const after: (number | null)[] = before.slice(0, cells);
  const free = order.filter((series) => !after.includes(series));
  while (after.length < cells) after.push(free.shift() ?? null);
  return after;
}
