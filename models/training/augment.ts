import type { TrainingRandom } from './random.ts';

/** How far pictures are varied. */
export interface Variation {
  /** Mirror left and right in half of the cases. */
  readonly mirror: boolean;
  /** Largest rotation, in degrees. */
  readonly rotate: number;
  /** Largest shift, as a share of the side. */
  readonly shift: number;
  /** Largest change of size, as a share. */
  readonly zoom: number;
  /** Largest change of the exponent of brightness (gamma), as a share. */
  readonly gamma: number;
}

/** Writes a varied copy of a square picture to `out`; what comes from outside is black. */
export function vary(
  picture: Float32Array,
  side: number,
  variation: Variation,
  random: TrainingRandom,
  out: Float32Array,
): void {
  const angle = (random.between(-variation.rotate, variation.rotate) * Math.PI) / 180;
  const zoom = 1 + random.between(-variation.zoom, variation.zoom);
  const [dx, dy] = [0, 1].map(() => side * random.between(-variation.shift, variation.shift)) as [number, number];
  const flip = variation.mirror && random.next() < 0.5 ? -1 : 1;
  const gamma = 1 + random.between(-variation.gamma, variation.gamma);
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const middle = (side - 1) / 2;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [u, v] = [flip * (x - middle - dx), y - middle - dy];
      const value = sampled(picture, side, cos * u + sin * v + middle, cos * v - sin * u + middle);
      out[y * side + x] = value > 0 ? value ** gamma : 0;
    }
}

/** Bilinear. */
function sampled(picture: Float32Array, side: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : (picture[row * side + column] as number);
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
