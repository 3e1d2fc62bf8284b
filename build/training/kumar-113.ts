import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from '../../core/infer/manifest.ts';
import { accuracyOf, type Confusion, confusionOf, perClass, type Share } from '../../core/infer/measures.ts';
import { largest } from '../../core/infer/scores.ts';
import { readWeights, writeWeights } from '../../core/infer/weights-file.ts';
import { backEnds } from '../../electron/infer/back-ends.ts';
import { kumar } from '../../models/networks/kumar.ts';
import type { LabelledPictures, TrainingPlan } from '../../models/training/trainer.ts';
import { ROOT } from '../provision/cache.ts';
import { BLOCKS, type BrainMri, LABELS, readBrainMri, VALIDATION_BLOCKS } from './brain-mri.ts';
import { train } from './run.ts';

/** Name of the model in the zoo. */
export const KUMAR = 'kumar-113';

/**
 * How it is trained. The second cycle was added after the validation figures of the first had been seen, because the
 * training pictures were not learnt yet either; nothing else was chosen by them.
 */
const PLAN: TrainingPlan = {
  cycles: [
    { epochs: 40, rate: 0.0004 },
    { epochs: 30, rate: 0.0008 },
  ],
  batch: 16,
  decay: 0.02,
  smoothing: 0.05,
  seed: 113,
  variation: { mirror: true, rotate: 15, shift: 0.06, zoom: 0.1, gamma: 0.2 },
};

/** Far above what single precision makes of another order of additions, far below what a reader could see. */
const TOLERANCE = 1e-4;

const SPLIT = `each class in the source's order cut into ${BLOCKS} blocks, blocks ${VALIDATION_BLOCKS.map((block) => block + 1).join(' and ')} for validation. The set names no patients: slices of one head may lie on both sides of a block's edge, so the figures are optimistic.`;
const CAUTION =
  'Class and source go together: pictures without a tumour come from other places, sequences and sizes than those with one, some are CT, and some show disease that is no tumour. The set has duplicates and two groups with two labels; one picture of each group of near duplicates is used.';

/** What the figures are of: the file's weights, on the back end that is everywhere. */
async function confusion(weights: Uint8Array, { inputs, labels }: LabelledPictures): Promise<Confusion> {
  const wasm = (await backEnds()).find(({ id }) => id === 'tfjs-wasm');
  if (!wasm) throw new Error('the WebAssembly back end did not load');
  const network = await wasm.open(kumar, readWeights(kumar, weights));
  try {
    const logits = await network.run(inputs);
    const row = (i: number): Float32Array => logits.subarray(i * kumar.classes, (i + 1) * kumar.classes);
    return confusionOf(
      labels,
      Array.from(labels, (_, i) => largest(row(i))),
      kumar.classes,
    );
  } finally {
    network.dispose();
  }
}

function rounded(share: Share): Share {
  const short = (value: number): number => Number(value.toFixed(4));
  return { right: share.right, of: share.of, low: short(share.low), high: short(share.high) };
}

