import { inferError } from '../../core/infer/errors.ts';
import type { BackEndId } from '../../core/infer/model.ts';
import { Classifier } from './classifier.ts';
import { readModel } from './zoo.ts';

/** Which model, on what. */
export interface Wanted {
  readonly model: string;
  /** This back end; null: the fastest. */
  readonly backEnd: BackEndId | null;
  /** The one that main remembers as the fastest; null: it is measured, and `measured` of the answer says how. */
  readonly fastest: BackEndId | null;
}

let opened: { readonly key: string; readonly classifier: Promise<Classifier> } | null = null;

/** The classifier that is open in this process, or the one that is wanted in its place. */
export async function classifierFor({ model, backEnd, fastest }: Wanted): Promise<Classifier> {
  const key = `${model} ${backEnd ?? ''}`;
  if (opened?.key === key) return opened.classifier;
  const before = opened?.classifier;
  // Main remembers; here there is no file to remember in.
  const memory = { read: async () => fastest, write: async () => undefined };
  const classifier = readModel(model).then((checked) =>
    Classifier.open(checked, backEnd === null ? { memory } : { memory, backEnd }),
  );
  opened = { key, classifier };
  classifier.catch(() => {
    if (opened?.classifier === classifier) opened = null;
  });
  await before?.then((old) => old.dispose()).catch(() => undefined);
  return classifier;
}

/** Scores by the classifier that is open. @throws VitrineError infer/back-end where none is */
export async function openScores(inputs: Float32Array): Promise<Float64Array> {
  if (opened === null) throw inferError('infer/back-end', 'no model is open; open one first');
  return (await opened.classifier).probabilities(inputs);
}
