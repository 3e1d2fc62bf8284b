/** Gap between a mark and its text, and between a text and the viewport's edge, in CSS pixels. */
const GAP = 10;
const EDGE = 4;

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Beside the mark's rightmost point, or left of its leftmost one where there is no room; always inside the viewport. */
export function spotFor(points: readonly (readonly [number, number])[], size: Size, room: Size): Spot {
  const right = points.reduce((best, point) => (point[0] > best[0] ? point : best));
  const left = points.reduce((best, point) => (point[0] < best[0] ? point : best));
  const fits = right[0] + GAP + size.width + EDGE <= room.width;
  const x = fits ? right[0] + GAP : left[0] - GAP - size.width;
  const y = (fits ? right : left)[1] - size.height / 2;
  return within({ x, y }, size, room);
}

/** A place inside the viewport, as near as there is one. */
export function within({ x, y }: Spot, size: Size, room: Size): Spot {
  return {
    x: Math.round(Math.min(Math.max(x, EDGE), Math.max(EDGE, room.width - size.width - EDGE))),
    y: Math.round(Math.min(Math.max(y, EDGE), Math.max(EDGE, room.height - size.height - EDGE))),
  };
}

/** A place moved by what the reader pulled it, in image columns of `zoom` CSS pixels. */
export function pulledBy({ x, y }: Spot, by: readonly [number, number] | undefined, zoom: number): Spot {
  return { x: x + (by?.[0] ?? 0) * zoom, y: y + (by?.[1] ?? 0) * zoom };
}

/** Length and angle (radians, clockwise) of the line from a text's middle to the nearest point of its mark. */
export function leader(spot: Spot, size: Size, points: readonly (readonly [number, number])[]): [number, number] {
  const x = spot.x + size.width / 2;
  const y = spot.y + size.height / 2;
  const lines = points.map(([px, py]) => [Math.hypot(px - x, py - y), Math.atan2(py - y, px - x)] as [number, number]);
  return lines.reduce((best, line) => (line[0] < best[0] ? line : best), [Number.POSITIVE_INFINITY, 0]);
}
