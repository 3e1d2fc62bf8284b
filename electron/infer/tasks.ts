/** The models' work in the engine process. A classifier stays open there, so that only the first image waits for it. */

import type { ModelRunReport } from '../../core/contract/model.ts';
import type { AttackRequest, ModelAttackView } from '../../core/contract/model-attack.ts';
import type { Use } from '../../core/infer/admission.ts';
import type { BackEndId } from '../../core/infer/model.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { memoryReader } from '../decode/pixels-of.ts';
import type { EngineTask, FramePlace, TaskControl } from '../engine/task.ts';
import { attackView } from './attack.ts';
import { Classifier } from './classifier.ts';
import { runReport } from './reports.ts';
import { imageFrom, imageOfFrame, type ReadImage } from './source-image.ts';
import { readModel } from './zoo.ts';

/** The image of a run: a frame of a study with its modality, or a file's bytes. No path, no key. */
export type ModelImage =
  | { readonly from: 'place'; readonly place: FramePlace; readonly modality: string | null }
  | { readonly from: 'bytes'; readonly bytes: Uint8Array };

/** What both tasks name. */
interface Wanted {
  readonly model: string;
  /** The one that main remembers from an earlier run; null: it is measured, and `measured` of the answer says how. */
  readonly backEnd: BackEndId | null;
}

let opened: { readonly key: string; readonly classifier: Promise<Classifier> } | null = null;

/** The classifier that is open, or the one that is wanted in its place. */
async function classifierFor({ model, backEnd }: Wanted): Promise<Classifier> {
  const key = `${model} ${backEnd ?? ''}`;
  if (opened?.key === key) return opened.classifier;
  const before = opened?.classifier;
  const classifier = readModel(model).then((checked) =>
    // Main remembers; here there is no file to remember in.
    Classifier.open(checked, { memory: { read: async () => backEnd, write: async () => undefined } }),
  );
  opened = { key, classifier };
  classifier.catch(() => {
    if (opened?.classifier === classifier) opened = null;
  });
  await before?.then((old) => old.dispose()).catch(() => undefined);
  return classifier;
}

async function readImage(image: ModelImage, control: TaskControl): Promise<ReadImage> {
  if (image.from === 'bytes') return imageFrom(memoryReader(image.bytes), 0, await createJpegCodec());
  return imageOfFrame(await control.frame(image.place), image.modality);
}

/** Classifies an image and says where the first class looks. */
export const modelRun: EngineTask<Wanted & { readonly image: ModelImage; readonly use: Use }, ModelRunReport> = {
  async run({ image, use, ...wanted }, control) {
    control.progress({ done: 0, total: 3, unit: 'steps' });
    const read = await readImage(image, control);
    await control.turn();
    control.progress({ done: 1, total: 3, unit: 'steps' });
    const classifier = await classifierFor(wanted);
    await control.turn();
    control.progress({ done: 2, total: 3, unit: 'steps' });
    const report = await runReport(classifier, { read, frame: image.from === 'place' ? image.place.frame : 1, use });
    control.progress({ done: 3, total: 3, unit: 'steps' });
    return report;
  },
};

/** Attacks what a model sees of an image; hears a cancel between two steps. */
export const modelAttack: EngineTask<
  { readonly model: string; readonly image: ModelImage; readonly request: AttackRequest },
  ModelAttackView
> = {
  async run({ model, image, request }, control) {
    const read = await readImage(image, control);
    const { signal } = control;
    const progress = (done: number, total: number): void => control.progress({ done, total, unit: 'steps' });
    return attackView(await readModel(model), read, request, { signal, progress, turn: () => control.turn() });
  },
};

/** Scores of one prepared picture, in the order of the labels: the shortest way, for series and for the benchmark. */
export const modelScores: EngineTask<Wanted & { readonly input: Float32Array }, Float64Array> = {
  async run({ input, ...wanted }) {
    return (await classifierFor(wanted)).probabilities(input);
  },
};
