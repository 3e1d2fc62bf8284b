import type { Segment } from '../../../core/annotate/segment.ts';

/** A segment's mask on the image that is drawn. */
export interface DrawnMask {
  readonly segment: Segment;
  readonly mask: Uint8Array;
  /** Its edge is white: it is the one that is painted. */
  readonly isActive: boolean;
}

/** The part of an image that masks lie in, and its pixels: RGBA, not premultiplied. */
export interface SegmentPicture {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

type Rgb = readonly [number, number, number];
const WHITE: Rgb = [255, 255, 255];

function boundsOf(masks: readonly DrawnMask[], columns: number): readonly [number, number, number, number] | null {
  let left = columns;
  let right = -1;
  let top = Number.POSITIVE_INFINITY;
  let bottom = -1;
  for (const { mask } of masks) {
    for (let at = mask.indexOf(1); at !== -1; at = mask.indexOf(1, at + 1)) {
      const x = at % columns;
      const y = (at - x) / columns;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : [left, top, right, bottom];
}

/** A painted pixel beside one that isn't, or beside the image's end. */
function isEdge(mask: Uint8Array, at: number, columns: number): boolean {
  const x = at % columns;
  return (
    x === 0 ||
    x === columns - 1 ||
    mask[at - 1] !== 1 ||
    mask[at + 1] !== 1 ||
    mask[at - columns] !== 1 ||
    mask[at + columns] !== 1
  );
}

/**
 * Masks as one picture: fills let the image through by each segment's opacity, edges don't. Later segments lie over earlier
 * ones. Null where nothing is painted.
 * @param columns of the image, and of every mask
 * @param colourOf red, green and blue of a segment's colour, 0 to 255
 */
export function segmentPicture(
  masks: readonly DrawnMask[],
  columns: number,
  colourOf: (colour: number) => Rgb,
): SegmentPicture | null {
  const bounds = boundsOf(masks, columns);
  if (bounds === null) return null;
  const [left, top, right, bottom] = bounds;
  const width = right - left + 1;
  const pixels = new Uint8ClampedArray(width * (bottom - top + 1) * 4);
  for (const { segment, mask, isActive } of masks) {
    const own = colourOf(segment.colour);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const at = y * columns + x;
        if (mask[at] !== 1) continue;
        const edge = isEdge(mask, at, columns);
        blend(pixels, ((y - top) * width + x - left) * 4, edge && isActive ? WHITE : own, edge ? 1 : segment.opacity);
      }
    }
  }
  return { left, top, columns: width, rows: bottom - top + 1, pixels };
}

/** One colour over what is there ("over" of Porter and Duff, on colours that aren't premultiplied). */
function blend(pixels: Uint8ClampedArray, at: number, colour: Rgb, alpha: number): void {
  const below = (pixels[at + 3] as number) / 255;
  const whole = alpha + below * (1 - alpha);
  if (whole === 0) return;
  for (let i = 0; i < 3; i++) {
    pixels[at + i] = ((colour[i] as number) * alpha + (pixels[at + i] as number) * below * (1 - alpha)) / whole;
  }
  pixels[at + 3] = whole * 255;
}
