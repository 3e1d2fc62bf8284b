import { wilson } from '../../core/infer/measures.ts';
import type { Robustness, RobustnessRow } from '../../core/infer/robustness.ts';
import {
  type AttackControl,
  type Batch,
  type Differentiable,
  lossGradient,
  predictedClasses,
  rowOf,
} from './classifier.ts';
import { blurred, contrasted, noisy, randomSigns } from './corruptions.ts';
import { DEEP_FOOL, deepFool } from './deep-fool.ts';
import { attackResult, correctlyClassified } from './measures.ts';
import { bim, fgsm, pgd, projectedGradient } from './projected-gradient.ts';

/** How a model's robustness is measured. */
export interface RobustnessPlan {
  /** Pixels a side of the input, which has one channel. */
  readonly side: number;
  /** Radii in units of the input for the attacks on the largest change, rising. */
  readonly epsilons: readonly number[];
  /** Euclidean radii, rising. */
  readonly radii: readonly number[];
  readonly pgd: { readonly steps: number; readonly restarts: number };
  /** Evenly in [0, 1), from a seed that the report names. */
  readonly random: () => number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What the attacks found: the report without what the caller knows of model and data. */
export type Measured = Pick<Robustness, 'images' | 'clean' | 'rows' | 'corruptions' | 'zeroGradients' | 'pgd'>;

type Attack = (batch: Batch, control: AttackControl) => Promise<Float32Array>;
interface Planned {
  readonly method: RobustnessRow['method'];
  readonly epsilon: number | null;
  readonly run: Attack;
}

function plannedAttacks(model: Differentiable, { epsilons, radii, pgd: cost, random }: RobustnessPlan): Planned[] {
  const climbs = (method: Planned['method'], sizes: readonly number[], make: (size: number) => Attack): Planned[] =>
    sizes.map((epsilon) => ({ method, epsilon, run: make(epsilon) }));
  return [
    ...climbs(
      'noise',
      epsilons,
      (epsilon) =>
        async ({ inputs }) =>
          randomSigns(inputs, epsilon, random),
    ),
    ...climbs('fgsm', epsilons, (e) => (batch, control) => projectedGradient(model, batch, fgsm(e), control)),
    ...climbs('bim', epsilons, (e) => (batch, control) => projectedGradient(model, batch, bim(e), control)),
    ...climbs(
      'pgd-linf',
      epsilons,
      (e) => (batch, control) => projectedGradient(model, batch, pgd('linf', e, random, cost), control),
    ),
    ...climbs(
      'pgd-l2',
      radii,
      (r) => (batch, control) => projectedGradient(model, batch, pgd('l2', r, random, cost), control),
    ),
    { method: 'deep-fool', epsilon: null, run: (batch, control) => deepFool(model, batch, DEEP_FOOL, control) },
  ];
}

async function accuracy(model: Differentiable, inputs: Float32Array, labels: readonly number[]) {
  const found = predictedClasses(await model.logits(inputs), model.classes);
  return wilson(labels.filter((label, i) => found[i] === label).length, labels.length);
}

/** Only images that the model has right can be taken from it. */
async function rightOnes(model: Differentiable, batch: Batch): Promise<Batch> {
  const isRight = await correctlyClassified(model, batch);
  const rows = batch.labels.map((_, i) => i).filter((i) => isRight[i]);
  const inputs = new Float32Array(rows.length * model.size);
  for (const [at, i] of rows.entries()) inputs.set(rowOf(batch.inputs, i, model.size), at * model.size);
  return { inputs, labels: rows.map((i) => batch.labels[i] as number) };
}

async function shareOfZeroGradients(model: Differentiable, batch: Batch): Promise<number> {
  const gradients = await lossGradient(model, batch);
  const flat = batch.labels.filter((_, i) => rowOf(gradients, i, model.size).every((value) => value === 0));
  return batch.labels.length === 0 ? 0 : flat.length / batch.labels.length;
}

async function measuredRow(
  model: Differentiable,
  batch: Batch,
  planned: Planned,
  now: () => number,
  signal?: AbortSignal,
) {
  const started = now();
  const attacked = await planned.run(batch, signal === undefined ? {} : { signal });
  const seconds = (now() - started) / 1000;
  const { images, succeeded, succeededRounded, change } = await attackResult(model, batch, attacked);
  const row: RobustnessRow = {
    method: planned.method,
    epsilon: planned.epsilon,
    robust: wilson(images - succeeded, images),
    robustRounded: wilson(images - succeededRounded, images),
    change,
    secondsPerImage: images === 0 ? 0 : seconds / images,
  };
  return row;
}

async function corruptions(model: Differentiable, { inputs, labels }: Batch, { side, random }: RobustnessPlan) {
  const kinds = [
    ...[0.02, 0.05, 0.1].map((strength) => ({ kind: 'noise' as const, strength, x: noisy(inputs, strength, random) })),
    ...[0.5, 1, 2].map((strength) => ({ kind: 'blur' as const, strength, x: blurred(inputs, side, strength) })),
    ...[0.5, 0.75].map((strength) => ({ kind: 'contrast' as const, strength, x: contrasted(inputs, strength) })),
  ];
  const rows: Robustness['corruptions'] = [];
  for (const { kind, strength, x } of kinds) rows.push({ kind, strength, accuracy: await accuracy(model, x, labels) });
  return rows;
}

/**
 * Attacks a model on labelled images and measures what is left.
 * @throws the signal's reason between two steps
 */
export async function measureRobustness(
  model: Differentiable,
  batch: Batch,
  plan: RobustnessPlan,
  { signal, progress }: AttackControl = {},
): Promise<Measured> {
  const clean = await accuracy(model, batch.inputs, batch.labels);
  const right = await rightOnes(model, batch);
  const attacks = plannedAttacks(model, plan);
  const rows: RobustnessRow[] = [];
  for (const [i, planned] of attacks.entries()) {
    progress?.(i, attacks.length);
    rows.push(await measuredRow(model, right, planned, plan.now, signal));
  }
  return {
    images: batch.labels.length,
    clean,
    rows,
    corruptions: await corruptions(model, batch, plan),
    zeroGradients: await shareOfZeroGradients(model, right),
    pgd: { ...plan.pgd },
  };
}
