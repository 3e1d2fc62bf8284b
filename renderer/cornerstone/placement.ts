import { getShouldUseCPURendering, type StackViewport, type Types } from '@cornerstonejs/core';
import { fromPixel, type Plane, toPixel } from './geometry.ts';

/**
 * Where and which way round an image lies in its viewport. Cornerstone draws by the graphics processor or by a canvas, and
 * the two differ in what their flips, pans and zooms count from; here both mean the same.
 */
export interface Orientation {
  /** Degrees clockwise, after the flips. */
  readonly rotation: number;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
}

export const UPRIGHT: Orientation = { rotation: 0, flippedHorizontally: false, flippedVertically: false };

/** Turns the image as it is seen; what was flipped stays flipped. */
export function turned(orientation: Orientation, degrees: number): Orientation {
  return { ...orientation, rotation: (((orientation.rotation + degrees) % 360) + 360) % 360 };
}

/**
 * Mirrors the image as it is seen, left and right or top and bottom. A mirror after a turn is the same as the mirror
 * before the opposite turn.
 */
export function mirrored(orientation: Orientation, axis: 'horizontal' | 'vertical'): Orientation {
  const back = turned({ ...orientation, rotation: 0 }, -orientation.rotation);
  if (axis === 'horizontal') return { ...back, flippedHorizontally: !orientation.flippedHorizontally };
  return { ...back, flippedVertically: !orientation.flippedVertically };
}

/** Sets the orientation, whatever it was. */
export function orient(viewport: StackViewport, orientation: Orientation): void {
  const { rotation, flippedHorizontally: flipHorizontal, flippedVertically: flipVertical } = orientation;
  if (getShouldUseCPURendering()) viewport.setCamera({ flipHorizontal, flipVertical });
  else viewport.setViewPresentation({ rotation: 0, flipHorizontal, flipVertical });
  viewport.setViewPresentation({ rotation });
}

/** Brings a point of drawing space to the middle of the viewport. */
export function centerOn(viewport: StackViewport, point: Types.Point3): void {
  const { focalPoint, position } = viewport.getCamera();
  if (focalPoint === undefined || position === undefined) return;
  const shift = point.map((value, axis) => value - (focalPoint[axis] ?? 0));
  const moved = position.map((value, axis) => value + (shift[axis] ?? 0)) as Types.Point3;
  viewport.setCamera({ focalPoint: point, position: moved });
}

/** Moves the picture on the screen, in CSS pixels. */
export function panBy(viewport: StackViewport, x: number, y: number): void {
  const { clientWidth, clientHeight } = viewport.element;
  centerOn(viewport, viewport.canvasToWorld([clientWidth / 2 - x, clientHeight / 2 - y]));
}

/** Enlarges the picture around the middle of the viewport. */
export function zoomBy(viewport: StackViewport, factor: number): void {
  viewport.setZoom(viewport.getZoom() * factor);
}

/** Zooms closer than this part are the same; a canvas has whole pixels. */
const SAME_ZOOM = 0.01;

/** Zoom (CSS pixels a column) at which an image just fills a viewport of `size`, CSS pixels. A quarter turn swaps its sides. */
export function fittedZoom(plane: Plane, size: readonly [number, number], rotation: number): number {
  const { columns, rows, columnSpacing, rowSpacing } = plane;
  const [width, height] = rotation % 180 === 0 ? size : [size[1], size[0]];
  return Math.min(width / columns, (height / (rows * rowSpacing)) * columnSpacing);
}

/** Whether an image, drawn so, just fills a viewport of `size`, CSS pixels; `zoom` is in CSS pixels a column. */
export function isFittedZoom(
  { zoom, rotation }: { readonly zoom: number; readonly rotation: number },
  plane: Plane,
  size: readonly [number, number],
): boolean {
  return Math.abs(zoom / fittedZoom(plane, size, rotation) - 1) < SAME_ZOOM;
}

/** Fits the whole image into the viewport and centres it; its orientation stays. */
export function fitImage(viewport: StackViewport, orientation: Orientation, plane: Plane | null): void {
  orient(viewport, UPRIGHT);
  viewport.resetCamera();
  orient(viewport, orientation);
  if (plane === null) return;
  centerOn(viewport, fromPixel(plane, [(plane.columns - 1) / 2, (plane.rows - 1) / 2]));
  const { clientWidth, clientHeight } = viewport.element;
  const size = [clientWidth, clientHeight] as const;
  if (orientation.rotation % 180 === 0 || clientWidth === 0 || clientHeight === 0) return;
  // Cornerstone fits the upright image.
  zoomBy(viewport, fittedZoom(plane, size, orientation.rotation) / fittedZoom(plane, size, 0));
}

/**
 * The canvas path counts pixels from their corners, the graphics processor and DICOM (PS3.3 C.7.6.2.1.1) from their
 * centres: without this a mark would lie half a pixel beside itself on another computer. `plane` is that of the image on
 * screen, null while there is none.
 */
export function countFromCentres(viewport: StackViewport, plane: () => Plane | null): void {
  if (!getShouldUseCPURendering()) return;
  const { canvasToWorld, worldToCanvas } = viewport;
  const moved = (point: Types.Point3, by: number): Types.Point3 => {
    const now = plane();
    if (now === null) return point;
    const [column, row] = toPixel(now, point);
    return fromPixel(now, [column + by, row + by]);
  };
  viewport.canvasToWorld = (canvas) => moved(canvasToWorld(canvas), -0.5);
  viewport.worldToCanvas = (point) => worldToCanvas(moved(point, 0.5));
}
