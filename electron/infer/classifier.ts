import { inferError } from '../../core/infer/errors.ts';
import type { ImageFacts, Prepared, SourceImage } from '../../core/infer/image.ts';
import type {
  BackEndId,
  CheckedModel,
  Classification,
  ClassMap,
  DifferentiableNetwork,
  LoadedNetwork,
} from '../../core/infer/model.ts';
import { prepareBrainMr } from '../../core/infer/prepare.ts';
import { softmax } from '../../core/infer/scores.ts';
import { readWeights } from '../../core/infer/weights-file.ts';
import { networkOf } from '../../models/networks/networks.ts';
import { type BackEnd, backEnds, openDifferentiable } from './back-ends.ts';
import { type BackEndMemory, chooseBackEnd, type Measurement } from './choose.ts';

/** Brings an image into the form that the model's manifest names. @throws VitrineError infer/modality and its like */
export function prepare({ manifest }: CheckedModel, image: SourceImage, facts: ImageFacts): Prepared {
  switch (manifest.input.preparation) {
    case 'brain-mr-1':
      return prepareBrainMr(image, facts, manifest.input.rows);
  }
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
  /** What the choice of the back end was measured by; empty where it was remembered or asked for. */
  readonly measured: readonly Measurement[];
  readonly #network: LoadedNetwork;
  #explainer: Promise<DifferentiableNetwork> | null = null;

  private constructor(model: CheckedModel, network: LoadedNetwork, measured: readonly Measurement[]) {
    this.model = model;
    this.#network = network;
    this.measured = measured;
  }

  /** @throws VitrineError infer/back-end, infer/weights-not-finite, infer/weights-shape */
  static async open(model: CheckedModel, { backEnd, memory }: ClassifierOptions): Promise<Classifier> {
    const { manifest } = model;
    const architecture = networkOf(manifest.network);
    const weights = readWeights(architecture, model.weights);
    const available = await backEnds();
    if (backEnd !== undefined) {
      const network = await only(available, backEnd).open(architecture, weights);
      return new Classifier(model, network, []);
    }
    const key = `${manifest.weights.sha256.slice(0, 16)} ${process.platform} ${process.arch} ${process.versions.node}`;
    const choice = { architecture, weights, tolerance: manifest.tolerance, key, memory, available };
    const { network, measured } = await chooseBackEnd(choice);
    return new Classifier(model, network, measured);
  }

  get backEnd(): BackEndId {
    return this.#network.backEnd;
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
    const { manifest } = this.model;
    return {
      scores: manifest.output.labels
        .map((label, i) => ({ label, score: probabilities[i] as number }))
        .toSorted((a, b) => b.score - a.score),
      provenance: {
        model: manifest.id,
        release: manifest.release,
        weightsSha256: manifest.weights.sha256,
        backEnd: this.#network.backEnd,
        at: new Date().toISOString(),
        milliseconds,
      },
    };
  }

  /** Softmax of one prepared picture, in the order of the labels. @throws VitrineError infer/back-end */
  async probabilities(input: Float32Array): Promise<Float64Array> {
    const probabilities = softmax(await this.#network.run(input));
    if (!probabilities.every(Number.isFinite))
      throw inferError(
        'infer/back-end',
        'the back end gave no numbers; start Vitrine again, or choose another back end',
      );
    return probabilities;
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
    this.#network.dispose();
    (await this.#explainer)?.dispose();
    this.#explainer = null;
  }
}

function only(available: readonly BackEnd[], id: BackEndId): BackEnd {
  const found = available.find((one) => one.id === id);
  const ids = available.map((one) => one.id).join(', ');
  if (!found) throw inferError('infer/back-end', `the back end ${id} is not on this machine; there are ${ids}`);
  return found;
}
