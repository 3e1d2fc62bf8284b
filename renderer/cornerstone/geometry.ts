import { type Dataset, items, number, numbers, TAG, text } from './dataset.ts';

export type Vector = readonly [number, number, number];

/** Where millimetres come from, and whether they may be shown. */
export type Calibration =
  /** Pixel Spacing in the patient, or corrected for geometry by the modality. */
  | {
      readonly kind: 'patient';
      readonly rowSpacing: number;
      readonly columnSpacing: number;
      readonly corrected: boolean;
    }
  /** Spacing at the detector of a projection: magnified lengths, so the reader is told. */
  | { readonly kind: 'detector'; readonly rowSpacing: number; readonly columnSpacing: number }
  /** Regions of an ultrasound image (PS3.3 C.8.5.5); outside of them there are only pixels. */
  | { readonly kind: 'regions'; readonly regions: readonly UltrasoundRegion[] }
  | { readonly kind: 'none' };

/** A region of an ultrasound image with tissue distances on both axes. Bounds in pixels, inclusive; spacing in mm. */
export interface UltrasoundRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly rowSpacing: number;
  readonly columnSpacing: number;
}

/** How a frame lies in space. Pixel (column, row) sits at position + column·columnSpacing·row + row·rowSpacing·column. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Null: no patient coordinates; marks are then kept in pixels. */
  readonly patient: { readonly position: Vector; readonly row: Vector; readonly column: Vector } | null;
  /** Millimetres for `patient` and `detector` calibration, otherwise the pixel's shape (1 for square). */
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  readonly calibration: Calibration;
  readonly frameOfReferenceUid: string | null;
}

function positivePair(dataset: Dataset, tag: string): readonly [number, number] | null {
  const [row, column] = numbers(dataset, tag);
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}

/** Region units 3 on both axes is centimetres (PS3.3 C.8.5.5.1.15); spatial format 1 is a 2D tissue image. */
function ultrasoundRegions(dataset: Dataset): UltrasoundRegion[] {
  const regions: UltrasoundRegion[] = [];
  for (const item of items(dataset, TAG.usRegions)) {
    const centimetres = number(item, '00186024') === 3 && number(item, '00186026') === 3;
    const dx = Math.abs(number(item, '0018602C') ?? 0);
    const dy = Math.abs(number(item, '0018602E') ?? 0);
    const left = number(item, '00186018');
    const top = number(item, '0018601A');
    const right = number(item, '0018601C');
    const bottom = number(item, '0018601E');
    if (!centimetres || dx === 0 || dy === 0) continue;
    if (left === null || top === null || right === null || bottom === null) continue;
    regions.push({ left, top, right, bottom, rowSpacing: dy * 10, columnSpacing: dx * 10 });
  }
  return regions;
}

function calibrationOf(dataset: Dataset): Calibration {
  const spacing = positivePair(dataset, TAG.pixelSpacing);
  const detector = positivePair(dataset, TAG.imagerSpacing) ?? positivePair(dataset, TAG.nominalSpacing);
  if (spacing !== null) {
    const [rowSpacing, columnSpacing] = spacing;
    const type = text(dataset, TAG.calibrationType);
    const projection = numbers(dataset, TAG.orientation).length !== 6 && detector !== null;
    const same = detector !== null && Math.abs(detector[0] - rowSpacing) < 1e-6;
    if (projection && same && type === '') return { kind: 'detector', rowSpacing, columnSpacing };
    return { kind: 'patient', rowSpacing, columnSpacing, corrected: type === 'GEOMETRY' || (projection && !same) };
  }
  const regions = ultrasoundRegions(dataset);
  if (regions.length > 0) return { kind: 'regions', regions };
  if (detector === null) return { kind: 'none' };
  const factor = number(dataset, TAG.magnification);
  if (factor === null || factor < 1) return { kind: 'detector', rowSpacing: detector[0], columnSpacing: detector[1] };
  return { kind: 'patient', rowSpacing: detector[0] / factor, columnSpacing: detector[1] / factor, corrected: true };
}

function triple(list: readonly number[], from: number): Vector {
  return [list[from] ?? 0, list[from + 1] ?? 0, list[from + 2] ?? 0];
}

function patientAxes(dataset: Dataset): Plane['patient'] {
  const orientation = numbers(dataset, TAG.orientation);
  const position = numbers(dataset, TAG.position);
  if (orientation.length !== 6 || position.length !== 3) return null;
  const row = triple(orientation, 0);
  const column = triple(orientation, 3);
  const unit = (v: Vector): boolean => Math.abs(Math.hypot(...v) - 1) < 0.02;
  const across = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  return unit(row) && unit(column) && Math.abs(across) < 0.02 ? { position: triple(position, 0), row, column } : null;
}

/** The plane of a frame, from its dataset (`frameDataset`). */
export function planeOf(dataset: Dataset): Plane {
  const calibration = calibrationOf(dataset);
  const known = calibration.kind === 'patient' || calibration.kind === 'detector';
  const ratio = positivePair(dataset, TAG.aspectRatio);
  const rowSpacing = known ? calibration.rowSpacing : ratio === null ? 1 : ratio[0] / ratio[1];
  return {
    rows: number(dataset, TAG.rows) ?? 0,
    columns: number(dataset, TAG.columns) ?? 0,
    patient: known ? patientAxes(dataset) : null,
    rowSpacing,
    columnSpacing: known ? calibration.columnSpacing : 1,
    calibration,
    frameOfReferenceUid: text(dataset, TAG.frameOfReference) || null,
  };
}

const AXES = {
  position: [0, 0, 0],
  row: [1, 0, 0],
  column: [0, 1, 0],
} as const satisfies Record<string, Vector>;

/** Space in which the drawing library works: the patient's where known, else the image's own. */
export function drawingAxes(plane: Plane): { position: Vector; row: Vector; column: Vector } {
  return plane.patient ?? AXES;
}

/** From drawing space to [column, row] in pixels, fractions kept; pixel centres are whole numbers. */
export function toPixel(plane: Plane, point: Vector): [number, number] {
  const { position, row, column } = drawingAxes(plane);
  const dx = point[0] - position[0];
  const dy = point[1] - position[1];
  const dz = point[2] - position[2];
  return [
    (dx * row[0] + dy * row[1] + dz * row[2]) / plane.columnSpacing,
    (dx * column[0] + dy * column[1] + dz * column[2]) / plane.rowSpacing,
  ];
}

/** From [column, row] in pixels to drawing space. */
export function fromPixel(plane: Plane, pixel: readonly [number, number]): [number, number, number] {
  const { position, row, column } = drawingAxes(plane);
  const along = pixel[0] * plane.columnSpacing;
  const down = pixel[1] * plane.rowSpacing;
  return [
    position[0] + along * row[0] + down * column[0],
    position[1] + along * row[1] + down * column[1],
    position[2] + along * row[2] + down * column[2],
  ];
}

/** Millimetres per pixel that hold at all of `pixels`, or null when they may only be measured in pixels. */
export function spacingAt(
  plane: Plane,
  pixels: readonly (readonly [number, number])[],
): { row: number; column: number } | null {
  const { calibration } = plane;
  if (calibration.kind === 'none') return null;
  if (calibration.kind !== 'regions') return { row: calibration.rowSpacing, column: calibration.columnSpacing };
  for (const region of calibration.regions) {
    const inside = ([x, y]: readonly [number, number]): boolean =>
      x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
    if (pixels.every(inside)) return { row: region.rowSpacing, column: region.columnSpacing };
  }
  return null;
}
