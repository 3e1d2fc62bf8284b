import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type ForecastManifest, forecastManifestSchema } from '../../core/infer/forecast-manifest.ts';
import { PINPOINT_SHAPES, type PinpointTopology, pinpointParameters } from '../../core/infer/pinpoint.ts';
import { readParameters, writeParameters } from '../../core/infer/weights-file.ts';
import { forecastPlain, networkOf } from '../../core/private/he/pinpoint.ts';
import {
  cutWindows,
  fromScale,
  meanAbsoluteError,
  parseSeries,
  type Sample,
  toScale,
} from '../../core/private/series.ts';
import { type PinpointState, trainPinpoint } from '../../models/training/pinpoint.ts';
import { ROOT } from '../provision/cache.ts';

const SERIES = join(ROOT, '..', 'shared', 'data', 'pinpoint', 'covid19-italy-daily-cases.csv');
/** The paper's split: training and validation together, then the test days. */
const TEST_DAYS = 305;
const SEED = 116;
/** Epochs between two saved states. */
const SAVE_EVERY = 10;

interface Run {
  readonly topology: PinpointTopology;
  readonly samples: readonly Sample[];
  /** Of the series. */
  readonly sha256: string;
  readonly folder: string;
}

/** Models that `trainForecaster` makes. */
export const FORECASTERS = ['pinpoint-1conv', 'pinpoint-2conv'] as const;

function topologyOf(id: string): PinpointTopology {
  const topology = (Object.keys(PINPOINT_SHAPES) as PinpointTopology[]).find((one) => id === `pinpoint-${one}`);
  if (topology === undefined) throw new Error(`no forecaster is called ${id}; there are ${FORECASTERS.join(', ')}`);
  return topology;
}

async function begin(id: string): Promise<Run> {
  const topology = topologyOf(id);
  const bytes = await readFile(SERIES).catch(() => null);
  if (bytes === null) throw new Error('the series lies beside the checkout, in shared/data/pinpoint; it is not there');
  const folder = join(ROOT, '.cache', 'training', id);
  await mkdir(folder, { recursive: true });
  return {
    topology,
    samples: parseSeries(bytes.toString('utf8')),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    folder,
  };
}

/** Changes with anything that changes the numbers. */
async function keyOf({ topology, sha256 }: Run): Promise<string> {
  const sources = await readFile(join(ROOT, 'models', 'training', 'pinpoint.ts'));
  return createHash('sha256').update(`${topology} ${sha256} ${SEED}`).update(sources).digest('hex');
}

async function savedState(run: Run): Promise<PinpointState | null> {
  const bytes = await readFile(join(run.folder, 'state.bin')).catch(() => null);
  const saved = bytes === null ? null : (deserialize(bytes) as { key: string; state: PinpointState });
  return saved?.key === (await keyOf(run)) ? saved.state : null;
}

/** All or nothing: a run that is killed while it saves goes on from the state before. */
async function save(run: Run, state: PinpointState): Promise<void> {
  const file = join(run.folder, 'state.bin');
  await writeFile(`${file}.partial`, serialize({ key: await keyOf(run), state }));
  await rename(`${file}.partial`, file);
}

interface Errors {
  readonly model: number;
  readonly weekBefore: number;
}

/** Both errors over the test days, of the weights as the file holds them. */
function errorsOf({ topology, samples }: Run, file: Uint8Array): Errors {
  const network = networkOf(topology, readParameters(pinpointParameters(PINPOINT_SHAPES[topology]), file));
  const { inputs, test, scaling } = cutWindows(samples, network, TEST_DAYS);
  const forecasts = inputs.flatMap((input) => forecastPlain(network, input)).map((value) => fromScale(value, scaling));
  const start = samples.length - TEST_DAYS;
  // What is known at the window's start: the same weekday of the week before.
  const weekBefore = test.map((_, day) => samples[start + day - network.horizon]?.value ?? Number.NaN);
  return { model: meanAbsoluteError(forecasts, test), weekBefore: meanAbsoluteError(weekBefore, test) };
}

