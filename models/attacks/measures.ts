import { type Batch, type Differentiable, predictedClasses, rowOf } from './classifier.ts';

/** How much one image was changed. */
export interface Change {
  /** Largest change of a number. */
  readonly linf: number;
  readonly l2: number;
  /** Share of numbers that changed by more than 10⁻⁶. */
  readonly l0: number;
}

/** How an attack went on images that the classifier had right. */
export interface AttackResult {
  readonly images: number;
  readonly succeeded: number;
  /** Success again after the attacked images were rounded to stored levels: what an attacker can deliver. */
  readonly succeededRounded: number;
  /** Of the successes alone: failures would be mixed in otherwise. Null without one. */
  readonly change: { readonly mean: Change; readonly max: Change; readonly medianL2: number } | null;
}

const CHANGED = 1e-6;

/** @param before numbers of the untouched image @param after as many of the attacked one */
export function changeOf(before: Float32Array, after: Float32Array): Change {
  let [largest, squares, changed] = [0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const change = Math.abs((after[i] as number) - (before[i] as number));
    largest = Math.max(largest, change);
    squares += change * change;
    if (change > CHANGED) changed += 1;
  }
  return { linf: largest, l2: Math.sqrt(squares), l0: changed / before.length };
}

/** Numbers in [0, 1] as they come back from storage with `levels` levels (256 for 8 bits). */
export function rounded(inputs: Float32Array, levels = 256): Float32Array {
  return inputs.map((value) => Math.round(value * (levels - 1)) / (levels - 1));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

function summary(changes: readonly Change[]): AttackResult['change'] {
  if (changes.length === 0) return null;
  const over = (pick: (change: Change) => number, fold: (values: number[]) => number): number =>
    fold(changes.map(pick));
  const each = (fold: (values: number[]) => number): Change => ({
    linf: over(({ linf }) => linf, fold),
    l2: over(({ l2 }) => l2, fold),
    l0: over(({ l0 }) => l0, fold),
  });
  return {
    mean: each((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    max: each((values) => Math.max(...values)),
    medianL2: median(changes.map(({ l2 }) => l2)),
  };
}

/** Which images of a batch the classifier has right. */
export async function correctlyClassified(model: Differentiable, { inputs, labels }: Batch): Promise<boolean[]> {
  const found = predictedClasses(await model.logits(inputs), model.classes);
  return labels.map((label, i) => found[i] === label);
}

/** Whether each attacked image has left its class, or reached its target. */
export async function fooled(
  model: Differentiable,
  attacked: Float32Array,
  labels: readonly number[],
  targets: readonly number[] | null = null,
): Promise<boolean[]> {
  const found = predictedClasses(await model.logits(attacked), model.classes);
  return labels.map((label, i) => (targets === null ? found[i] !== label : found[i] === targets[i]));
}

/** Sums an attack up. `batch` holds images that the classifier has right. */
export async function attackResult(
  model: Differentiable,
  batch: Batch,
  attacked: Float32Array,
  targets: readonly number[] | null = null,
): Promise<AttackResult> {
  const flags = await fooled(model, attacked, batch.labels, targets);
  const delivered = await fooled(model, rounded(attacked), batch.labels, targets);
  const changes = flags.flatMap((isFooled, i) =>
    isFooled ? [changeOf(rowOf(batch.inputs, i, model.size), rowOf(attacked, i, model.size))] : [],
  );
  return {
    images: flags.length,
    succeeded: changes.length,
    succeededRounded: delivered.filter(Boolean).length,
    change: summary(changes),
  };
}
