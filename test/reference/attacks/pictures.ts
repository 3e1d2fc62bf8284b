import { headPhantom } from '../../fixtures/head-phantom.ts';

/** Radii of the golden attacks: largest change of a pixel, and Euclidean. */
export const GOLDEN_EPSILONS = { linf: 2 / 255, l2: 0.5 } as const;
const COUNT = 20;

/** Twenty heads behind each other, `side` × `side` numbers each. */
export function goldenPictures(side: number): Float32Array {
  const all = new Float32Array(COUNT * side * side);
  for (let i = 0; i < COUNT; i++) all.set(headPhantom(side, i), i * side * side);
  return all;
}
