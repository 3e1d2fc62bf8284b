/** Ways in which an image gets worse without anybody's intent: the lines that attacks are compared with. */
import { normal } from './projected-gradient.ts';

/** Grey noise of standard deviation `sigma` (units of the input), clipped to [0, 1]. */
export function noisy(inputs: Float32Array, sigma: number, random: () => number): Float32Array {
  return inputs.map((value) => Math.min(1, Math.max(0, value + sigma * normal(random))));
}

/** Each number moved by ±ε at random: as far as FGSM moves it, but without its knowledge. */
export function randomSigns(inputs: Float32Array, epsilon: number, random: () => number): Float32Array {
  return inputs.map((value) => Math.min(1, Math.max(0, value + (random() < 0.5 ? -epsilon : epsilon))));
}

/** Contrast around the middle of the range. */
export function contrasted(inputs: Float32Array, factor: number): Float32Array {
  return inputs.map((value) => Math.min(1, Math.max(0, 0.5 + (value - 0.5) * factor)));
}

/** Gaussian blur of standard deviation `sigma` pixels of square images of `side` pixels and one channel; edges repeat. */
export function blurred(inputs: Float32Array, side: number, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const kernel = raw.map((value) => value / total);
  const along = (source: Float32Array, step: (at: number, by: number) => number): Float32Array =>
    source.map((_, at) => kernel.reduce((sum, k, i) => sum + k * (source[step(at, i - reach)] as number), 0));
  const held = (place: number, by: number): number => Math.min(side - 1, Math.max(0, place + by)) - place;
  const horizontal = along(inputs, (at, by) => at + held(at % side, by));
  return along(horizontal, (at, by) => at + side * held(Math.floor(at / side) % side, by));
}
