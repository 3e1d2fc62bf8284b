import { type Plane, toPixel, type Vector } from '../../cornerstone/geometry.ts';
import type { Pixel } from '../../cornerstone/measure.ts';

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function corner(plane: Plane, patient: NonNullable<Plane['patient']>, column: number, row: number): Vector {
  const along = column * plane.columnSpacing;
  const down = row * plane.rowSpacing;
  return [0, 1, 2].map(
    (axis) => (patient.position[axis] ?? 0) + along * (patient.row[axis] ?? 0) + down * (patient.column[axis] ?? 0),
  ) as unknown as Vector;
}

/** Planes closer to parallel than this (sine of the angle) don't cross in a useful line. */
const PARALLEL = 0.05;

/**
 * The segment of `source`'s slice that lies in `target`'s plane, in pixels of `target`. Null when they share no frame of
 * reference, are nearly parallel, or don't meet.
 */
export function crossing(target: Plane, source: Plane): readonly [Pixel, Pixel] | null {
  const from = source.patient;
  const onto = target.patient;
  if (from === null || onto === null || source.frameOfReferenceUid === null) return null;
  if (source.frameOfReferenceUid !== target.frameOfReferenceUid) return null;
  const normal = cross(onto.row, onto.column);
  const other = cross(from.row, from.column);
  if (Math.hypot(...cross(normal, other)) < PARALLEL) return null;
  const right = source.columns - 1;
  const bottom = source.rows - 1;
  const corners = [
    corner(source, from, 0, 0),
    corner(source, from, right, 0),
    corner(source, from, right, bottom),
    corner(source, from, 0, bottom),
  ];
  const heights = corners.map((point) => dot(normal, point) - dot(normal, onto.position));
  const meets: Pixel[] = [];
  for (let i = 0; i < 4; i++) {
    const a = heights[i] as number;
    const b = heights[(i + 1) % 4] as number;
    if (a > 0 === b > 0) continue;
    const share = a / (a - b);
    const p = corners[i] as Vector;
    const q = corners[(i + 1) % 4] as Vector;
    meets.push(
      toPixel(target, [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1]), p[2] + share * (q[2] - p[2])]),
    );
  }
  const [first, second] = meets;
  return first === undefined || second === undefined ? null : [first, second];
}
