import { VitrineError } from '../../core/errors.ts';
import { inferError } from '../../core/infer/errors.ts';
import type { ImageFacts, Prepared, SourceImage } from '../../core/infer/image.ts';
import type {
  BackEndId,
  CheckedModel,
  Classification,
  ClassMap,
  DifferentiableNetwork,
  Provenance,
} from '../../core/infer/model.ts';
import { prepareBrainMr } from '../../core/infer/prepare.ts';
import { softmax } from '../../core/infer/scores.ts';
import { readWeights } from '../../core/infer/weights-file.ts';
import { networkOf } from '../../models/networks/networks.ts';
import { type BackEnd, backEndOf, backEnds, openDifferentiable } from './back-ends.ts';
import { type BackEndMemory, type Choice, type Chosen, chooseBackEnd, type Measurement, measure } from './choose.ts';

/** Brings an image into the form that the model's manifest names. @throws VitrineError infer/modality and its like */
export function prepare({ manifest }: CheckedModel, image: SourceImage, facts: ImageFacts): Prepared {
  switch (manifest.input.preparation) {
    case 'brain-mr-1':
      return prepareBrainMr(image, facts, manifest.input.rows);
  }
}

/** What a measurement of back ends is remembered under: another model or machine is another measurement. */
export function backEndKey({ manifest: { weights } }: CheckedModel): string {
  return `${weights.sha256.slice(0, 16)} ${process.platform} ${process.arch} ${process.versions.node}`;
}

/** How a classifier is opened. */
export interface ClassifierOptions {
  /** This back end, or an error; left out: the fastest. */
  readonly backEnd?: BackEndId;
  readonly memory: BackEndMemory;
}

/** A model of the zoo, ready to look at images. Everything that it gives is plain data. */
export class Classifier {
  readonly model: CheckedModel;
  readonly #choice: Choice;
  #chosen: Chosen;
  #explainer: Promise<DifferentiableNetwork> | null = null;

  private constructor(model: CheckedModel, choice: Choice, chosen: Chosen) {
    this.model = model;
    this.#choice = choice;
    this.#chosen = chosen;
  }

  /** @throws VitrineError infer/back-end, infer/weights-not-finite, infer/weights-shape */
  static async open(model: CheckedModel, { backEnd, memory }: ClassifierOptions): Promise<Classifier> {
    const { manifest } = model;
    const architecture = networkOf(manifest.network);
    const weights = readWeights(architecture, model.weights);
    const { tolerance } = manifest;
    const key = backEndKey(model);
    const choice: Choice = { architecture, weights, tolerance, key, memory, available: backEnds, known: backEndOf };
    if (backEnd === undefined) return new Classifier(model, choice, await chooseBackEnd(choice));
    const network = await (await only(backEnd)).open(architecture, weights);
    return new Classifier(model, choice, { network, measured: [] });
  }

  /** What the choice of the back end was measured by; empty where it was remembered or asked for. */
  get measured(): readonly Measurement[] {
    return this.#chosen.measured;
  }

  get backEnd(): BackEndId {
    return this.#chosen.network.backEnd;
  }

  /** @throws VitrineError infer/modality, infer/size, infer/depth, infer/flat, infer/back-end */
  async classify(
    image: SourceImage,
    facts: ImageFacts,
  ): Promise<{ readonly classification: Classification; readonly prepared: Prepared }> {
    const prepared = prepare(this.model, image, facts);
    return { classification: await this.classifyPrepared(prepared.input), prepared };
  }

  /** @param input one prepared picture */
  async classifyPrepared(input: Float32Array): Promise<Classification> {
    const started = performance.now();
    const probabilities = await this.probabilities(input);
    const milliseconds = performance.now() - started;
    return {
      scores: this.model.manifest.output.labels
        .map((label, i) => ({ label, score: probabilities[i] as number }))
        .toSorted((a, b) => b.score - a.score),
      provenance: this.provenance(milliseconds),
    };
  }

  /** Where a result of this moment comes from. */
  provenance(milliseconds: number): Provenance {
    const { id, release, weights } = this.model.manifest;
    const at = new Date().toISOString();
    return { model: id, release, weightsSha256: weights.sha256, backEnd: this.backEnd, at, milliseconds };
  }

  /**
   * Softmax of each prepared picture, in the order of the labels, one picture behind the other. A graphics processor that is lost
   * meanwhile ends nothing: the next back end takes over, and `backEnd` names it.
   * @param inputs prepared pictures behind each other
   * @throws VitrineError infer/back-end
   */
  async probabilities(inputs: Float32Array): Promise<Float64Array> {
    const logits = await this.#logits(inputs);
    const classes = this.model.manifest.output.labels.length;
    const probabilities = new Float64Array(logits.length);
    for (let at = 0; at < logits.length; at += classes)
      probabilities.set(softmax(logits.subarray(at, at + classes)), at);
    if (!probabilities.every(Number.isFinite))
      throw inferError(
        'infer/back-end',
        'the back end gave no numbers; start Vitrine again, or choose another back end',
      );
    return probabilities;
  }

  async #logits(inputs: Float32Array): Promise<Float32Array> {
    try {
      return await this.#chosen.network.run(inputs);
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'infer/compute-lost')) throw error;
      this.#chosen = await measure(this.#choice);
      return this.#chosen.network.run(inputs);
    }
  }

  /** Where a class looks, computed on TensorFlow.js. @throws VitrineError infer/class */
  async explain({ input }: Pick<Prepared, 'input'>, classIndex: number): Promise<ClassMap> {
    return (await this.differentiable()).classMap(input, classIndex);
  }

  /** The same network with gradients; it belongs to the classifier, which disposes it. */
  differentiable(): Promise<DifferentiableNetwork> {
    const architecture = networkOf(this.model.manifest.network);
    this.#explainer ??= openDifferentiable(architecture, readWeights(architecture, this.model.weights));
    return this.#explainer;
  }

  async dispose(): Promise<void> {
    this.#chosen.network.dispose();
    (await this.#explainer)?.dispose();
    this.#explainer = null;
  }
}

async function only(id: BackEndId): Promise<BackEnd> {
  const found = await backEndOf(id);
  if (found !== null) return found;
  const ids = (await backEnds()).map((one) => one.id).join(', ');
  throw inferError('infer/back-end', `the back end ${id} is not on this machine; there are ${ids}`);
}
