import type { Plane } from './geometry.ts';
import type { Pixel } from './measure.ts';

/** Diameters that a brush can have, in image pixels of the finer side. */
export const BRUSH_SIZES = [1, 3, 5, 7, 9, 13, 17, 25, 35, 51, 75, 101] as const;
export type BrushSize = (typeof BRUSH_SIZES)[number];

/** The brush's width along the rows and the columns, in pixels: it is round in millimetres. */
function radii(plane: Plane, diameter: number): readonly [number, number] {
  const fine = Math.min(plane.columnSpacing, plane.rowSpacing);
  return [(diameter / 2) * (fine / plane.columnSpacing), (diameter / 2) * (fine / plane.rowSpacing)];
}

function clamp(value: number, last: number): number {
  return Math.min(last, Math.max(0, value));
}

/** Square of the distance of a place from the way between two others. */
function squaredDistance(x: number, y: number, [ax, ay]: Pixel, [bx, by]: Pixel): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

/**
 * Sets the pixels of a mask (`plane.columns` a row) whose centres a round brush passes over on its way from one place to
 * another, and the pixels that both places lie in. `value` 1 paints, 0 erases. Answers whether anything changed.
 */
export function brushOver(
  mask: Uint8Array,
  plane: Plane,
  way: { readonly from: Pixel; readonly to: Pixel },
  diameter: number,
  value: 0 | 1,
): boolean {
  const { columns, rows } = plane;
  const [across, down] = radii(plane, diameter);
  const inBrush = ([x, y]: Pixel): Pixel => [x / across, y / down];
  const from = inBrush(way.from);
  const to = inBrush(way.to);
  const left = clamp(Math.ceil(Math.min(way.from[0], way.to[0]) - across), columns - 1);
  const right = clamp(Math.floor(Math.max(way.from[0], way.to[0]) + across), columns - 1);
  const top = clamp(Math.ceil(Math.min(way.from[1], way.to[1]) - down), rows - 1);
  const bottom = clamp(Math.floor(Math.max(way.from[1], way.to[1]) + down), rows - 1);
  let changed = false;
  const set = (x: number, y: number): void => {
    const at = y * columns + x;
    if (mask[at] === value) return;
    mask[at] = value;
    changed = true;
  };
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) if (squaredDistance(x / across, y / down, from, to) <= 1) set(x, y);
  }
  for (const [x, y] of [way.from, way.to]) {
    const column = Math.round(x);
    const row = Math.round(y);
    if (column >= 0 && row >= 0 && column < columns && row < rows) set(column, row);
  }
  return changed;
}
