import type { DrawnValues } from '../decode/format.ts';
import type { FrameFacts } from '../facts.ts';
import type { Vector } from '../geometry.ts';

/**
 * Multiplanar reformats of a regular series: planes along the axes of its own voxels, so that every value on screen is
 * one that was recorded (or, in a slab, one computed from several by a rule that is named). Nothing is interpolated but
 * by the drawing itself, and a length is as exact as on the slices.
 */

/** Why a series can't be reformatted; each has its sentence in renderer/text. */
export type Refusal =
  | 'modality'
  | 'no-geometry'
  | 'color'
  | 'few'
  | 'mixed'
  | 'spacing'
  | 'tilt'
  | 'too-large'
  | 'memory';

/** How a series lies in space. */
export interface VolumeGeometry {
  /** Voxels along the rows, the columns and the stack. */
  readonly size: readonly [number, number, number];
  /** Millimetres between them. */
  readonly spacing: readonly [number, number, number];
  /** Unit directions of the three axes, in patient space. */
  readonly axes: readonly [Vector, Vector, Vector];
  /** Centre of the first voxel, millimetres. */
  readonly origin: Vector;
  readonly frameOfReferenceUid: string | null;
  /** Places of the images in the order of the stack axis. */
  readonly order: readonly number[];
}

/** A series in memory as one block of values, in the unit of its images. */
export interface Volume {
  readonly id: number;
  readonly geometry: VolumeGeometry;
  readonly data: DrawnValues;
  /** The images that it is made of, in the order of their series. */
  readonly images: readonly { readonly imageId: string; readonly sopInstanceUid: string }[];
  /** Facts of the first slice: what the reformats share with the images that they are made of. */
  readonly facts: FrameFacts;
  readonly lossy: boolean;
}

const MODALITIES: ReadonlySet<string> = new Set(['CT', 'MR', 'PT']);
/** Fewer slices make no plane that can be read. */
export const FEWEST = 8;
/** Spacings that differ by no more than this part of their mean are the same; writers round positions to 0.01 mm. */
const SAME_STEP = 0.02;
/** Millimetres by which rounding alone may move a slice. */
const ROUNDING = 0.02;
/** Sine of the angle by which the stack may lean: less than half a degree is rounding, more is a tilted gantry. */
const UPRIGHT = 0.0087;
/** Bytes of one volume, at most: it lies beside a cache of decoded images of twice the size. */
export const MOST_BYTES = 512 * 1024 ** 2;

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** `a` and `by` steps of `b` from it. */
export function along(a: Vector, b: Vector, by: number): Vector {
  return [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by];
}

interface Placed {
  readonly place: number;
  readonly position: Vector;
  readonly height: number;
}

function sameSlice(a: FrameFacts, b: FrameFacts): boolean {
  const p = a.plane;
  const q = b.plane;
  if (p.patient === null || q.patient === null) return false;
  const near = (x: number, y: number): boolean => Math.abs(x - y) < 1e-3;
  return (
    p.rows === q.rows &&
    p.columns === q.columns &&
    near(p.rowSpacing, q.rowSpacing) &&
    near(p.columnSpacing, q.columnSpacing) &&
    dot(p.patient.row, q.patient.row) > 0.9999 &&
    dot(p.patient.column, q.patient.column) > 0.9999 &&
    p.frameOfReferenceUid === q.frameOfReferenceUid
  );
}

/** Distance of neighbours along the normal; a refusal where they are uneven, or lean. */
function stepOf(placed: readonly Placed[], normal: Vector): number | Refusal {
  const first = placed[0] as Placed;
  const last = placed.at(-1) as Placed;
  const mean = (last.height - first.height) / (placed.length - 1);
  if (!(mean > 1e-3)) return 'spacing';
  for (let i = 1; i < placed.length; i++) {
    const step = (placed[i] as Placed).height - (placed[i - 1] as Placed).height;
    if (Math.abs(step - mean) > Math.max(SAME_STEP * mean, ROUNDING)) return 'spacing';
  }
  const whole: Vector = along(last.position, first.position, -1);
  const aside = Math.hypot(...along(whole, normal, -dot(whole, normal)));
  return aside / Math.hypot(...whole) > UPRIGHT && aside > ROUNDING ? 'tilt' : mean;
}

/**
 * Whether the images of a series make a regular block, and which. `facts` are those of its images in order; null for one
 * whose header can't be opened.
 */
export function volumeGeometry(facts: readonly (FrameFacts | null)[]): VolumeGeometry | Refusal {
  const [first] = facts;
  if (first === undefined || first === null) return 'no-geometry';
  if (!MODALITIES.has(first.modality)) return 'modality';
  if (first.format.samples > 1 || first.format.photometric === 'PALETTE COLOR') return 'color';
  if (facts.length < FEWEST) return 'few';
  const { plane } = first;
  const { patient } = plane;
  if (patient === null || plane.calibration.kind !== 'patient') return 'no-geometry';
  const normal = cross(patient.row, patient.column);
  const placed: Placed[] = [];
  for (const [place, one] of facts.entries()) {
    if (one?.plane.patient == null) return 'no-geometry';
    if (!sameSlice(first, one)) return 'mixed';
    const { position } = one.plane.patient;
    placed.push({ place, position, height: dot(normal, position) });
  }
  placed.sort((a, b) => a.height - b.height);
  const step = stepOf(placed, normal);
  if (typeof step === 'string') return step;
  if (plane.rows * plane.columns * placed.length * 4 > MOST_BYTES * 2) return 'too-large';
  return {
    size: [plane.columns, plane.rows, placed.length],
    spacing: [plane.columnSpacing, plane.rowSpacing, step],
    axes: [patient.row, patient.column, normal],
    origin: (placed[0] as Placed).position,
    frameOfReferenceUid: plane.frameOfReferenceUid,
    order: placed.map(({ place }) => place),
  };
}
