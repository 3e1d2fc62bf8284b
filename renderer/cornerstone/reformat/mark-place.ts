import type { Annotation, Point, Reformat } from '../../../core/annotate/annotation.ts';
import { TAG, text } from '../dataset.ts';
import { Emitter } from '../emitter.ts';
import { parseImageId } from '../image-id.ts';
import { imageAt, PLANES, type PlaneName, planeIndexAt, type Slab, walkOf } from './planes.ts';
import type { Volume } from './volume.ts';

/**
 * Where marks lie while planes are on screen. Points of a mark are places in the patient, so that it can be drawn on any
 * image that runs through them: a mark on a plane across the slices says which plane it was measured on; one on the plane
 * of the slices, without a slab, is measured on recorded pixels in their own places, and is a mark of that slice.
 */

/** Image names of reformats begin with this scheme. */
export const REFORMAT_SCHEME = 'vitrine-reformat';

function slabName(slab: Slab | null): string {
  return slab === null ? 'single' : `${slab.mode}-${slab.millimetres}`;
}

/** The name of an image of a plane, `index` from 0. */
export function reformatId(volume: Volume, plane: PlaneName, index: number, slab: Slab | null): string {
  return `${REFORMAT_SCHEME}:${volume.id}/${plane}/${index}/${slabName(slab)}`;
}

interface Shown {
  readonly volume: Volume;
  readonly slab: Slab | null;
}

let shown: Shown | null = null;

/** Planes came, changed or went: marks have other places. */
export const marksMoved = new Emitter<void>();

/** Says which planes are on screen; null for none. */
export function placeMarks(planes: Shown | null): void {
  shown = planes;
  marksMoved.emit();
}

const handleOf = ({ images }: Volume): string => parseImageId(images[0]?.imageId ?? '').handle;

/** The plane of an image of the planes on screen; null for any other image. */
function planeOfImage(imageId: string): PlaneName | null {
  const match = /^vitrine-reformat:(\d+)\/(\w+)\//.exec(imageId);
  if (match === null || shown === null || Number(match[1]) !== shown.volume.id) return null;
  return PLANES.find((plane) => plane === match[2]) ?? null;
}

/** Whether marks can be drawn on an image of the planes on screen, for a study's handle. */
export function takesMarks(imageId: string, handle: string): boolean {
  if (shown === null || planeOfImage(imageId) === null) return false;
  return shown.volume.geometry.frameOfReferenceUid !== null && handleOf(shown.volume) === handle;
}

/** True for the plane that the slices lie in. */
function isOfSlices({ geometry }: Volume, plane: PlaneName): boolean {
  return walkOf(geometry, plane).onward.axis === 2;
}

interface MarkHome {
  readonly imageId: string;
  readonly sopInstanceUid: string;
  /** The plane that it was measured on; null for a mark of that very slice. */
  readonly reformat: Reformat | null;
}

/** The slice that a mark on a plane is kept with: the one that its first point lies nearest to. Null for other images. */
export function homeOnPlanes(imageId: string, first: Point): MarkHome | null {
  const plane = planeOfImage(imageId);
  if (plane === null || shown === null) return null;
  const { volume, slab } = shown;
  const home = volume.images[imageAt(volume.geometry, first)];
  if (home === undefined) return null;
  return { ...home, reformat: slab === null && isOfSlices(volume, plane) ? null : { plane, slab } };
}

/** The image of the planes on screen that a mark lies in; null when it lies in none, or when there are none. */
export function imageOnPlanes(annotation: Annotation, handle: string): string | null {
  const [first] = annotation.points;
  if (shown === null || first === undefined || annotation.frameOfReferenceUid === null) return null;
  const { volume, slab } = shown;
  const series = text(volume.facts.dataset, TAG.seriesInstance);
  if (series !== annotation.seriesInstanceUid || handleOf(volume) !== handle) return null;
  const own = annotation.reformat?.plane ?? (slab === null ? PLANES.find((one) => isOfSlices(volume, one)) : undefined);
  return own === undefined ? null : reformatId(volume, own, planeIndexAt(volume.geometry, own, first), slab);
}
