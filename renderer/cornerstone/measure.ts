import type { AnnotationKind, Measurement } from '../../core/annotate/annotation.ts';
import { type Plane, spacingAt } from './geometry.ts';
import { type PixelGrid, valueAt } from './pixels.ts';

/** [column, row] in pixels; pixel centres are whole numbers. */
export type Pixel = readonly [number, number];

/** What a mark is measured against: the plane, and the pixels with their UCUM unit where they are at hand. */
export interface Ground {
  readonly plane: Plane;
  readonly grid: PixelGrid | null;
  readonly unit: string;
}

interface Scale {
  readonly row: number;
  readonly column: number;
  /** `mm` or `px`: never millimetres where the file gives none. */
  readonly unit: 'mm' | 'px';
}

function scaleOf(plane: Plane, pixels: readonly Pixel[]): Scale {
  const spacing = spacingAt(plane, pixels);
  return spacing === null ? { row: 1, column: 1, unit: 'px' } : { ...spacing, unit: 'mm' };
}

/** A pixel's shape counts for angles even where its size is unknown. */
function shapeOf(plane: Plane, pixels: readonly Pixel[]): { row: number; column: number } {
  return spacingAt(plane, pixels) ?? { row: plane.rowSpacing, column: plane.columnSpacing };
}

function distance(a: Pixel, b: Pixel, scale: { row: number; column: number }): number {
  return Math.hypot((a[0] - b[0]) * scale.column, (a[1] - b[1]) * scale.row);
}

/** Degrees between the directions a→b and c→d. */
function angleBetween(a: Pixel, b: Pixel, c: Pixel, d: Pixel, shape: { row: number; column: number }): number {
  const u = [(b[0] - a[0]) * shape.column, (b[1] - a[1]) * shape.row] as const;
  const v = [(d[0] - c[0]) * shape.column, (d[1] - c[1]) * shape.row] as const;
  const degrees = Math.abs(Math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])) * (180 / Math.PI);
  return degrees;
}

/** Where a row of pixels crosses the polygon, in order: it is inside from each odd crossing to the next even one. */
function polygonCrossings(polygon: readonly Pixel[], y: number): number[] {
  const crossings: number[] = [];
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Pixel;
    const [xj, yj] = polygon[j] as Pixel;
    if (yi > y !== yj > y) crossings.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
  }
  return crossings.sort((a, b) => a - b);
}

/** Half axes of an ellipse from its four handles: the ends of one axis, then the ends of the other. */
function ellipseAxes(points: readonly Pixel[]): { center: Pixel; u: Pixel; v: Pixel } | null {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  return {
    center: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    u: [(a[0] - b[0]) / 2, (a[1] - b[1]) / 2],
    v: [(c[0] - d[0]) / 2, (c[1] - d[1]) / 2],
  };
}

/** An area: its outline, and for a row of pixels the pairs of columns between which it lies. */
interface Region {
  readonly outline: readonly Pixel[];
  readonly crossings: (y: number) => readonly number[];
}

function ellipseRegion(points: readonly Pixel[]): Region | null {
  const axes = ellipseAxes(points);
  if (axes === null) return null;
  const { center, u, v } = axes;
  const determinant = u[0] * v[1] - u[1] * v[0];
  if (determinant === 0) return null;
  const a = (v[1] ** 2 + u[1] ** 2) / determinant ** 2;
  const crossings = (y: number): readonly number[] => {
    const dy = y - center[1];
    const half = (dy * (v[0] * v[1] + u[0] * u[1])) / determinant ** 2;
    const rest = (dy ** 2 * (v[0] ** 2 + u[0] ** 2)) / determinant ** 2 - 1;
    const root = half ** 2 - a * rest;
    if (root < 0) return [];
    return [center[0] + (half - Math.sqrt(root)) / a, center[0] + (half + Math.sqrt(root)) / a];
  };
  const outline: Pixel[] = [];
  for (let i = 0; i < 64; i++) {
    const cos = Math.cos((i * Math.PI) / 32);
    const sin = Math.sin((i * Math.PI) / 32);
    outline.push([center[0] + u[0] * cos + v[0] * sin, center[1] + u[1] * cos + v[1] * sin]);
  }
  return { crossings, outline };
}

/** Corners of a rectangle in order around it, whatever order the handles are kept in. */
function aroundCenter(points: readonly Pixel[]): Pixel[] {
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  return [...points].sort((a, b) => Math.atan2(a[1] - y, a[0] - x) - Math.atan2(b[1] - y, b[0] - x));
}

/** A point of a rectangle goes through the patient and back: what lies this near to a pixel's centre is on it. */
const ON_CENTRE = 1e-3;

function snapped(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < ON_CENTRE ? whole : value;
}

/** A rectangle holds what lies on any of its edges, whichever way it is turned. */
function rectangleRegion(points: readonly Pixel[]): Region {
  const outline = aroundCenter(points.map(([x, y]) => [snapped(x), snapped(y)] as const));
  const crossings = (y: number): readonly number[] => {
    const xs: number[] = [];
    for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
      const [xi, yi] = outline[i] as Pixel;
      const [xj, yj] = outline[j] as Pixel;
      if (y < Math.min(yi, yj) || y > Math.max(yi, yj)) continue;
      if (yi === yj) xs.push(xi, xj);
      else xs.push(snapped(((xj - xi) * (y - yi)) / (yj - yi) + xi));
    }
    return xs.length === 0 ? [] : [Math.min(...xs), Math.max(...xs)];
  };
  return { outline, crossings };
}

