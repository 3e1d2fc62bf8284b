/** The models' work in the engine process. A classifier stays open there, so that only the first image waits for it. */

import type { ModelFileView } from '../../core/contract/findings.ts';
import type { ModelRunReport, OpenedModel } from '../../core/contract/model.ts';
import type { AttackRequest, ModelAttackView } from '../../core/contract/model-attack.ts';
import type { Use } from '../../core/infer/admission.ts';
import { schemesError } from '../../core/schemes/errors.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { memoryReader } from '../decode/pixels-of.ts';
import type { EngineTask, FramePlace, TaskControl } from '../engine/task.ts';
import { attackView } from './attack.ts';
import { classifierFor, type Wanted } from './open-classifier.ts';
import { runReport } from './reports.ts';
import { forScreen, imageFrom, imageOfFrame, isPictureFile, type ReadImage } from './source-image.ts';
import { readModel } from './zoo.ts';

/** The image of a run: a frame of a study with its modality, or a file's bytes. No path, no key. */
export type ModelImage =
  | { readonly from: 'place'; readonly place: FramePlace; readonly modality: string | null }
  | { readonly from: 'bytes'; readonly bytes: Uint8Array };

async function readImage(image: ModelImage, control: TaskControl): Promise<ReadImage> {
  if (image.from === 'bytes') return imageFrom(memoryReader(image.bytes), 0, await createJpegCodec());
  return imageOfFrame(await control.frame(image.place), image.modality);
}

/** Reads an image and says what the model says of it. */
async function said(
  { image, use, ...wanted }: Wanted & { readonly image: ModelImage; readonly use: Use },
  control: TaskControl,
): Promise<{ readonly read: ReadImage; readonly report: ModelRunReport }> {
  control.progress({ done: 0, total: 3, unit: 'steps' });
  const read = await readImage(image, control);
  await control.turn();
  control.progress({ done: 1, total: 3, unit: 'steps' });
  const classifier = await classifierFor(wanted);
  await control.turn();
  control.progress({ done: 2, total: 3, unit: 'steps' });
  const report = await runReport(classifier, { read, frame: image.from === 'place' ? image.place.frame : 1, use });
  control.progress({ done: 3, total: 3, unit: 'steps' });
  return { read, report };
}

/** Classifies an image and says where the first class looks. */
export const modelRun: EngineTask<Wanted & { readonly image: ModelImage; readonly use: Use }, ModelRunReport> = {
  run: async (given, control) => (await said(given, control)).report,
};

/** The same for a picture that belongs to no study, with the picture for the screen. */
export const modelFile: EngineTask<Wanted & { readonly bytes: Uint8Array }, ModelFileView> = {
  async run({ bytes, ...wanted }, control) {
    if (!isPictureFile(bytes))
      throw schemesError('schemes/file', 'the file is no JPEG and no PNG; save the picture as one of these');
    const { read, report } = await said({ ...wanted, use: 'research', image: { from: 'bytes', bytes } }, control);
    return { report, ...forScreen(read.image) };
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

/** Opens a model for the pictures that come by the tensor lane. */
export const modelOpen: EngineTask<Wanted, OpenedModel> = {
  async run(wanted) {
    const { backEnd, measured } = await classifierFor(wanted);
    return { backEnd, measured: [...measured] };
  },
};