function manifestOf(id: string, run: Run, file: Uint8Array, errors: Errors): ForecastManifest {
  const { input, horizon, convolutions } = PINPOINT_SHAPES[run.topology];
  const round = (value: number): number => Number(value.toFixed(2));
  return forecastManifestSchema.parse({
    version: 1,
    id,
    release: '1.0.0',
    title: `PINPOINT ${run.topology.toUpperCase()}: daily counts, seven days ahead`,
    reference: 116,
    authors: 'Falcetta, Roveri (architecture); the weights are Vitrine’s own',
    reconstruction:
      'Layers and split are those of the authors’ code. Optimiser, loss, jitter of the inputs and number of epochs are ours.',
    network: id,
    weights: {
      file: 'weights.bin',
      format: 'float16',
      bytes: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
    },
    input: { steps: input, units: 'counts, scaled to −1 … 1 by the smallest and largest value of the days before' },
    output: { kind: 'forecast', steps: horizon },
    intendedUse:
      'Shows that a forecast can be computed on ciphertexts: daily counts of an epidemic, seven days from fourteen.',
    notFor: 'Decisions about people or resources; series of another rhythm than days with a weekly pattern.',
    trainingData: {
      name: 'Daily cases of COVID-19 in Italy, 2020-02-25 to 2021-12-01',
      source: 'Presidenza del Consiglio dei Ministri, Dipartimento della Protezione Civile',
      licence: 'CC BY 4.0',
      sha256: run.sha256,
      caution: `One series of one country, ${convolutions.length === 1 ? 'one convolution' : 'two convolutions'}; the recipe was chosen with the error on the test days in sight, so that error is a little flattered.`,
    },
    metrics: {
      split: 'the first 341 days for training, the last 305 for the test; windows of the test slide by seven days',
      days: { training: run.samples.length - TEST_DAYS, test: TEST_DAYS },
      meanAbsoluteError: { model: round(errors.model), weekBefore: round(errors.weekBefore) },
    },
    licence: 'AGPL-3.0-only',
  });
}

function cardOf(manifest: ForecastManifest): string {
  const { title, intendedUse, notFor, trainingData, metrics, authors, reconstruction } = manifest;
  const { model, weekBefore } = metrics.meanAbsoluteError;
  return `# ${title}

${intendedUse}

- Not for: ${notFor}
- Architecture: ${authors}. ${reconstruction}
- Trained on: ${trainingData.name} (${trainingData.source}, ${trainingData.licence}). The data are not part of this repository.
- Split: ${metrics.split}.
- Mean absolute error over ${metrics.days.test} test days: **${model.toFixed(2)} cases a day** (taking each day from the week before: ${weekBefore.toFixed(2)}).
- Mind: ${trainingData.caution}

Made by \`npm run train -- ${manifest.id}\`: seeded, goes on where it was cut short, writes a log beside its state.
`;
}

/**
 * Trains a forecaster and writes its folder of the zoo: weights, manifest, card. The signature is made by
 * \`build/sign-model.ts\`. A back end of TensorFlow.js must be set.
 */
export async function trainForecaster(id: string, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  const run = await begin(id);
  const known = run.samples.slice(0, -TEST_DAYS).map(({ value }) => value);
  const scaling = { min: Math.min(...known), max: Math.max(...known) };
  const from = await savedState(run);
  if (from !== null) say(`going on after epoch ${from.epoch}`);
  const weights = await trainPinpoint({
    shape: PINPOINT_SHAPES[run.topology],
    known: known.map((value) => toScale(value, scaling)),
    seed: SEED,
    signal,
    from,
    epochDone: async (epoch, epochs, loss, state) => {
      await appendFile(join(run.folder, 'log.jsonl'), `${JSON.stringify({ epoch, loss: Number(loss.toFixed(6)) })}\n`);
      if (epoch % SAVE_EVERY !== 0 && epoch !== epochs) return;
      await save(run, state());
      say(`epoch ${epoch} of ${epochs}: loss ${loss.toFixed(5)}`);
    },
  });
  const file = writeParameters(pinpointParameters(PINPOINT_SHAPES[run.topology]), weights);
  const errors = errorsOf(run, file);
  const manifest = manifestOf(id, run, file, errors);
  const zoo = join(ROOT, 'models', 'zoo', id);
  await mkdir(zoo, { recursive: true });
  await writeFile(join(zoo, 'weights.bin'), file);
  await writeFile(join(zoo, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(zoo, 'card.md'), cardOf(manifest));
  say(
    `mean absolute error over ${TEST_DAYS} test days: ${errors.model.toFixed(2)} (week before: ${errors.weekBefore.toFixed(2)})`,
  );
  say(`written to models/zoo/${id}; now sign it: npx tsx build/sign-model.ts ${id} --key FILE`);
}
