import { factsAt } from '../../cornerstone/facts-at.ts';
import { fromPixel, type Plane, toPixel, type Vector } from '../../cornerstone/geometry.ts';
import type { Pixel } from '../../cornerstone/measure.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';

/** How viewports follow the active one: by position in space where they share it, or by the offset that they had. */
export type LinkMode = 'off' | 'position' | 'offset';

/** Planes that lean against each other by less (cosine) are the same way to leaf through a body. */
const PARALLEL = 0.95;

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function normalOf({ patient }: Plane): Vector | null {
  if (patient === null) return null;
  const { row, column } = patient;
  return [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
}

/** Height of an image along a direction, millimetres; null where it isn't known. */
function heightOf(imageId: string, normal: Vector): number | null {
  const position = factsAt(imageId)?.plane.patient?.position;
  return position === undefined ? null : dot(normal, position);
}

/** The image of a stack that lies nearest to a height; null where no image says where it lies. */
function nearestTo(imageIds: readonly string[], normal: Vector, height: number): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, imageId] of imageIds.entries()) {
    const own = heightOf(imageId, normal);
    if (own === null || Math.abs(own - height) >= least) continue;
    least = Math.abs(own - height);
    best = index;
  }
  return best;
}

/** The image of a view that a point of space lies on or nearest to; null where they share no space. */
export function sliceAt(view: StackView, point: Vector, frameOfReferenceUid: string | null): number | null {
  const plane = view.facts?.plane;
  const normal = plane === undefined ? null : normalOf(plane);
  if (plane === undefined || normal === null || frameOfReferenceUid === null) return null;
  if (plane.frameOfReferenceUid !== frameOfReferenceUid) return null;
  return nearestTo(view.state.stack?.imageIds ?? [], normal, dot(normal, point));
}

/** The image of `view` at the position of the one in `source`; null where they share no space or direction. */
export function byPosition(source: StackView, view: StackView): number | null {
  const from = source.facts?.plane;
  const onto = view.facts?.plane;
  if (from?.patient == null || onto === undefined) return null;
  const a = normalOf(from);
  const b = normalOf(onto);
  if (a === null || b === null || Math.abs(dot(a, b)) < PARALLEL) return null;
  return sliceAt(view, from.patient.position, from.frameOfReferenceUid);
}

/** Where two views stood to each other when they were linked. */
export interface Anchor {
  readonly from: number;
  readonly to: number;
}

/**
 * The image of `view` that keeps the offset of `anchor`: as many millimetres further along the body where both know their
 * positions (slices of two studies are rarely as thick), else as many images.
 */
export function byOffset(source: StackView, view: StackView, anchor: Anchor): number {
  const moved = source.state.index - anchor.from;
  const ids = source.state.stack?.imageIds ?? [];
  const own = view.state.stack?.imageIds ?? [];
  const a = source.facts === null ? null : normalOf(source.facts.plane);
  const b = view.facts === null ? null : normalOf(view.facts.plane);
  if (a !== null && b !== null && Math.abs(dot(a, b)) >= PARALLEL) {
    const start = heightOf(ids[anchor.from] ?? '', a);
    const now = heightOf(ids[source.state.index] ?? '', a);
    const base = heightOf(own[anchor.to] ?? '', b);
    if (start !== null && now !== null && base !== null) {
      const found = nearestTo(own, b, base + (now - start) * Math.sign(dot(a, b)));
      if (found !== null) return found;
    }
  }
  return anchor.to + moved;
}

/** Zoom and middle of a view. */
export interface Placement {
  readonly zoom: number;
  readonly center: Pixel;
}

export function placementOf(view: StackView): Placement | null {
  const { center } = view;
  return center === null ? null : { zoom: view.state.zoom, center };
}

function isCalibrated({ calibration }: Plane): boolean {
  return calibration.kind === 'patient' || calibration.kind === 'detector';
}

/** Shows `view` at the size of `source`, and as far from the middle of its image: where both are compared for the first time. */
export function match(source: StackView, view: StackView): void {
  const from = source.facts?.plane;
  const onto = view.facts?.plane;
  const now = placementOf(source);
  if (from === undefined || onto === undefined || now === null || source.isFitted()) return;
  if (!isCalibrated(from) || !isCalibrated(onto)) return;
  const column = (now.center[0] - (from.columns - 1) / 2) * (from.columnSpacing / onto.columnSpacing);
  const row = (now.center[1] - (from.rows - 1) / 2) * (from.rowSpacing / onto.rowSpacing);
  view.moveTo((now.zoom / from.columnSpacing) * onto.columnSpacing, [
    (onto.columns - 1) / 2 + column,
    (onto.rows - 1) / 2 + row,
  ]);
}

/** Brings `view` to the magnification and the middle of `source`, which was at `before`. */
export function follow(source: StackView, view: StackView, before: Placement): void {
  const from = source.facts?.plane;
  const onto = view.facts?.plane;
  const now = placementOf(source);
  const own = placementOf(view);
  if (from === undefined || onto === undefined || now === null || own === null) return;
  const calibrated = isCalibrated(from) && isCalibrated(onto);
  const zoom = calibrated ? (now.zoom / from.columnSpacing) * onto.columnSpacing : own.zoom * (now.zoom / before.zoom);
  const shared = from.frameOfReferenceUid !== null && from.frameOfReferenceUid === onto.frameOfReferenceUid;
  if (shared && from.patient !== null && onto.patient !== null) {
    view.moveTo(zoom, toPixel(onto, fromPixel(from, now.center)));
    return;
  }
  const column = calibrated ? from.columnSpacing / onto.columnSpacing : 1;
  const row = calibrated ? from.rowSpacing / onto.rowSpacing : 1;
  view.moveTo(zoom, [
    own.center[0] + (now.center[0] - before.center[0]) * column,
    own.center[1] + (now.center[1] - before.center[1]) * row,
  ]);
}
