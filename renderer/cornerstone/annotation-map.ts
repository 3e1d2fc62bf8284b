import type { Annotation, AnnotationKind, Point } from '../../core/annotate/annotation.ts';
import { TAG, text } from './dataset.ts';
import type { FrameFacts } from './facts.ts';
import { drawingAxes, fromPixel, toPixel, type Vector } from './geometry.ts';
import { parseImageId } from './image-id.ts';
import { type Ground, measure, type Pixel } from './measure.ts';
import type { PixelGrid } from './pixels.ts';
import { homeOnPlanes } from './reformat/mark-place.ts';

/** The part of a tool's state that matters; Cornerstone's own type is wider. Points are in drawing space. */
export interface ToolState {
  annotationUID?: string;
  readonly metadata: { readonly toolName: string; readonly referencedImageId?: string };
  readonly data: {
    label?: string;
    handles?: { points?: (readonly number[])[] };
    contour?: { polyline?: (readonly number[])[]; closed?: boolean };
  };
}

const TOOL_OF: Readonly<Record<Exclude<AnnotationKind, 'key-image'>, string>> = {
  length: 'Length',
  bidirectional: 'Bidirectional',
  angle: 'Angle',
  cobb: 'CobbAngle',
  rectangle: 'RectangleROI',
  ellipse: 'EllipticalROI',
  freehand: 'PlanarFreehandROI',
  arrow: 'ArrowAnnotate',
  text: 'Label',
  probe: 'Probe',
};

/** Points that each kind keeps; freehand keeps all. */
const POINTS_OF: Readonly<Partial<Record<AnnotationKind, number>>> = {
  length: 2,
  bidirectional: 4,
  angle: 3,
  cobb: 4,
  rectangle: 4,
  ellipse: 4,
  arrow: 2,
  text: 1,
  probe: 1,
};

/** Cornerstone's tool for a kind of mark; null for key images, which aren't drawn. */
export function toolNameOf(kind: AnnotationKind): string | null {
  return kind === 'key-image' ? null : TOOL_OF[kind];
}

/** The kind of mark that a tool draws; null for tools that aren't ours. */
function kindOf(toolName: string): AnnotationKind | null {
  for (const [kind, name] of Object.entries(TOOL_OF)) if (name === toolName) return kind as AnnotationKind;
  return null;
}

/** Points in patient space are kept where the frame of reference is known, so that they hold outside this image too. */
function inPatientSpace(facts: FrameFacts): boolean {
  return facts.plane.patient !== null && facts.plane.frameOfReferenceUid !== null;
}

function vector(point: readonly number[]): Vector {
  return [point[0] ?? 0, point[1] ?? 0, point[2] ?? 0];
}

/** The line without points that lie closer together than `gap`: the pointer says more than the pixels can show. */
function thinned(line: readonly Vector[], gap: number): Vector[] {
  const kept: Vector[] = [];
  for (const point of line) {
    const last = kept.at(-1);
    const step = last === undefined ? gap : Math.hypot(point[0] - last[0], point[1] - last[1], point[2] - last[2]);
    if (step >= gap) kept.push(point);
  }
  return kept;
}

function drawnPoints(state: ToolState, kind: AnnotationKind, spacing: number): Vector[] {
  const { contour, handles } = state.data;
  if (kind !== 'freehand') return (handles?.points ?? []).slice(0, POINTS_OF[kind]).map(vector);
  const line = thinned((contour?.polyline ?? []).map(vector), spacing / 2);
  const first = line[0];
  return contour?.closed === true && first !== undefined ? [...line, first] : line;
}

/** Pixels of a mark, whichever space its points are kept in. */
export function pixelsOf(annotation: Annotation, facts: FrameFacts): Pixel[] {
  if (annotation.frameOfReferenceUid === null) return annotation.points.map((point) => [point[0], point[1]]);
  return annotation.points.map((point) => toPixel(facts.plane, point));
}

/** The ground that marks on this frame are measured on. */
function groundOf(facts: FrameFacts, grid: PixelGrid | null): Ground {
  return { plane: facts.plane, grid, unit: facts.unit };
}

