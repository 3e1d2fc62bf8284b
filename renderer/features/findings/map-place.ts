import type { ModelRunReport } from '../../../core/contract/model.ts';

type Point = readonly [number, number];

/**
 * CSS transform that lays a box of `side` pixels, its origin at the top left, exactly over the square that the model saw. The
 * square's edges count from the image's edge, image pixels from their centres: half a pixel lies between the two.
 * @param toCanvas from image pixels to the canvas; null when nothing is shown
 */
export function mapTransform(
  { left, top, side: seen }: ModelRunReport['seen'],
  side: number,
  toCanvas: (pixel: Point) => Point | null,
): string | null {
  const origin = toCanvas([left - 0.5, top - 0.5]);
  const right = toCanvas([left - 0.5 + seen, top - 0.5]);
  const below = toCanvas([left - 0.5, top - 0.5 + seen]);
  if (origin === null || right === null || below === null) return null;
  const axis = (end: Point): string => `${(end[0] - origin[0]) / side}, ${(end[1] - origin[1]) / side}`;
  return `matrix(${axis(right)}, ${axis(below)}, ${origin[0]}, ${origin[1]})`;
}
