/**
 * The phantom by construction: what lies where, how large it is, how many Hounsfield units it has. The generator paints
 * from this table and the tests measure against it, so neither can drift from the other. Coordinates are the patient's
 * (LPS, mm): x to the left, y to the back, z to the head.
 */

/** Hounsfield units of the materials. */
export const MATERIAL_HU = {
  air: -1000,
  lung: -800,
  fat: -100,
  water: 0,
  softTissue: 40,
  contrast: 300,
  bone: 700,
} as const;

export type Material = keyof typeof MATERIAL_HU;

/** An ellipsoid, or an elliptic cylinder along z when `shape` says so. */
export interface PhantomPart {
  readonly id: string;
  readonly shape: 'ellipsoid' | 'cylinder';
  readonly material: Material;
  /** Centre, mm. */
  readonly centre: readonly [number, number, number];
  /** Half axes, mm; of a cylinder the third is half its length. */
  readonly half: readonly [number, number, number];
}

/** Where the slices lie. */
export interface PhantomGeometry {
  readonly rows: number;
  readonly columns: number;
  readonly slices: number;
  /** Between pixel centres, mm, both ways. */
  readonly pixelSpacing: number;
  /** Between slices and their thickness, mm. */
  readonly sliceSpacing: number;
  /** Centre of the first pixel of the first slice, mm. */
  readonly origin: readonly [number, number, number];
}

const FIELD_OF_VIEW = 360;
const LENGTH = 320;

/** Geometry of a phantom with that many pixels a side and slices. The body's size never changes. */
export function phantomGeometry(matrix = 512, slices = 128): PhantomGeometry {
  const pixelSpacing = FIELD_OF_VIEW / matrix;
  const sliceSpacing = LENGTH / slices;
  const first = -((matrix - 1) / 2) * pixelSpacing;
  return {
    rows: matrix,
    columns: matrix,
    slices,
    pixelSpacing,
    sliceSpacing,
    origin: [first, first, -((slices - 1) / 2) * sliceSpacing],
  };
}

function part(
  id: string,
  shape: PhantomPart['shape'],
  material: Material,
  centre: PhantomPart['centre'],
  half: PhantomPart['half'],
): PhantomPart {
  return { id, shape, material, centre, half };
}

/** A rod of 30 mm diameter on the circle of 60 mm around the middle of the lower body. */
function rod(id: string, material: Material, degrees: number): PhantomPart {
  const angle = (degrees * Math.PI) / 180;
  const at = (distance: number): number => Math.round(distance * 1000) / 1000;
  return part(id, 'cylinder', material, [at(60 * Math.cos(angle)), at(60 * Math.sin(angle)), -110], [15, 15, 40]);
}

/** All parts in painting order: later ones replace earlier ones. */
export const PHANTOM_PARTS: readonly PhantomPart[] = [
  part('skin', 'cylinder', 'softTissue', [0, 0, 0], [162, 112, 160]),
  part('fat', 'cylinder', 'fat', [0, 0, 0], [159, 109, 160]),
  part('body', 'cylinder', 'water', [0, 0, 0], [145, 95, 160]),
  part('lung-right', 'ellipsoid', 'lung', [-72, -2, 55], [52, 76, 95]),
  part('lung-left', 'ellipsoid', 'lung', [72, -2, 55], [52, 76, 95]),
  part('heart', 'ellipsoid', 'softTissue', [20, -22, 30], [48, 42, 52]),
  part('aorta', 'cylinder', 'contrast', [8, 42, 40], [12, 12, 100]),
  part('spine', 'cylinder', 'bone', [0, 76, 0], [17, 14, 160]),
  part('sternum', 'cylinder', 'bone', [0, -90, 50], [16, 5, 70]),
  part('nodule', 'ellipsoid', 'softTissue', [82, 18, 70], [10, 10, 10]),
  part('bead-right', 'ellipsoid', 'bone', [-50, -10, -40], [5, 5, 5]),
  part('bead-left', 'ellipsoid', 'bone', [50, -10, -40], [5, 5, 5]),
  rod('rod-air', 'air', 0),
  rod('rod-fat', 'fat', 60),
  rod('rod-lung', 'lung', 120),
  rod('rod-soft-tissue', 'softTissue', 180),
  rod('rod-contrast', 'contrast', 240),
  rod('rod-bone', 'bone', 300),
];

/** One insert with everything that a measurement is checked against. */
export interface PhantomInsert {
  readonly id: string;
  readonly centreMm: readonly [number, number, number];
  /** Radius in the axial plane through the centre. */
  readonly radiusMm: number;
  readonly hu: number;
  /** The slice nearest to the centre, counted from 0 in ascending z. */
  readonly slice: number;
  /** Centre in pixels: whole numbers are pixel centres, the first pixel is 0. */
  readonly column: number;
  readonly row: number;
}

/** What is true of a phantom of that geometry. */
export interface PhantomTruth {
  readonly geometry: PhantomGeometry;
  readonly inserts: readonly PhantomInsert[];
  /** Distance between the centres of the two beads, mm; both lie on one row of one slice. */
  readonly beadDistanceMm: number;
}

const INSERTS = /^(rod-|bead-|nodule)/;

/** The truth table for a geometry. */
export function phantomTruth(geometry: PhantomGeometry): PhantomTruth {
  const { origin, pixelSpacing, sliceSpacing } = geometry;
  const inserts = PHANTOM_PARTS.filter(({ id }) => INSERTS.test(id)).map(
    ({ id, material, centre, half }): PhantomInsert => ({
      id,
      centreMm: centre,
      radiusMm: half[0],
      hu: MATERIAL_HU[material],
      slice: Math.round((centre[2] - origin[2]) / sliceSpacing),
      column: (centre[0] - origin[0]) / pixelSpacing,
      row: (centre[1] - origin[1]) / pixelSpacing,
    }),
  );
  return { geometry, inserts, beadDistanceMm: 100 };
}

/** The truth about the phantom that the application offers as its sample. */
export const PHANTOM_TRUTH: PhantomTruth = phantomTruth(phantomGeometry());
