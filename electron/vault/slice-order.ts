import type { SliceGeometry } from './records.ts';

export interface Ordered {
  readonly geometry: SliceGeometry | null;
  readonly number: number | null;
  readonly sopUid: string;
}

/** Slices whose normals differ by more than this (cosine) are no stack: localisers, for instance. */
const PARALLEL = 0.99;

type Vector = readonly [number, number, number];

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The slice's normal: cross product of its row and column directions (PS3.3 C.7.6.2.1.1). */
function normal({ orientation: [a, b, c, d, e, f] }: SliceGeometry): Vector {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

function byNumber(a: Ordered, b: Ordered): number {
  const left = a.number ?? Number.POSITIVE_INFINITY;
  const right = b.number ?? Number.POSITIVE_INFINITY;
  if (left !== right) return left < right ? -1 : 1;
  return a.sopUid < b.sopUid ? -1 : a.sopUid > b.sopUid ? 1 : 0;
}

/** The common normal of a series, or null when its slices aren't parallel or lack a geometry. */
function commonNormal(slices: readonly Ordered[]): Vector | null {
  let common: Vector | null = null;
  for (const { geometry } of slices) {
    if (geometry === null) return null;
    const own = normal(geometry);
    const length = Math.hypot(...own);
    if (!(length > 0.9 && length < 1.1)) return null;
    common ??= own;
    if (dot(common, own) < PARALLEL) return null;
  }
  return common;
}

/** Whether instance numbers fall along the axis, on the whole: the sum of their products with the places tells. */
function numbersFall<T extends Ordered>(places: ReadonlyMap<T, number>): boolean {
  const numbered = [...places].filter(([slice]) => slice.number !== null);
  const meanPlace = numbered.reduce((sum, [, place]) => sum + place, 0) / numbered.length;
  return numbered.reduce((sum, [slice, place]) => sum + (place - meanPlace) * (slice.number ?? 0), 0) < 0;
}

/**
 * A series in reading order: by position along the slices' normal where all of them are parallel and have one, in the
 * direction in which instance numbers rise; slices at the same place (phases, b-values) by instance number. Without such
 * a geometry by instance number, then by UID. Instance numbers alone can't be trusted: scanners number by acquisition,
 * and exports renumber.
 */
export function sliceOrder<T extends Ordered>(slices: readonly T[]): T[] {
  const axis = slices.length > 1 ? commonNormal(slices) : null;
  if (axis === null) return [...slices].sort(byNumber);
  // Micrometres: slices that differ by rounding are at one place.
  const along = (slice: T) => Math.round(dot(axis, slice.geometry?.position ?? [0, 0, 0]) * 1000);
  const places = new Map(slices.map((slice) => [slice, along(slice)]));
  const sign = numbersFall(places) ? -1 : 1;
  return [...slices].sort((a, b) => sign * ((places.get(a) ?? 0) - (places.get(b) ?? 0)) || byNumber(a, b));
}
