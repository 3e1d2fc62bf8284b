import type { Pixel } from './measure.ts';
import type { StackView } from './stack-view.ts';

/**
 * CSS transform that lays a canvas with one pixel for each of the image's exactly over the image, however that is zoomed,
 * turned or flipped. A canvas counts from its edge, image pixels from their centres: half a pixel lies between the two. Null
 * when nothing is shown.
 */
export function overImage(view: StackView): string | null {
  const at = (pixel: Pixel): Pixel | null => view.toCanvas(pixel);
  const origin = at([-0.5, -0.5]);
  const right = at([0.5, -0.5]);
  const below = at([-0.5, 0.5]);
  if (origin === null || right === null || below === null) return null;
  const axis = (end: Pixel): string => `${end[0] - origin[0]}, ${end[1] - origin[1]}`;
  return `matrix(${axis(right)}, ${axis(below)}, ${origin[0]}, ${origin[1]})`;
}
