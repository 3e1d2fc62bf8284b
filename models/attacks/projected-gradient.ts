/**
 * Attacks that climb the loss by steps and stay within ε of the image: FGSM (Goodfellow et al. 2015), BIM (Kurakin et al.
 * 2016) and PGD (Madry et al. 2018) in the largest and in the Euclidean norm. They ascend; the review's text on its equation
 * (1), which says "descending", is a slip.
 */
import {
  type AttackControl,
  type Batch,
  crossEntropy,
  type Differentiable,
  lossGradient,
  predictedClasses,
  rowOf,
} from './classifier.ts';

export type Norm = 'linf' | 'l2';

/** How far and how long an attack climbs. */
export interface Climb {
  readonly norm: Norm;
  /** Radius, in units of the input ([0, 1]). */
  readonly epsilon: number;
  /** Length α of one step. */
  readonly step: number;
  readonly steps: number;
  /** Starts, of which the worst for the classifier is kept. More than one needs `random`. */
  readonly restarts: number;
  /** Evenly in [0, 1); the start is drawn evenly from the ball. Null starts at the image itself. */
  readonly random: (() => number) | null;
  /** Classes to be reached, one for each image; null means any other than the label. */
  readonly targets?: readonly number[] | null;
}

/** One step of length ε along the sign. */
export function fgsm(epsilon: number, targets: readonly number[] | null = null): Climb {
  return { norm: 'linf', epsilon, step: epsilon, steps: 1, restarts: 1, random: null, targets };
}

/** FGSM in steps from the image itself; α = ε/10 is one choice and no definition. */
export function bim(epsilon: number, steps = 10, step = epsilon / 10): Climb {
  return { norm: 'linf', epsilon, step, steps, restarts: 1, random: null };
}

/** Projected gradient from random starts. */
export function pgd(
  norm: Norm,
  epsilon: number,
  random: () => number,
  { steps = 40, step = epsilon / 10, restarts = 5 }: { steps?: number; step?: number; restarts?: number } = {},
): Climb {
  return { norm, epsilon, step, steps, restarts, random };
}

/** A number of the standard normal distribution (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function length(row: Float32Array): number {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
}

/** A point drawn evenly from the ball of radius ε, written over `offset`. */
function drawInBall(offset: Float32Array, { norm, epsilon }: Climb, random: () => number): void {
  if (norm === 'linf') {
    for (let i = 0; i < offset.length; i++) offset[i] = (2 * random() - 1) * epsilon;
    return;
  }
  // The first n coordinates of an even point on the sphere of n + 2 dimensions are even in the ball of n.
  const drawn = Float32Array.from({ length: offset.length + 2 }, () => normal(random));
  const scale = epsilon / length(drawn);
  for (let i = 0; i < offset.length; i++) offset[i] = (drawn[i] as number) * scale;
}

/** Moves one image by one step and back into ball and range. `from` is the untouched image. */
function stepImage(image: Float32Array, from: Float32Array, gradient: Float32Array, climb: Climb, sign: 1 | -1): void {
  const { norm, epsilon, step } = climb;
  const steep = norm === 'l2' ? length(gradient) : 1;
  for (let i = 0; i < image.length; i++) {
    const slope = gradient[i] as number;
    const direction = norm === 'linf' ? Math.sign(slope) : steep === 0 ? 0 : slope / steep;
    image[i] = (image[i] as number) + sign * step * direction;
  }
  project(image, from, norm, epsilon);
}

/** Into the ball around `from`, then into [0, 1], which lies no further away. */
function project(image: Float32Array, from: Float32Array, norm: Norm, epsilon: number): void {
  let shrink = 1;
  if (norm === 'l2') {
    let squares = 0;
    for (let i = 0; i < image.length; i++) squares += ((image[i] as number) - (from[i] as number)) ** 2;
    shrink = Math.min(1, epsilon / Math.sqrt(squares || 1));
  }
  for (let i = 0; i < image.length; i++) {
    const origin = from[i] as number;
    const offset = (image[i] as number) - origin;
    const kept = norm === 'linf' ? Math.min(epsilon, Math.max(-epsilon, offset)) : offset * shrink;
    image[i] = Math.min(1, Math.max(0, origin + kept));
  }
}

/** One climb from one start, for all images at once. */
async function climbOnce(
  model: Differentiable,
  batch: Batch,
  climb: Climb,
  stepped: () => Promise<void>,
): Promise<Float32Array> {
  const images = batch.inputs.slice();
  const rows = batch.labels.map((_, i) => i);
  if (climb.random !== null) {
    const { random } = climb;
    for (const i of rows) {
      const [image, from] = [rowOf(images, i, model.size), rowOf(batch.inputs, i, model.size)];
      drawInBall(image, climb, random);
      for (let p = 0; p < image.length; p++) image[p] = (image[p] as number) + (from[p] as number);
      project(image, from, climb.norm, climb.epsilon);
    }
  }
  const targets = climb.targets ?? null;
  const labels = targets ?? batch.labels;
  for (let step = 0; step < climb.steps; step++) {
    const gradient = await lossGradient(model, { inputs: images, labels });
    for (const i of rows) {
      const part = (values: Float32Array): Float32Array => rowOf(values, i, model.size);
      stepImage(part(images), part(batch.inputs), part(gradient), climb, targets === null ? 1 : -1);
    }
    await stepped();
  }
  return images;
}

/** How bad an image is for the classifier: any success beats any failure, then the loss decides. */
function badness(logits: Float32Array, batch: Batch, climb: Climb, classes: number): number[] {
  const targets = climb.targets ?? null;
  const predicted = predictedClasses(logits, classes);
  const losses = crossEntropy(logits, targets ?? batch.labels, classes);
  return predicted.map((found, i) => {
    const succeeded = targets === null ? found !== batch.labels[i] : found === targets[i];
    const loss = losses[i] as number;
    return (succeeded ? 1e12 : 0) + (targets === null ? loss : -loss);
  });
}

/**
 * The attacked images, each within ε of its own and in [0, 1].
 * @throws the signal's reason between two steps
 */
export async function projectedGradient(
  model: Differentiable,
  batch: Batch,
  climb: Climb,
  { signal, progress, turn }: AttackControl = {},
): Promise<Float32Array> {
  const starts = climb.random === null ? 1 : climb.restarts;
  let done = 0;
  const stepped = async (): Promise<void> => {
    await turn?.();
    signal?.throwIfAborted();
    done += 1;
    progress?.(done, starts * climb.steps);
  };
  const worst = batch.inputs.slice();
  const worstBadness = batch.labels.map(() => Number.NEGATIVE_INFINITY);
  for (let start = 0; start < starts; start++) {
    const images = await climbOnce(model, batch, climb, stepped);
    const found = badness(await model.logits(images), batch, climb, model.classes);
    for (const [i, value] of found.entries()) {
      if (value <= (worstBadness[i] as number)) continue;
      worstBadness[i] = value;
      rowOf(worst, i, model.size).set(rowOf(images, i, model.size));
    }
  }
  return worst;
}
