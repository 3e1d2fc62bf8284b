import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../core/infer/manifest.ts';
import { type Robustness, robustnessSchema } from '../core/infer/robustness.ts';
import { readWeights } from '../core/infer/weights-file.ts';
import { openDifferentiable } from '../electron/infer/back-ends.ts';
import { attackable } from '../models/attacks/network.ts';
import { measureRobustness } from '../models/attacks/robustness.ts';
import { robustnessPlot } from '../models/attacks/robustness-plot.ts';
import { networkOf } from '../models/networks/networks.ts';
import { TrainingRandom } from '../models/training/random.ts';
import { command } from './exit.ts';
import { ROOT } from './provision/cache.ts';
import { readBrainMri } from './training/brain-mri.ts';

const SEED = 113;
/** Radii in units of the input, whose range is 0 … 1. */
const EPSILONS = [0.5, 1, 2, 4].map((levels) => levels / 255);
const RADII = [0.25, 0.5, 1, 2];
const PGD = { steps: 20, restarts: 2 };
/** Every second validation picture: the attacks take some hundred gradients of each. */
const EVERY = 2;

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const short = (value: number): number => Number(value.toPrecision(6));

/** The same report with figures of six digits, for people who read the file. */
function rounded<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_key, one) => (typeof one === 'number' ? short(one) : one))) as T;
}

function lines({ clean, rows, corruptions }: Robustness): string[] {
  const percent = (right: number, of: number): string => (of === 0 ? '-' : `${((100 * right) / of).toFixed(1)} %`);
  return [
    `clean: ${percent(clean.right, clean.of)} of ${clean.of}`,
    ...rows.map(
      ({ method, epsilon, robust, robustRounded, change }) =>
        `${method}${epsilon === null ? '' : ` ${epsilon < 0.1 ? `${short(epsilon * 255)}/255` : epsilon}`}: ${percent(robust.right, robust.of)} keep their class, ${percent(robustRounded.right, robustRounded.of)} after rounding${change === null ? '' : `; median L2 ${short(change.medianL2)}`}`,
    ),
    ...corruptions.map(
      ({ kind, strength, accuracy }) => `${kind} ${strength}: ${percent(accuracy.right, accuracy.of)}`,
    ),
  ];
}

/**
 * `npm run robustness -- MODEL`: attacks a model of the zoo on validation pictures, writes its report and plot beside it and
 * the report's hash into its manifest, which must then be signed anew (build/sign-model.ts).
 */
async function report(id: string): Promise<number> {
  const zoo = join(ROOT, 'models', 'zoo', id);
  const manifest = parseManifest(await readFile(join(zoo, 'manifest.json'), 'utf8'));
  const architecture = networkOf(manifest.network);
  const weights = await readFile(join(zoo, manifest.weights.file));
  const network = await openDifferentiable(architecture, readWeights(architecture, weights));
  const { validation } = await readBrainMri(architecture.input.rows);
  const size = network.inputSize;
  const rows = Array.from(validation.labels.keys()).filter((i) => i % EVERY === 0);
  const inputs = new Float32Array(rows.length * size);
  for (const [at, i] of rows.entries()) inputs.set(validation.inputs.subarray(i * size, (i + 1) * size), at * size);
  const batch = { inputs, labels: rows.map((i) => validation.labels[i] as number) };
  const numbers = new TrainingRandom(SEED);
  const random = (): number => numbers.next();
  const plan = { side: architecture.input.rows, epsilons: EPSILONS, radii: RADII, pgd: PGD, random };
  const progress = (done: number, total: number): void => console.log(`${done} of ${total} attacks`);
  const measured = await measureRobustness(
    attackable(network),
    batch,
    { ...plan, now: () => performance.now() },
    { progress },
  );
  const whole = robustnessSchema.parse(
    rounded({
      version: 1,
      model: id,
      release: manifest.release,
      weightsSha256: manifest.weights.sha256,
      data: `every second validation picture of ${manifest.trainingData.name}; ${manifest.metrics.split}`,
      ...measured,
      seed: SEED,
      backEnd: network.backEnd,
    }),
  );
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  await writeFile(join(zoo, 'robustness.json'), text);
  await writeFile(join(zoo, 'robustness.svg'), robustnessPlot(whole));
  const signed = { ...manifest, robustness: { file: 'robustness.json', sha256: sha256(text) } };
  await writeFile(join(zoo, 'manifest.json'), `${JSON.stringify(signed, null, 2)}\n`);
  for (const line of lines(whole)) console.log(line);
  console.log(`written to models/zoo/${id}; now sign it: npx tsx build/sign-model.ts ${id} --key FILE`);
  return 0;
}

await command(import.meta.url, async () => {
  const [id] = process.argv.slice(2);
  if (id === undefined) throw new Error('npm run robustness -- MODEL');
  return await report(id);
});
