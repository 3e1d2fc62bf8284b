import type { DrawnValues } from '../decode/format.ts';
import type { Plane, Vector } from '../geometry.ts';
import { along, dot, type Volume, type VolumeGeometry } from './volume.ts';

/** The three planes that readers name. */
export const PLANES = ['axial', 'coronal', 'sagittal'] as const;
export type PlaneName = (typeof PLANES)[number];

/** What a slab shows of the voxels behind one another. */
export const SLAB_MODES = ['mip', 'mean', 'min'] as const;
export type SlabMode = (typeof SLAB_MODES)[number];

/** A slab: its rule and its thickness in millimetres. Null is a single layer of voxels. */
export interface Slab {
  readonly mode: SlabMode;
  readonly millimetres: number;
}

/** Right and down on the screen, and the way in which the planes are leafed through, in patient space (LPS). */
const VIEWS: Readonly<Record<PlaneName, readonly [right: Vector, down: Vector, onward: Vector]>> = {
  axial: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
};

/** An axis of the volume, walked up or down. */
interface Walk {
  readonly axis: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/** How a plane runs through the voxels. */
export interface PlaneWalk {
  readonly right: Walk;
  readonly down: Walk;
  readonly onward: Walk;
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** The assignment of the volume's axes to right, down and onward that comes nearest to how the plane is read. */
export function walkOf(geometry: VolumeGeometry, plane: PlaneName): PlaneWalk {
  const wanted = VIEWS[plane];
  let best: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2] = ORDERS[0];
  let most = -1;
  for (const order of ORDERS) {
    const sum = order.reduce<number>(
      (all, axis, i) => all + Math.abs(dot(geometry.axes[axis], wanted[i] as Vector)),
      0,
    );
    if (sum > most + 1e-9) {
      most = sum;
      best = order;
    }
  }
  const walk = (i: 0 | 1 | 2): Walk => ({
    axis: best[i],
    sign: dot(geometry.axes[best[i]], wanted[i]) < 0 ? -1 : 1,
  });
  return { right: walk(0), down: walk(1), onward: walk(2) };
}

/** Images of a plane. */
export function planeCount(geometry: VolumeGeometry, plane: PlaneName): number {
  return geometry.size[walkOf(geometry, plane).onward.axis];
}

/** Index along an axis at the n-th step of a walk. */
function at({ axis, sign }: Walk, step: number, geometry: VolumeGeometry): number {
  return sign === 1 ? step : geometry.size[axis] - 1 - step;
}

/**
 * The step that an offset is nearest to, from 0 to `last`. The middle of an image with an even number of columns lies between
 * two of them, where the last bits of a reading off the screen must not decide: within a tenth of it the later one is taken.
 */
function nearest(offset: number, last: number): number {
  return Math.min(last, Math.max(0, Math.floor(offset + 0.6)));
}

/** Image of a plane that a point of patient space lies in, from 0, clamped. */
export function planeIndexAt(geometry: VolumeGeometry, plane: PlaneName, point: Vector): number {
  const { onward } = walkOf(geometry, plane);
  const offset = dot(along(point, geometry.origin, -1), geometry.axes[onward.axis]) / geometry.spacing[onward.axis];
  const last = geometry.size[onward.axis] - 1;
  const index = nearest(offset, last);
  return onward.sign === 1 ? index : last - index;
}

/** Place in its series of the image that lies nearest to a point of patient space. */
export function imageAt(geometry: VolumeGeometry, point: Vector): number {
  const [, , normal] = geometry.axes;
  const step = dot(along(point, geometry.origin, -1), normal) / geometry.spacing[2];
  return geometry.order[nearest(step, geometry.size[2] - 1)] ?? 0;
}

/** The plane of one reformatted image in space. */
export function planeGeometry(geometry: VolumeGeometry, plane: PlaneName, index: number): Plane {
  const { right, down, onward } = walkOf(geometry, plane);
  let position = geometry.origin;
  const go = (walk: Walk, step: number): void => {
    position = along(position, geometry.axes[walk.axis], at(walk, step, geometry) * geometry.spacing[walk.axis]);
  };
  go(right, 0);
  go(down, 0);
  go(onward, index);
  const direction = ({ axis, sign }: Walk): Vector => along([0, 0, 0], geometry.axes[axis], sign);
  const rowSpacing = geometry.spacing[down.axis];
  const columnSpacing = geometry.spacing[right.axis];
  return {
    rows: geometry.size[down.axis],
    columns: geometry.size[right.axis],
    patient: { position, row: direction(right), column: direction(down) },
    rowSpacing,
    columnSpacing,
    calibration: { kind: 'patient', rowSpacing, columnSpacing, corrected: false },
    frameOfReferenceUid: geometry.frameOfReferenceUid,
  };
}

type Rule = (values: DrawnValues, from: number, stride: number, count: number) => number;

const RULES: Readonly<Record<SlabMode, Rule>> = {
  mip: (values, from, stride, count) => {
    let most = values[from] as number;
    for (let i = 1; i < count; i++) most = Math.max(most, values[from + i * stride] as number);
    return most;
  },
  min: (values, from, stride, count) => {
    let least = values[from] as number;
    for (let i = 1; i < count; i++) least = Math.min(least, values[from + i * stride] as number);
    return least;
  },
  mean: (values, from, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[from + i * stride] as number;
    return sum / count;
  },
};

function emptyLike(data: DrawnValues, length: number, mode: SlabMode | null): DrawnValues {
  // A mean of whole numbers is none.
  if (mode === 'mean' || data instanceof Float32Array) return new Float32Array(length);
  if (data instanceof Int16Array) return new Int16Array(length);
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/** First layer and number of layers of a slab round an image of the plane. */
export function layersOf(
  geometry: VolumeGeometry,
  axis: 0 | 1 | 2,
  index: number,
  slab: Slab | null,
): [number, number] {
  if (slab === null) return [index, 1];
  const half = Math.max(0, Math.round((slab.millimetres / geometry.spacing[axis] - 1) / 2));
  const first = Math.max(0, index - half);
  return [first, Math.min(geometry.size[axis] - 1, index + half) - first + 1];
}

/** Values of one reformatted image, row by row. */
export function planeValues(volume: Volume, plane: PlaneName, index: number, slab: Slab | null): DrawnValues {
  const { geometry, data } = volume;
  const { right, down, onward } = walkOf(geometry, plane);
  const strides = [1, geometry.size[0], geometry.size[0] * geometry.size[1]] as const;
  const columns = geometry.size[right.axis];
  const rows = geometry.size[down.axis];
  const [layer, layers] = layersOf(geometry, onward.axis, at(onward, index, geometry), slab);
  const out = emptyLike(data, columns * rows, slab?.mode ?? null);
  const rule = slab === null ? null : RULES[slab.mode];
  const across = strides[right.axis] * right.sign;
  for (let row = 0; row < rows; row++) {
    let from =
      layer * strides[onward.axis] +
      at(down, row, geometry) * strides[down.axis] +
      at(right, 0, geometry) * strides[right.axis];
    const line = row * columns;
    for (let column = 0; column < columns; column++, from += across) {
      out[line + column] = rule === null ? (data[from] as number) : rule(data, from, strides[onward.axis], layers);
    }
  }
  return out;
}
