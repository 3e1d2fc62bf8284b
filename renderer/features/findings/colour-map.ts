/** Viridis of matplotlib at ten even places: even in lightness, and told apart with every kind of colour vision. */
const VIRIDIS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
] as const;

/** Colour of a value of 0 … 1, each channel 0 … 255. */
export function colourOf(value: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, value)) * (VIRIDIS.length - 1);
  const low = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [a, b] = [VIRIDIS[low] ?? VIRIDIS[0], VIRIDIS[low + 1] ?? VIRIDIS[0]];
  const mix = (i: 0 | 1 | 2): number => Math.round(a[i] + (b[i] - a[i]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** Value from which a map covers as much as the slider says; below, the image shows through more and more, and at 0 it is bare. */
const COVERS = 0.5;

/** A map as a canvas takes it: four bytes a pixel. */
export function mapPixels(values: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  return new Uint8ClampedArray(values.flatMap((value) => [...colourOf(value), 255 * Math.min(1, value / COVERS)]));
}

/** The scale as a CSS gradient, from 0 to 1. */
export function scaleGradient(): string {
  const stops = VIRIDIS.map((_, i) => `rgb(${colourOf(i / (VIRIDIS.length - 1)).join(' ')})`);
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