/** What a mark on this frame is made of besides its points and text. */
export interface MarkBase {
  readonly uid: string;
  readonly kind: AnnotationKind;
  readonly label: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** A mark from its pixels, measured. */
export function annotationFromPixels(
  base: MarkBase,
  pixels: readonly Pixel[],
  imageId: string,
  facts: FrameFacts,
  grid: PixelGrid | null,
): Annotation {
  const patient = inPatientSpace(facts);
  const points: Point[] = pixels.map((pixel) => (patient ? fromPixel(facts.plane, pixel) : [pixel[0], pixel[1], 0]));
  const [first] = points;
  const onPlane = first === undefined ? null : homeOnPlanes(imageId, first);
  const home = onPlane ?? { imageId, sopInstanceUid: text(facts.dataset, TAG.sopInstance), reformat: null };
  const image = parseImageId(home.imageId);
  return {
    uid: base.uid,
    kind: base.kind,
    seriesInstanceUid: text(facts.dataset, TAG.seriesInstance),
    sopInstanceUid: home.sopInstanceUid,
    objectId: image.objectId,
    frame: image.frame,
    frameOfReferenceUid: patient ? facts.plane.frameOfReferenceUid : null,
    ...(home.reformat === null ? {} : { reformat: home.reformat }),
    points,
    label: base.label,
    measurements: measure(base.kind, pixels, groundOf(facts, grid)),
    createdAt: base.createdAt,
    modifiedAt: base.modifiedAt,
  };
}

/**
 * The mark that a tool's state stands for; null when the tool isn't one of ours or has no points yet.
 * `createdAt` and `now` are ISO 8601, UTC.
 */
export function toAnnotation(
  state: ToolState,
  imageId: string,
  facts: FrameFacts,
  grid: PixelGrid | null,
  times: { readonly createdAt: string; readonly now: string },
): Annotation | null {
  const kind = kindOf(state.metadata.toolName);
  if (kind === null || state.annotationUID === undefined) return null;
  const pixels = drawnPoints(state, kind, facts.plane.columnSpacing).map((point) => toPixel(facts.plane, point));
  if (pixels.length < (POINTS_OF[kind] ?? 2)) return null;
  const base = {
    uid: state.annotationUID,
    kind,
    label: (state.data.label ?? '').trim(),
    createdAt: times.createdAt,
    modifiedAt: times.now,
  };
  return annotationFromPixels(base, pixels, imageId, facts, grid);
}

function cross(a: Vector, b: Vector): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Tools skip a mark with an empty text; ours are drawn beside the mark and may be empty. */
const NO_TEXT = ' ';

/** Cornerstone's record of a mark, ready for its annotation manager; null for key images. */
export function fromAnnotation(annotation: Annotation, imageId: string, facts: FrameFacts): FullToolState | null {
  const toolName = toolNameOf(annotation.kind);
  if (toolName === null) return null;
  const { row, column } = drawingAxes(facts.plane);
  const points = pixelsOf(annotation, facts).map((pixel) => fromPixel(facts.plane, pixel));
  const closed = annotation.kind === 'freehand' && isRing(points);
  const line = closed ? points.slice(0, -1) : points;
  const ends = line.length > 0 ? [line[0], line.at(-1)].filter((end) => end !== undefined) : [];
  const normal = cross(row, column);
  return {
    annotationUID: annotation.uid,
    highlighted: false,
    invalidated: true,
    isLocked: false,
    isVisible: true,
    isSelected: false,
    metadata: {
      toolName,
      referencedImageId: imageId,
      FrameOfReferenceUID: facts.plane.frameOfReferenceUid ?? text(facts.dataset, TAG.seriesInstance),
      viewPlaneNormal: [-normal[0], -normal[1], -normal[2]],
      viewUp: [-column[0], -column[1], -column[2]],
    },
    data: {
      label: annotation.label || NO_TEXT,
      cachedStats: {},
      handles: {
        points: annotation.kind === 'freehand' ? (closed ? [] : ends) : points,
        activeHandleIndex: null,
        arrowFirst: true,
        textBox: noTextBox(),
      },
      ...(annotation.kind === 'freehand' ? { contour: { polyline: line, closed }, isOpenUShapeContour: false } : {}),
      ...(annotation.kind === 'ellipse' ? { initialRotation: 0 } : {}),
    },
  };
}

function isRing(points: readonly Vector[]): boolean {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 4 || first === undefined || last === undefined) return false;
  return Math.hypot(first[0] - last[0], first[1] - last[1], first[2] - last[2]) < 1e-6;
}

type Triple = [number, number, number];

function noTextBox(): TextBox {
  const corner = (): Triple => [0, 0, 0];
  return {
    hasMoved: false,
    worldPosition: corner(),
    worldBoundingBox: { topLeft: corner(), topRight: corner(), bottomLeft: corner(), bottomRight: corner() },
  };
}

interface TextBox {
  hasMoved: boolean;
  worldPosition: Triple;
  worldBoundingBox: { topLeft: Triple; topRight: Triple; bottomLeft: Triple; bottomRight: Triple };
}

/** What Cornerstone's annotation manager takes. */
export interface FullToolState extends ToolState {
  annotationUID: string;
  highlighted: boolean;
  invalidated: boolean;
  isLocked: boolean;
  isVisible: boolean;
  isSelected: boolean;
  metadata: {
    toolName: string;
    referencedImageId: string;
    FrameOfReferenceUID: string;
    viewPlaneNormal: Triple;
    viewUp: Triple;
  };
  data: {
    label: string;
    cachedStats: Record<string, unknown>;
    handles: { points: Triple[]; activeHandleIndex: null; arrowFirst: boolean; textBox: TextBox };
    contour?: { polyline: Triple[]; closed: boolean };
    isOpenUShapeContour?: boolean;
    initialRotation?: number;
  };
}
