/** Colours of a fused series. `hot` runs from black over red and yellow to white, `cool` from black over blue-green to white. */
export const COLOUR_MAPS = ['hot', 'cool', 'grey'] as const;
export type ColourMap = (typeof COLOUR_MAPS)[number];

/** Values between which the colours run. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const part = (value: number): number => Math.min(1, Math.max(0, value));

/** Red, green and blue (0 to 1) at a part of the way from the low to the high end. */
const MAPS: Readonly<Record<ColourMap, (t: number) => readonly [number, number, number]>> = {
  hot: (t) => [part(t * 3), part(t * 3 - 1), part(t * 3 - 2)],
  cool: (t) => [part(t * 3 - 2), part(t * 1.5), part(t * 2)],
  grey: (t) => [t, t, t],
};

/** Up to this part of the way a colour fades in, so that what is next to nothing doesn't darken the image under it. */
const FADE = 0.25;

/**
 * Values as RGBA, not premultiplied: nothing at and below the low end and where there is no value, whole from a quarter of
 * the way on. How far the image shows through on top of that is the reader's.
 */
export function coloured(values: Float32Array, { low, high }: Span, map: ColourMap): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  const colour = MAPS[map];
  const width = Math.max(high - low, Number.EPSILON);
  for (let i = 0; i < values.length; i++) {
    const t = ((values[i] as number) - low) / width;
    if (!(t > 0)) continue;
    const [red, green, blue] = colour(Math.min(1, t));
    pixels[i * 4] = red * 255;
    pixels[i * 4 + 1] = green * 255;
    pixels[i * 4 + 2] = blue * 255;
    pixels[i * 4 + 3] = Math.min(1, t / FADE) * 255;
  }
  return pixels;
}
