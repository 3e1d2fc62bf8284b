import type { Plane, Vector } from '../geometry.ts';
import { along, dot, type Volume } from '../reformat/volume.ts';

/** How values between voxels come about: between the eight around a place by distance, or the nearest one as it is. */
export type Sampling = 'linear' | 'nearest';

/** A place among the voxels: fractions of indices along the volume's three axes. */
type Place = readonly [number, number, number];

/** A volume's part in a plane: the value at each of its pixels, NaN where the volume doesn't reach. */
type Values = Float32Array<ArrayBuffer>;

function placeOf({ geometry }: Volume, point: Vector): Place {
  const from = along(point, geometry.origin, -1);
  const on = (axis: 0 | 1 | 2): number => dot(from, geometry.axes[axis]) / geometry.spacing[axis];
  return [on(0), on(1), on(2)];
}

/** A step in space as steps of indices. */
function stepOf({ geometry }: Volume, direction: Vector, millimetres: number): Place {
  const on = (axis: 0 | 1 | 2): number => (dot(direction, geometry.axes[axis]) * millimetres) / geometry.spacing[axis];
  return [on(0), on(1), on(2)];
}

type Sampler = (i: number, j: number, k: number) => number;

/** Rounding of positions must not take a voxel's own edge away. */
const EDGE = 0.5 + 1e-6;

function sampler({ geometry, data }: Volume, how: Sampling): Sampler {
  const [columns, rows, slices] = geometry.size;
  const plane = columns * rows;
  const isOutside = (i: number, j: number, k: number): boolean =>
    i < -EDGE || j < -EDGE || k < -EDGE || i > columns - 1 + EDGE || j > rows - 1 + EDGE || k > slices - 1 + EDGE;
  const kept = (value: number, last: number): number => Math.min(last, Math.max(0, value));
  if (how === 'nearest') {
    return (i, j, k) => {
      if (isOutside(i, j, k)) return Number.NaN;
      const at = (value: number, last: number): number => Math.round(kept(value, last));
      return data[at(k, slices - 1) * plane + at(j, rows - 1) * columns + at(i, columns - 1)] as number;
    };
  }
  return (i, j, k) => {
    if (isOutside(i, j, k)) return Number.NaN;
    const x = kept(i, columns - 1);
    const y = kept(j, rows - 1);
    const z = kept(k, slices - 1);
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const z0 = Math.floor(z);
    const right = x0 < columns - 1 ? 1 : 0;
    const down = y0 < rows - 1 ? columns : 0;
    const on = z0 < slices - 1 ? plane : 0;
    const at = z0 * plane + y0 * columns + x0;
    const line = (from: number): number =>
      (data[from] as number) + (x - x0) * ((data[from + right] as number) - (data[from] as number));
    const face = (from: number): number => line(from) + (y - y0) * (line(from + down) - line(from));
    return face(at) + (z - z0) * (face(at + on) - face(at));
  };
}

/** The value of a volume at a point of patient space; null outside of it. */
export function valueIn(volume: Volume, point: Vector, how: Sampling): number | null {
  const value = sampler(volume, how)(...placeOf(volume, point));
  return Number.isNaN(value) ? null : value;
}

/** A volume as it lies in a plane of the same frame of reference, pixel by pixel. Null for a plane that lies nowhere. */
export function resampled(volume: Volume, plane: Plane, how: Sampling): Values | null {
  const { patient, columns, rows } = plane;
  if (patient === null) return null;
  const value = sampler(volume, how);
  const [i0, j0, k0] = placeOf(volume, patient.position);
  const [ic, jc, kc] = stepOf(volume, patient.row, plane.columnSpacing);
  const [ir, jr, kr] = stepOf(volume, patient.column, plane.rowSpacing);
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = value(
        i0 + column * ic + row * ir,
        j0 + column * jc + row * jr,
        k0 + column * kc + row * kr,
      );
    }
  }
  return values;
}