function manifestOf(
  weights: Uint8Array,
  data: BrainMri,
  counts: Confusion,
  robustness: Manifest['robustness'],
): Manifest {
  const { rows, columns, channels } = kumar.input;
  return manifestSchema.parse({
    version: 1,
    id: KUMAR,
    release: '1.0.0',
    title: 'Brain MR: glioma, meningioma, pituitary tumour, or none',
    reference: 113,
    authors: 'Kumar et al. (the idea); network and weights are Vitrine’s own',
    reconstruction:
      'Neither layers nor classes nor image size nor the mode of AES could be found. Four convolutions of 16, 32, 64 and 64 filters with batch normalisation and max-pooling, 128 dense units, an input of 128 × 128 and the four classes of the public set are our choice.',
    network: kumar.id,
    weights: { file: 'weights.bin', format: 'float16', bytes: weights.length, sha256: sha256(weights) },
    input: {
      modalities: ['MR'],
      rows,
      columns,
      channels,
      preparation: 'brain-mr-1',
      units: 'brightness between the image’s own 0.5 and 99.5 % quantiles, 0 to 1, in the square around the head',
    },
    output: { kind: 'classification', labels: [...LABELS] },
    intendedUse:
      'Research and teaching: how a small classifier answers, how little fools it, and what an encrypted upload protects. Single T1-weighted slices of the head, with contrast medium.',
    notFor: 'Diagnosis, triage, or any decision about a person. It has seen no other part of the body and no volume.',
    trainingData: {
      name: 'Brain Tumor Classification (MRI), folder Training, without near duplicates',
      source: 'SartajBhuvaji/Brain-Tumor-Classification-DataSet',
      licence: 'none stated in the repository; MIT at the same author’s copy',
      sha256: data.sha256,
      caution: CAUTION,
    },
    metrics: {
      split: SPLIT,
      pictures: { training: data.training.labels.length, validation: data.validation.labels.length },
      accuracy: rounded(accuracyOf(counts)),
      classes: perClass(counts).map(({ sensitivity, precision }, i) => ({
        label: LABELS[i],
        sensitivity: rounded(sensitivity),
        precision: rounded(precision),
      })),
      confusion: counts,
    },
    tolerance: TOLERANCE,
    licence: 'AGPL-3.0-only',
    robustness,
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function percent({ right, of, low, high }: Share): string {
  const text = (value: number): string => (100 * value).toFixed(1);
  return of === 0 ? 'none' : `${text(right / of)} % (${right} of ${of}; 95 % interval ${text(low)} to ${text(high)} %)`;
}

function figures({ metrics, output }: Manifest): string {
  const rows = metrics.classes.map(
    ({ label, sensitivity, precision }) => `| ${label} | ${percent(sensitivity)} | ${percent(precision)} |`,
  );
  const counts = metrics.confusion.map((row, i) => `| ${output.labels[i]} | ${row.join(' | ')} |`);
  return `Accuracy on ${metrics.pictures.validation} validation pictures: **${percent(metrics.accuracy)}**

| class | found of those that are so | so of those that were called so |
|---|---|---|
${rows.join('\n')}

| true \\ found | ${output.labels.join(' | ')} |
|---|${output.labels.map(() => '---').join('|')}|
${counts.join('\n')}
`;
}

function cardOf(manifest: Manifest): string {
  const { title, intendedUse, notFor, reconstruction, trainingData, metrics, input, weights } = manifest;
  return `# ${title}

${intendedUse}

- Not for: ${notFor}
- After: Kumar et al. [113]. ${reconstruction}
- Takes: ${input.rows} × ${input.columns}, ${input.units}. Weights: ${weights.bytes} bytes, half precision.
- Trained on: ${trainingData.name} (${trainingData.source}; licence: ${trainingData.licence}). The pictures are not part of this repository.
- Split: ${metrics.pictures.training} pictures for training, ${metrics.pictures.validation} for validation; ${metrics.split} The second cycle of the training was added after the validation figures of the first had been seen.
- Mind: ${trainingData.caution}

${figures(manifest)}
The paper reports 97.87 % on data of its own, with no split stated. Splitting by slices instead of heads gives such figures.

Made by \`npm run train -- ${KUMAR}\`: seeded, goes on where it was cut short, writes a log beside its state.
`;
}

/** A report stays only with the weights that it is about. */
async function reportOf(zoo: string, weights: Uint8Array): Promise<Manifest['robustness']> {
  const before = manifestSchema.safeParse(
    JSON.parse(await readFile(join(zoo, 'manifest.json'), 'utf8').catch(() => 'null')),
  );
  return before.success && before.data.weights.sha256 === sha256(weights) ? before.data.robustness : null;
}

/**
 * Trains the classifier and writes its folder of the zoo: weights, manifest, card. The signature is made by
 * `build/sign-model.ts`. A back end of TensorFlow.js must be set.
 * @throws VitrineError infer/cancelled
 */
export async function trainKumar(signal: AbortSignal, say: (line: string) => void): Promise<void> {
  const data = await readBrainMri(kumar.input.rows);
  const folder = join(ROOT, '.cache', 'training', KUMAR);
  const run = { architecture: kumar, pictures: data.training, data: data.sha256, plan: PLAN, folder };
  const state = await train(run, signal, say);
  const weights = writeWeights(kumar, state.weights);
  const counts = await confusion(weights, data.validation);
  const zoo = join(ROOT, 'models', 'zoo', KUMAR);
  const manifest = manifestOf(weights, data, counts, await reportOf(zoo, weights));
  await mkdir(zoo, { recursive: true });
  await writeFile(join(zoo, 'weights.bin'), weights);
  await writeFile(join(zoo, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(zoo, 'card.md'), cardOf(manifest));
  await writeFile(join(folder, 'figures.json'), `${JSON.stringify(manifest.metrics, null, 2)}\n`);
  say(figures(manifest));
  say(`written to models/zoo/${KUMAR}; now sign it: npx tsx build/sign-model.ts ${KUMAR} --key FILE`);
}
