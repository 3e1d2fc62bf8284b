/** Pixels of a decoded frame, in the unit that is shown; three samples a pixel where it is colour. */
export interface PixelGrid {
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
  readonly data: ArrayLike<number>;
}

/** The grey value at a pixel; null outside the image and in colour images. */
export function valueAt(grid: PixelGrid, column: number, row: number): number | null {
  if (grid.samples !== 1 || column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) return null;
  return grid.data[row * grid.columns + column] ?? null;
}

/** Samples looked at for percentiles: enough for a window, quick on any image. */
const PERCENTILE_SAMPLES = 65_536;

/** Values below which `low` and `high` (0 to 1) of the pixels lie. Null for colour or empty images. */
export function percentiles(grid: PixelGrid, low: number, high: number): { low: number; high: number } | null {
  if (grid.samples !== 1 || grid.data.length === 0) return null;
  const step = Math.max(1, Math.floor(grid.data.length / PERCENTILE_SAMPLES));
  const picked: number[] = [];
  for (let i = 0; i < grid.data.length; i += step) {
    const value = grid.data[i] as number;
    if (Number.isFinite(value)) picked.push(value);
  }
  if (picked.length === 0) return null;
  const sorted = Float64Array.from(picked).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { low: at(low), high: at(high) };
}
