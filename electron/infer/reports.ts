import type { ModelListReport, ModelReport, ModelRunReport } from '../../core/contract/model.ts';
import { VitrineError } from '../../core/errors.ts';
import { admit, obstacles, type Use } from '../../core/infer/admission.ts';
import type { Classifier } from './classifier.ts';
import { takeLoss } from './compute.ts';
import type { ReadImage } from './source-image.ts';
import { listModels, readModel, type ZooPlace } from './zoo.ts';

/** What is to be said of an error: code and sentence. */
export type Explain = (error: unknown) => { code: string; reason: string };

/** Every classifier of the zoo; one that is refused stands there with the reason. */
export async function listReport(explain: Explain, place: ZooPlace = {}): Promise<ModelListReport> {
  const models: ModelListReport['models'] = [];
  for (const id of await listModels(place)) {
    try {
      const { manifest } = await readModel(id, place);
      models.push({
        state: 'ready',
        id,
        release: manifest.release,
        title: manifest.title,
        labels: manifest.output.labels,
        accuracy: manifest.metrics.accuracy,
        weightsSha256: manifest.weights.sha256,
        obstacles: obstacles(manifest),
      });
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      models.push({ state: 'refused', id, ...explain(error) });
    }
  }
  return { models };
}

/** An image with the place that it came from, and what it is wanted for. */
export interface RunRequest {
  readonly read: ReadImage;
  /** Counted from 1. */
  readonly frame: number;
  readonly use: Use;
}

/**
 * Classifies one image and says where the first class looks.
 * @throws VitrineError infer/not-admitted, infer/modality and its like, infer/back-end
 */
export async function runReport(classifier: Classifier, { read, frame, use }: RunRequest): Promise<ModelRunReport> {
  const { manifest } = classifier.model;
  admit(manifest, use);
  const { image, facts, source } = read;
  const { classification, prepared } = await classifier.classify(image, facts);
  const label = classification.scores[0]?.label ?? '';
  const map = await classifier.explain(prepared, manifest.output.labels.indexOf(label));
  const { columns, rows, bits } = image;
  return {
    use,
    image: { source, modality: facts.modality, columns, rows, bits, frame },
    seen: { ...prepared.seen },
    classification: { scores: [...classification.scores], provenance: { ...classification.provenance } },
    classMap: { label, rows: map.rows, columns: map.columns, values: Array.from(map.values) },
    measured: [...classifier.measured],
    lost: takeLoss(),
  };
}

/** What is known of a model. @throws VitrineError as `readModel` */
export async function modelReportOf(id: string, place: ZooPlace = {}): Promise<{ report: ModelReport; card: string }> {
  const { manifest, card, signedBy } = await readModel(id, place);
  const { release, title, intendedUse, notFor, reconstruction, metrics, weights, robustness } = manifest;
  const { name, source, licence, caution } = manifest.trainingData;
  return {
    card,
    report: {
      id,
      release,
      title,
      intendedUse,
      notFor,
      reconstruction,
      trainingData: { name, source, licence, caution },
      metrics,
      weightsSha256: weights.sha256,
      signedBy,
      obstacles: obstacles(manifest),
      robustness: robustness !== null,
    },
  };
}