function regionOf(kind: AnnotationKind, points: readonly Pixel[]): Region | null {
  if (kind === 'ellipse') return ellipseRegion(points);
  if (points.length < 3) return null;
  if (kind === 'rectangle') return rectangleRegion(points);
  return { outline: points, crossings: (y) => polygonCrossings(points, y) };
}

function polygonArea(outline: readonly Pixel[]): number {
  let twice = 0;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [xi, yi] = outline[i] as Pixel;
    const [xj, yj] = outline[j] as Pixel;
    twice += xj * yi - xi * yj;
  }
  return Math.abs(twice) / 2;
}

function ellipseArea(points: readonly Pixel[]): number {
  const axes = ellipseAxes(points);
  return axes === null ? 0 : Math.PI * Math.abs(axes.u[0] * axes.v[1] - axes.u[1] * axes.v[0]);
}

/** Values of the pixels whose centres lie inside. */
function* valuesInside(region: Region, grid: PixelGrid): Generator<number> {
  const ys = region.outline.map((point) => point[1]);
  const top = Math.max(0, Math.ceil(Math.min(...ys)));
  const bottom = Math.min(grid.rows - 1, Math.floor(Math.max(...ys)));
  for (let y = top; y <= bottom; y++) {
    const crossings = region.crossings(y);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const left = Math.max(0, Math.ceil(crossings[i] as number));
      const right = Math.min(grid.columns - 1, Math.floor(crossings[i + 1] as number));
      for (let x = left; x <= right; x++) {
        const value = valueAt(grid, x, y);
        if (value !== null && Number.isFinite(value)) yield value;
      }
    }
  }
}

/** Mean, population standard deviation and extremes (Welford's running form). Empty where no pixel lies inside. */
function statistics(region: Region, grid: PixelGrid, unit: string): Measurement[] {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of valuesInside(region, grid)) {
    count += 1;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return [];
  return [
    { name: 'mean', value: mean, unit },
    { name: 'std', value: Math.sqrt(squares / count), unit },
    { name: 'min', value: min, unit },
    { name: 'max', value: max, unit },
  ];
}

function perimeter(outline: readonly Pixel[], scale: Scale): number {
  let sum = 0;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    sum += distance(outline[j] as Pixel, outline[i] as Pixel, scale);
  }
  return sum;
}

function areaMeasurements(kind: AnnotationKind, points: readonly Pixel[], ground: Ground): Measurement[] {
  const region = regionOf(kind, points);
  if (region === null) return [];
  const scale = scaleOf(ground.plane, region.outline);
  const pixels = kind === 'ellipse' ? ellipseArea(points) : polygonArea(region.outline);
  const found: Measurement[] = [{ name: 'area', value: pixels * scale.row * scale.column, unit: `${scale.unit}2` }];
  if (kind === 'freehand') {
    found.push({ name: 'perimeter', value: perimeter(region.outline, scale), unit: scale.unit });
  }
  if (ground.grid !== null && ground.grid.samples === 1) found.push(...statistics(region, ground.grid, ground.unit));
  return found;
}

function openLength(points: readonly Pixel[], plane: Plane): Measurement[] {
  const scale = scaleOf(plane, points);
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += distance(points[i - 1] as Pixel, points[i] as Pixel, scale);
  return [{ name: 'length', value: sum, unit: scale.unit }];
}

function isClosed(points: readonly Pixel[]): boolean {
  const first = points[0];
  const last = points.at(-1);
  return points.length > 3 && first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1];
}

function bidirectional([a, b, c, d]: readonly Pixel[], plane: Plane): Measurement[] {
  if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
  const scale = scaleOf(plane, [a, b, c, d]);
  const axes = [distance(a, b, scale), distance(c, d, scale)].sort((x, y) => y - x);
  return [
    { name: 'length', value: axes[0] ?? 0, unit: scale.unit },
    { name: 'short-axis', value: axes[1] ?? 0, unit: scale.unit },
  ];
}

/** The angle at the middle of three points; between two segments for four, acute as Cobb's is. */
function angles(kind: AnnotationKind, points: readonly Pixel[], plane: Plane): Measurement[] {
  const [a, b, c, d] = points;
  const shape = shapeOf(plane, points);
  if (a === undefined || b === undefined || c === undefined) return [];
  if (kind === 'angle') return [{ name: 'angle', value: angleBetween(b, a, b, c, shape), unit: 'deg' }];
  if (d === undefined) return [];
  const value = angleBetween(a, b, c, d, shape);
  return [{ name: 'angle', value: Math.min(value, 180 - value), unit: 'deg' }];
}

function probe([point]: readonly Pixel[], ground: Ground): Measurement[] {
  if (point === undefined || ground.grid === null) return [];
  const value = valueAt(ground.grid, Math.round(point[0]), Math.round(point[1]));
  return value === null ? [] : [{ name: 'value', value, unit: ground.unit }];
}

/**
 * What a mark measures. Lengths are millimetres only where the image is calibrated at every point of the mark, pixels
 * otherwise; values carry the image's unit. A freehand line whose last point equals its first encloses an area.
 */
export function measure(kind: AnnotationKind, points: readonly Pixel[], ground: Ground): Measurement[] {
  switch (kind) {
    case 'length':
      return points.length < 2 ? [] : openLength(points.slice(0, 2), ground.plane);
    case 'bidirectional':
      return bidirectional(points, ground.plane);
    case 'angle':
    case 'cobb':
      return angles(kind, points, ground.plane);
    case 'rectangle':
    case 'ellipse':
      return areaMeasurements(kind, points, ground);
    case 'freehand':
      return isClosed(points)
        ? areaMeasurements(kind, points.slice(0, -1), ground)
        : points.length < 2
          ? []
          : openLength(points, ground.plane);
    case 'probe':
      return probe(points, ground);
    default:
      return [];
  }
}
