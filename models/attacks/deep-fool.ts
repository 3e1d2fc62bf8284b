import { type AttackControl, type Batch, type Differentiable, predictedClasses, rowOf } from './classifier.ts';

/** DeepFool's limits. */
export interface DeepFoolOptions {
  /** Linearisations at most. */
  readonly steps: number;
  /** How far beyond the boundary the image is pushed: η. */
  readonly overshoot: number;
  /** Classes that are looked at: those with the largest logits. */
  readonly candidates: number;
}

export const DEEP_FOOL: DeepFoolOptions = { steps: 50, overshoot: 0.02, candidates: 10 };
/** Keeps a step from ending on the boundary itself. */
const BEYOND = 1e-4;

/** Classes by falling logit, the image's own left out. */
function rivalsOf(logits: Float32Array, label: number, candidates: number): number[] {
  return Array.from(logits.keys())
    .sort((a, b) => (logits[b] as number) - (logits[a] as number))
    .slice(0, candidates)
    .filter((k) => k !== label);
}

/** ∇ₓ (Z_rival - Z_label) for one rival of each image. */
function boundaryGradients(
  model: Differentiable,
  inputs: Float32Array,
  labels: readonly number[],
  rivals: readonly number[],
): Promise<Float32Array> {
  const weights = new Float32Array(labels.length * model.classes);
  for (const [i, label] of labels.entries()) {
    weights[i * model.classes + (rivals[i] ?? label)] = 1;
    weights[i * model.classes + label] = (weights[i * model.classes + label] as number) - 1;
  }
  return model.gradient(inputs, weights);
}

/** The nearest boundary that was found so far: distance, and the step that reaches it. */
interface Nearest {
  distance: number;
  step: Float32Array | null;
}

function consider(nearest: Nearest, gap: number, normal: Float32Array): void {
  const squares = normal.reduce((sum, value) => sum + value * value, 0);
  const distance = squares === 0 ? Number.POSITIVE_INFINITY : Math.abs(gap) / Math.sqrt(squares);
  if (distance >= nearest.distance) return;
  const scale = (Math.abs(gap) + BEYOND) / squares;
  nearest.distance = distance;
  nearest.step = normal.map((value) => value * scale);
}

/** The step to the nearest linearised boundary for each image; null where every gradient is zero. */
async function nearestSteps(
  model: Differentiable,
  inputs: Float32Array,
  logits: Float32Array,
  labels: readonly number[],
  candidates: number,
): Promise<(Float32Array | null)[]> {
  const rivals = labels.map((label, i) => rivalsOf(rowOf(logits, i, model.classes), label, candidates));
  const nearest: Nearest[] = labels.map(() => ({ distance: Number.POSITIVE_INFINITY, step: null }));
  for (let n = 0; n < Math.max(...rivals.map((list) => list.length)); n++) {
    const chosen = rivals.map((list) => list[n] ?? (list[0] as number));
    const normals = await boundaryGradients(model, inputs, labels, chosen);
    for (const [i, best] of nearest.entries()) {
      const row = rowOf(logits, i, model.classes);
      const gap = (row[chosen[i] as number] as number) - (row[labels[i] as number] as number);
      consider(best, gap, rowOf(normals, i, model.size));
    }
  }
  return nearest.map(({ step }) => step);
}

/**
 * The smallest change that DeepFool (Moosavi-Dezfooli et al. 2016, Euclidean norm) finds to leave each image's class: again and
 * again it goes to the nearest boundary as if the classifier were linear. Images whose class doesn't change within
 * `steps` are given back as far as they came.
 * @throws the signal's reason between two steps
 */
export async function deepFool(
  model: Differentiable,
  batch: Batch,
  { steps, overshoot, candidates }: DeepFoolOptions = DEEP_FOOL,
  { signal, progress, turn }: AttackControl = {},
): Promise<Float32Array> {
  const { size, classes } = model;
  const images = batch.inputs.slice();
  const offsets = new Float32Array(images.length);
  let left = batch.labels.map((_, i) => i);
  for (let step = 0; step < steps; step++) {
    await turn?.();
    signal?.throwIfAborted();
    const inputs = gathered(images, left, size);
    const logits = await model.logits(inputs);
    const found = predictedClasses(logits, classes);
    const unfooled = left.map((_, at) => at).filter((at) => found[at] === batch.labels[left[at] as number]);
    progress?.(step, steps);
    if (unfooled.length === 0) break;
    const rows = unfooled.map((at) => left[at] as number);
    const labels = rows.map((row) => batch.labels[row] as number);
    const [x, z] = [gathered(inputs, unfooled, size), gathered(logits, unfooled, classes)];
    const moves = await nearestSteps(model, x, z, labels, candidates);
    for (const [at, row] of rows.entries()) {
      const move = moves[at];
      if (move)
        push(rowOf(images, row, size), rowOf(batch.inputs, row, size), rowOf(offsets, row, size), move, overshoot);
    }
    left = rows;
  }
  progress?.(steps, steps);
  return images;
}

/** Rows of a batch, copied together. */
function gathered(values: Float32Array, rows: readonly number[], length: number): Float32Array {
  const out = new Float32Array(rows.length * length);
  for (const [at, row] of rows.entries()) out.set(rowOf(values, row, length), at * length);
  return out;
}

function push(
  image: Float32Array,
  from: Float32Array,
  offset: Float32Array,
  move: Float32Array,
  overshoot: number,
): void {
  for (let p = 0; p < image.length; p++) {
    offset[p] = (offset[p] as number) + (move[p] as number);
    image[p] = Math.min(1, Math.max(0, (from[p] as number) + (1 + overshoot) * (offset[p] as number)));
  }
}
