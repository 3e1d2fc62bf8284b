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

/** A line between a text and its mark: where it leaves the text's box (from its corner), its length and its angle. */
interface Leader extends Spot {
  readonly length: number;
  /** Radians, clockwise. */
  readonly angle: number;
}

/** The line from a text's edge to the nearest point of its mark. It never crosses the text, whose numbers it would alter. */
export function leader(spot: Spot, size: Size, points: readonly (readonly [number, number])[]): Leader {
  const lines = points.map(([px, py]) => {
    const x = Math.min(Math.max(px - spot.x, 0), size.width);
    const y = Math.min(Math.max(py - spot.y, 0), size.height);
    const across = px - spot.x - x;
    const down = py - spot.y - y;
    return { x, y, length: Math.hypot(across, down), angle: Math.atan2(down, across) };
  });
  const none = { x: 0, y: 0, length: Number.POSITIVE_INFINITY, angle: 0 };
  return lines.reduce((best, line) => (line.length < best.length ? line : best), none);
}
