import type { ModelSeriesReport } from '../../core/contract/model.ts';
import { VitrineError } from '../../core/errors.ts';
import { admit, type Use } from '../../core/infer/admission.ts';
import type { EngineTask, TaskControl } from '../engine/task.ts';
import { type Classifier, prepare } from './classifier.ts';
import { takeLoss } from './compute.ts';
import { classifierFor, type Wanted } from './open-classifier.ts';
import { imageOfFrame } from './source-image.ts';

/** An image of the series, by Vitrine's own id. */
export interface SeriesImage {
  readonly objectId: string;
  /** Counted from 1. */
  readonly frame: number;
}

/** What the task is given: the study is open under `handle`. */
export interface SeriesInput extends Wanted {
  readonly use: Use;
  readonly handle: string;
  readonly modality: string;
  readonly images: readonly SeriesImage[];
}

/** Pictures of one run of the network: more gain nothing, and a cancel would wait for them. */
const BATCH = 16;
/** Frames that are asked of the vault process before they are needed. */
const AHEAD = 4;

type Said = ModelSeriesReport['images'][number];

/** A picture that waits for its scores. */
interface Ready {
  readonly at: number;
  readonly input: Float32Array;
}

/** What the model doesn't take of an image, or the picture. Anything but the image's own fault ends the run. */
async function prepared(
  classifier: Classifier,
  image: SeriesImage,
  { handle, modality }: Pick<SeriesInput, 'handle' | 'modality'>,
  control: TaskControl,
): Promise<{ readonly input: Float32Array } | { readonly refused: string }> {
  try {
    const { image: picture, facts } = imageOfFrame(await control.frame({ handle, ...image }), modality);
    return { input: prepare(classifier.model, picture, facts).input };
  } catch (error) {
    if (error instanceof VitrineError && /^(infer|dicom)\//.test(error.code)) return { refused: error.code };
    throw error;
  }
}

/** Runs batches, one at a time, while the next one is being read and prepared. */
class Batches {
  readonly #classifier: Classifier;
  readonly #scored: (at: number, scores: number[]) => void;
  #waiting: Ready[] = [];
  #running: Promise<void> = Promise.resolve();
  milliseconds = 0;

  constructor(classifier: Classifier, scored: (at: number, scores: number[]) => void) {
    this.#classifier = classifier;
    this.#scored = scored;
  }

  async add(ready: Ready): Promise<void> {
    this.#waiting.push(ready);
    if (this.#waiting.length === BATCH) await this.flush();
  }

  /** Sends what waits, once the batch before it has its scores. */
  async flush(): Promise<void> {
    await this.#running;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    this.#running = this.#run(batch);
    // Its failure is heard when the next batch, or the end, waits for it.
    this.#running.catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.flush();
    await this.#running;
  }

  async #run(batch: readonly Ready[]): Promise<void> {
    const size = batch[0]?.input.length ?? 0;
    const inputs = new Float32Array(batch.length * size);
    batch.forEach(({ input }, i) => {
      inputs.set(input, i * size);
    });
    const started = performance.now();
    const probabilities = await this.#classifier.probabilities(inputs);
    this.milliseconds += performance.now() - started;
    const classes = probabilities.length / batch.length;
    batch.forEach(({ at }, i) => {
      this.#scored(at, Array.from(probabilities.subarray(i * classes, (i + 1) * classes)));
    });
  }
}

/** Classifies every image of a series: frames are read and prepared while the batch before them is being computed. */
export const modelSeries: EngineTask<SeriesInput, ModelSeriesReport> = {
  async run(given, control) {
    const { images, use } = given;
    const total = images.length;
    control.progress({ done: 0, total, unit: 'items' });
    const classifier = await classifierFor(given);
    const { manifest } = classifier.model;
    admit(manifest, use);
    const said = images.map(({ objectId, frame }): Said => ({ objectId, frame, scores: null, refused: null }));
    let done = 0;
    const tell = (at: number, what: Pick<Said, 'scores' | 'refused'>): void => {
      said[at] = { ...(said[at] as Said), ...what };
      done += 1;
      control.progress({ done, total, unit: 'items' });
    };
    const batches = new Batches(classifier, (at, scores) => tell(at, { scores, refused: null }));
    const asked: ReturnType<typeof prepared>[] = [];
    for (let at = 0; at < total; at++) {
      for (const image of images.slice(asked.length, at + AHEAD)) {
        const coming = prepared(classifier, image, given, control);
        coming.catch(() => undefined);
        asked.push(coming);
      }
      await control.turn();
      const found = await (asked[at] as ReturnType<typeof prepared>);
      if ('refused' in found) tell(at, { scores: null, refused: found.refused });
      else await batches.add({ at, input: found.input });
    }
    await batches.end();
    await control.turn();
    return {
      use,
      labels: [...manifest.output.labels],
      images: said,
      provenance: { ...classifier.provenance(batches.milliseconds) },
      measured: [...classifier.measured],
      lost: takeLoss(),
    };
  },
};
