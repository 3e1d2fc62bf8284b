import type { AttackRequest, ModelAttackReport, ModelAttackView } from '../../core/contract/model-attack.ts';
import type { CheckedModel, Classification } from '../../core/infer/model.ts';
import { softmax } from '../../core/infer/scores.ts';
import { readWeights } from '../../core/infer/weights-file.ts';
import {
  type AttackControl,
  type Batch,
  type Differentiable,
  predictedClasses,
} from '../../models/attacks/classifier.ts';
import { DEEP_FOOL, deepFool } from '../../models/attacks/deep-fool.ts';
import { changeOf, rounded } from '../../models/attacks/measures.ts';
import { attackable } from '../../models/attacks/network.ts';
import { bim, fgsm, pgd, projectedGradient } from '../../models/attacks/projected-gradient.ts';
import { networkOf } from '../../models/networks/networks.ts';
import { TrainingRandom } from '../../models/training/random.ts';
import { openDifferentiable } from './back-ends.ts';
import { prepare } from './classifier.ts';
import type { ReadImage } from './source-image.ts';

/** Seed of PGD's starts: the same image and ε give the same attack. */
const SEED = 1;
/** One start is enough to show the effect; the robustness report takes more. */
const RESTARTS = 1;
const GREY = 128;

function run(model: Differentiable, batch: Batch, { method, epsilon }: AttackRequest, control: AttackControl) {
  const numbers = new TrainingRandom(SEED);
  const random = (): number => numbers.next();
  switch (method) {
    case 'fgsm':
      return projectedGradient(model, batch, fgsm(epsilon), control);
    case 'bim':
      return projectedGradient(model, batch, bim(epsilon), control);
    case 'pgd':
      return projectedGradient(model, batch, pgd('linf', epsilon, random, { restarts: RESTARTS }), control);
    case 'pgd-l2':
      return projectedGradient(model, batch, pgd('l2', epsilon, random, { restarts: RESTARTS }), control);
    case 'deep-fool':
      return deepFool(model, batch, DEEP_FOOL, control);
  }
}

const bytesOf = (values: Float32Array): Uint8Array => Uint8Array.from(values, (value) => Math.round(value * 255));

/** Attacked minus original around grey, as loud as it gets. */
function amplified(original: Float32Array, attacked: Float32Array): Uint8Array {
  const most = attacked.reduce((top, value, i) => Math.max(top, Math.abs(value - (original[i] as number))), 0);
  return Uint8Array.from(attacked, (value, i) =>
    most === 0 ? GREY : Math.round(GREY + ((value - (original[i] as number)) / most) * (GREY - 1)),
  );
}

/**
 * Attacks what a model sees of an image. The result lives in memory and is no image of the study.
 * @throws VitrineError infer/modality and its like, infer/back-end; the signal's reason between two steps
 */
export async function attackView(
  checked: CheckedModel,
  { image, facts }: Pick<ReadImage, 'image' | 'facts'>,
  request: AttackRequest,
  control: AttackControl = {},
): Promise<ModelAttackView> {
  const { manifest } = checked;
  const architecture = networkOf(manifest.network);
  const { input, seen } = prepare(checked, image, facts);
  const network = await openDifferentiable(architecture, readWeights(architecture, checked.weights));
  try {
    const model = attackable(network);
    const said = async (values: Float32Array): Promise<Classification> => {
      const started = performance.now();
      const scores = softmax(await model.logits(values));
      const ranked = manifest.output.labels.map((label, i) => ({ label, score: scores[i] as number }));
      return {
        scores: ranked.sort((a, b) => b.score - a.score),
        provenance: {
          model: manifest.id,
          release: manifest.release,
          weightsSha256: manifest.weights.sha256,
          backEnd: network.backEnd,
          at: new Date().toISOString(),
          milliseconds: performance.now() - started,
        },
      };
    };
    const labels = predictedClasses(await model.logits(input), model.classes);
    const started = performance.now();
    const attacked = await run(model, { inputs: input, labels }, request, control);
    const seconds = (performance.now() - started) / 1000;
    const delivered = predictedClasses(await model.logits(rounded(attacked)), model.classes);
    const [before, after] = [await said(input), await said(attacked)];
    const report: ModelAttackReport = {
      ...request,
      manipulated: true,
      before: { scores: [...before.scores], provenance: { ...before.provenance } },
      after: { scores: [...after.scores], provenance: { ...after.provenance } },
      fooled: before.scores[0]?.label !== after.scores[0]?.label,
      fooledRounded: delivered[0] !== labels[0],
      change: { ...changeOf(input, attacked) },
      seconds,
    };
    const pictures = { original: bytesOf(input), attacked: bytesOf(attacked), difference: amplified(input, attacked) };
    return { report, rows: manifest.input.rows, columns: manifest.input.columns, seen: { ...seen }, ...pictures };
  } finally {
    network.dispose();
  }
}
