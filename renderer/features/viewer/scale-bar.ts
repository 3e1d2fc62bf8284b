/** A round length and how long it is on screen. */
export interface ScaleBar {
  readonly millimetres: number;
  readonly pixels: number;
  readonly text: string;
}

/** Longest bar, as a part of the viewport's width. */
const LONGEST = 0.3;

function write(millimetres: number): string {
  if (millimetres >= 10) return `${millimetres / 10} cm`;
  return millimetres >= 1 ? `${millimetres} mm` : `${millimetres * 1000} µm`;
}

/**
 * The longest bar of 1, 2 or 5 × 10^n mm that fits into its share of the width. Null when nothing sensible fits.
 * @param pixelsPerMillimetre CSS pixels on screen per millimetre along the image's horizontal.
 */
export function scaleBar(pixelsPerMillimetre: number, width: number): ScaleBar | null {
  const longest = (width * LONGEST) / pixelsPerMillimetre;
  if (!Number.isFinite(longest) || longest <= 0) return null;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((factor) => factor * power <= longest) ?? 1;
  const millimetres = Number((step * power).toPrecision(1));
  const pixels = millimetres * pixelsPerMillimetre;
  return pixels < 10 ? null : { millimetres, pixels, text: write(millimetres) };
}
