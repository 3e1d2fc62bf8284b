import { MATERIAL_HU, PHANTOM_PARTS, type PhantomGeometry, type PhantomPart } from './truth.ts';

/** Stored value = Hounsfield units + this; what Rescale Intercept undoes. */
export const STORED_OFFSET = 1024;

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
}

/** Stored values of one slice, row by row. A pixel belongs to a part when its centre does. */
export function paintSlice(geometry: PhantomGeometry, slice: number): Uint16Array {
  const { rows, columns, origin, sliceSpacing } = geometry;
  const pixels = new Uint16Array(rows * columns).fill(MATERIAL_HU.air + STORED_OFFSET);
  const z = origin[2] + slice * sliceSpacing;
  for (const part of PHANTOM_PARTS) {
    const section = crossSection(part, z);
    if (section) fill(pixels, geometry, section, MATERIAL_HU[part.material] + STORED_OFFSET);
  }
  return pixels;
}

/** The ellipse in which the plane at `z` cuts a part; null where it misses it. */
function crossSection(part: PhantomPart, z: number): Ellipse | null {
  const [x, y, middle] = part.centre;
  const [a, b, half] = part.half;
  const t = (z - middle) / half;
  if (Math.abs(t) > 1) return null;
  const shrink = part.shape === 'cylinder' ? 1 : Math.sqrt(1 - t * t);
  return { x, y, a: a * shrink, b: b * shrink };
}

/** Fills the ellipse one run of pixels per row: the run's ends follow from the ellipse's equation. */
function fill(pixels: Uint16Array, geometry: PhantomGeometry, ellipse: Ellipse, value: number): void {
  const { rows, columns, origin, pixelSpacing } = geometry;
  for (let row = 0; row < rows; row++) {
    const t = (origin[1] + row * pixelSpacing - ellipse.y) / ellipse.b;
    if (!(Math.abs(t) <= 1)) continue;
    const reach = ellipse.a * Math.sqrt(1 - t * t);
    const first = Math.max(0, Math.ceil((ellipse.x - reach - origin[0]) / pixelSpacing));
    const last = Math.min(columns - 1, Math.floor((ellipse.x + reach - origin[0]) / pixelSpacing));
    if (first <= last) pixels.fill(value, row * columns + first, row * columns + last + 1);
  }
}
