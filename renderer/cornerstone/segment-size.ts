import { paintedPixels, type SegmentSlice } from '../../core/annotate/segment.ts';
import type { FrameFacts } from './facts.ts';
import type { Plane, Vector } from './geometry.ts';

/** How large a segment is: millilitres where its slices lie in space, pixels elsewhere (UCUM codes). */
export interface SegmentSize {
  readonly value: number;
  readonly unit: 'ml' | 'px';
}

/** An image of the segment's series; facts are null where its header can't be opened. */
export interface SeriesImage {
  readonly objectId: string;
  readonly frame: number;
  readonly facts: FrameFacts | null;
}

/** Positions closer than this are one, in millimetres. */
const SAME_PLACE = 1e-3;

function normalOf({ row, column }: { readonly row: Vector; readonly column: Vector }): Vector {
  return [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
}

/** Places of the images along the normal of the first one; null where one of them lies nowhere or leans against it. */
function heightsOf(planes: readonly (Plane | null)[]): readonly number[] | null {
  const first = planes[0]?.patient;
  if (first == null) return null;
  const normal = normalOf(first);
  const heights: number[] = [];
  for (const plane of planes) {
    if (plane?.patient == null || plane.calibration.kind !== 'patient') return null;
    const own = normalOf(plane.patient);
    if (Math.abs(own[0] * normal[0] + own[1] * normal[1] + own[2] * normal[2]) < 0.9999) return null;
    const { position } = plane.patient;
    heights.push(position[0] * normal[0] + position[1] * normal[1] + position[2] * normal[2]);
  }
  return heights;
}

/** Millimetres that each image stands for along the stack: half of the way to either neighbour, at the ends twice the one half. */
function thicknesses(heights: readonly number[]): readonly number[] | null {
  const places: number[] = [];
  for (const height of [...heights].sort((a, b) => a - b)) {
    const last = places.at(-1);
    if (last === undefined || height - last > SAME_PLACE) places.push(height);
  }
  if (places.length < 2) return null;
  return heights.map((height) => {
    const at = places.findIndex((place) => Math.abs(place - height) <= SAME_PLACE);
    const below = at === 0 ? null : height - (places[at - 1] as number);
    const above = at === places.length - 1 ? null : (places[at + 1] as number) - height;
    return ((below ?? above ?? 0) + (above ?? below ?? 0)) / 2;
  });
}

/**
 * The size of a segment. Millilitres come from the pixel spacing and from where the images lie, never from a thickness that
 * the header only names; a series that doesn't say where its images lie gives pixels.
 * @param images every image of the series, in any order
 */
export function segmentSize(slices: readonly SegmentSlice[], images: readonly SeriesImage[]): SegmentSize {
  const heights = heightsOf(images.map(({ facts }) => facts?.plane ?? null));
  const thick = heights === null ? null : thicknesses(heights);
  const pixels = slices.reduce((sum, slice) => sum + paintedPixels(slice), 0);
  if (thick === null) return { value: pixels, unit: 'px' };
  let cubic = 0;
  for (const slice of slices) {
    const at = images.findIndex(({ objectId, frame }) => objectId === slice.objectId && frame === slice.frame);
    const plane = images[at]?.facts?.plane;
    if (plane === undefined) return { value: pixels, unit: 'px' };
    cubic += paintedPixels(slice) * plane.columnSpacing * plane.rowSpacing * (thick[at] as number);
  }
  return { value: cubic / 1000, unit: 'ml' };
}
