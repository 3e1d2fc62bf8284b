import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../core/infer/weights-file.ts';
import { openDifferentiable } from '../../electron/infer/back-ends.ts';
import { readModel } from '../../electron/infer/zoo.ts';
import { type Batch, predictedClasses, rowOf } from '../../models/attacks/classifier.ts';
import { deepFool } from '../../models/attacks/deep-fool.ts';
import { changeOf, fooled } from '../../models/attacks/measures.ts';
import { attackable } from '../../models/attacks/network.ts';
import { bim, type Climb, fgsm, projectedGradient } from '../../models/attacks/projected-gradient.ts';
import { networkOf } from '../../models/networks/networks.ts';
import { GOLDEN_EPSILONS, goldenPictures } from '../reference/attacks/pictures.ts';

/**
 * Our attacks on the shipped classifier against what the Adversarial Robustness Toolbox and Foolbox made of the same weights and
 * pictures (test/reference/attacks/golden.py, JAX). Tolerances as the specification of the attacks states them.
 */
interface Golden {
  readonly labels: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly art: Readonly<Record<string, Attacked>>;
  readonly foolbox: Readonly<Record<string, Attacked>>;
}
interface Attacked {
  readonly fooled: readonly boolean[];
  readonly l2: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL('../reference/attacks/golden.json', import.meta.url), 'utf8')) as Golden;
const { linf, l2: radius } = GOLDEN_EPSILONS;
const SLOW = 240_000;

const { manifest, weights } = await readModel('kumar-113');
const architecture = networkOf(manifest.network);
const model = attackable(await openDifferentiable(architecture, readWeights(architecture, weights)));
const batch: Batch = { inputs: goldenPictures(architecture.input.rows), labels: golden.labels };

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

async function attacked(images: Float32Array) {
  const flags = await fooled(model, images, golden.labels);
  const norms = golden.labels.map(
    (_, i) => changeOf(rowOf(batch.inputs, i, model.size), rowOf(images, i, model.size)).l2,
  );
  return { flags, norms };
}

describe('on the same weights and pictures', () => {
  it('the classifier gives the same logits', async () => {
    const logits = await model.logits(batch.inputs);
    expect(predictedClasses(logits, model.classes)).toEqual(golden.labels);
    for (const [i, row] of golden.logits.entries())
      for (const [k, value] of row.entries())
        expect(Math.abs((rowOf(logits, i, model.classes)[k] as number) - value)).toBeLessThan(1e-3);
  });

  it.each<[string, Climb]>([
    ['fgsm', fgsm(linf)],
    ['bim', bim(linf)],
    ['pgd-linf', bim(linf, 40)],
    ['pgd-l2', { ...bim(radius, 40), norm: 'l2' }],
  ])('%s fools as many and changes as much', { timeout: SLOW }, async (name, climb) => {
    const { flags, norms } = await attacked(await projectedGradient(model, batch, climb));
    for (const library of [golden.art, golden.foolbox]) {
      const theirs = library[name] as Attacked;
      const count = (all: readonly boolean[]): number => all.filter(Boolean).length;
      expect(Math.abs(count(flags) - count(theirs.fooled))).toBeLessThanOrEqual(1);
      expect(Math.abs(mean(norms) / mean(theirs.l2) - 1)).toBeLessThan(0.01);
    }
  });

  it('DeepFool fools all with a change of the same size', { timeout: SLOW }, async () => {
    const { flags, norms } = await attacked(await deepFool(model, batch));
    expect(flags.every(Boolean)).toBe(true);
    const { art, foolbox } = golden;
    for (const theirs of [art['deep-fool'], foolbox['deep-fool']] as Attacked[])
      expect(Math.abs(median(norms) / median(theirs.l2) - 1)).toBeLessThan(0.05);
  });
});
