/**
 * A classifier on pictures whose class is known: they are read and prepared here, and go in batches by the tensor lane to an engine
 * process, which computes the ones before meanwhile.
 */
import { type ModelEvaluation, openedModel } from '../../core/contract/model.ts';
import { VitrineError } from '../../core/errors.ts';
import { accuracyOf, confusionOf, perClass } from '../../core/infer/measures.ts';
import type { BackEndId, CheckedModel } from '../../core/infer/model.ts';
import { largest } from '../../core/infer/scores.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { Engine } from '../engine/engine.ts';
import { engineError } from '../engine/errors.ts';
import { type NodeEngine, startNodeEngine } from '../engine/node-channel.ts';
import type { TensorLane } from '../engine/tensor-lane.ts';
import type { BackEndMemory } from './choose.ts';
import { backEndKey, prepare } from './classifier.ts';
import { type LabelledFile, labelledFolder } from './labelled-folder.ts';
import type { Explain } from './reports.ts';
import { imageOfFile } from './source-image.ts';

/** Pictures of one batch: more gain nothing. */
export const BATCH = 16;
/** Batches on their way at once: one is read while the one before it is computed. */
const ON_THEIR_WAY = 3;
/** Pictures that are read from the disk before they are needed. */
const AHEAD = 4;
/** The lane is no task: the engine must not take its process for idle. */
const NEVER = 2 ** 31 - 1;

/** A batch that is being filled, or on its way. */
interface Batch {
  readonly inputs: Float32Array;
  /** Which pictures are in it. */
  readonly places: number[];
}

/**
 * Sends prepared pictures by the lane in batches, of which several are on their way; a failure is heard by the next call. What a batch
 * lay in takes another one once its scores are here.
 */
export class LaneBatches {
  readonly #lane: TensorLane;
  readonly #size: number;
  readonly #scored: (at: number, scores: Float64Array) => void;
  readonly #coming: Promise<void>[] = [];
  readonly #free: Float32Array[] = [];
  #filling: Batch | null = null;

  /**
   * @param size numbers of one picture
   * @param scored told in the order in which pictures were added
   */
  constructor(lane: TensorLane, size: number, scored: (at: number, scores: Float64Array) => void) {
    this.#lane = lane;
    this.#size = size;
    this.#scored = scored;
  }

  /** Takes a picture; waits while enough batches are on their way. @throws VitrineError engine/answer, engine/crashed */
  async add(at: number, input: Float32Array): Promise<void> {
    this.#filling ??= { inputs: this.#free.pop() ?? new Float32Array(BATCH * this.#size), places: [] };
    const { inputs, places } = this.#filling;
    inputs.set(input, places.length * this.#size);
    places.push(at);
    if (places.length < BATCH) return;
    this.#send(this.#filling);
    if (this.#coming.length >= ON_THEIR_WAY) await this.#coming.shift();
  }

  /** Waits for all scores. @throws VitrineError engine/answer, engine/crashed */
  async end(): Promise<void> {
    if (this.#filling !== null) this.#send(this.#filling);
    await Promise.all(this.#coming.splice(0));
  }

  #send({ inputs, places }: Batch): void {
    this.#filling = null;
    const coming = this.#lane.scores(inputs.subarray(0, places.length * this.#size)).then((scores) => {
      this.#free.push(inputs);
      const classes = scores.length / places.length;
      places.forEach((at, i) => {
        this.#scored(at, scores.subarray(i * classes, (i + 1) * classes));
      });
    });
    coming.catch(() => undefined);
    this.#coming.push(coming);
  }
}

/** What an evaluation is told, and tells. */
export interface EvaluateOptions {
  /** Null: the fastest. */
  readonly backEnd: BackEndId | null;
  readonly memory: BackEndMemory;
  readonly explain: Explain;
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
}

type Prepared = { readonly input: Float32Array } | { readonly refused: ReturnType<Explain> };

/** An engine process with the model open in it, and its lane. */
async function opened(model: CheckedModel, { backEnd, memory, signal }: EvaluateOptions) {
  const channel: NodeEngine = startNodeEngine();
  const engine = new Engine(() => channel, { idle: NEVER });
  const stop = (): void => engine.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const fastest = await memory.read(backEndKey(model));
    const input = { model: model.manifest.id, backEnd, fastest };
    const found = await engine.run('model.open', input, { answer: openedModel, signal, progress: () => undefined });
    if (backEnd === null && found.measured.length > 0) await memory.write(backEndKey(model), found.backEnd);
    return { lane: channel.lane, stop, ...found };
  } catch (error) {
    stop();
    throw error;
  }
}

type Jpeg = Awaited<ReturnType<typeof createJpegCodec>>;

/** Reads and prepares a file; what is wrong with it is an answer. */
function reader(model: CheckedModel, jpeg: Jpeg, explain: Explain): (file: LabelledFile) => Promise<Prepared> {
  return async ({ path }) => {
    try {
      const { image, facts } = await imageOfFile(path, 0, jpeg);
      return { input: prepare(model, image, facts).input };
    } catch (error) {
      // A defect is no fault of the file.
      if (error instanceof VitrineError || (error instanceof Error && 'code' in error))
        return { refused: explain(error) };
      throw error;
    }
  };
}

/** Gives every file to `use` in its order, reading a few ahead. */
async function eachRead(
  files: readonly LabelledFile[],
  read: (file: LabelledFile) => Promise<Prepared>,
  use: (at: number, prepared: Prepared) => Promise<void>,
): Promise<void> {
  const asked: Promise<Prepared>[] = [];
  for (let at = 0, next = 0; at < files.length; at++) {
    for (const file of files.slice(next, at + AHEAD)) {
      const coming = read(file);
      coming.catch(() => undefined);
      asked.push(coming);
      next += 1;
    }
    await use(at, await (asked.shift() as Promise<Prepared>));
  }
}

/** What was found of the files that were read, and which were not. */
interface Counted {
  readonly truth: number[];
  readonly found: number[];
  readonly refused: ModelEvaluation['refused'];
}

/** Reads all files and has them scored. @throws VitrineError engine/cancelled, engine/answer, engine/crashed */
async function count(
  files: readonly LabelledFile[],
  read: (file: LabelledFile) => Promise<Prepared>,
  { lane, size, signal, told }: { lane: TensorLane; size: number; signal: AbortSignal; told: (done: number) => void },
): Promise<Counted> {
  const counted: Counted = { truth: [], found: [], refused: [] };
  const tell = (): void => told(counted.truth.length + counted.refused.length);
  const batches = new LaneBatches(lane, size, (at, scores) => {
    counted.truth.push(files[at]?.label ?? 0);
    counted.found.push(largest(scores));
    tell();
  });
  await eachRead(files, read, async (at, prepared) => {
    // A turn of the loop, so that a cancel is heard between two pictures that were there already.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw engineError('engine/cancelled');
    if ('input' in prepared) return batches.add(at, prepared.input);
    counted.refused.push({ file: files[at]?.name ?? '', ...prepared.refused });
    tell();
  });
  await batches.end();
  return counted;
}

/**
 * Evaluates a model on a folder with one subfolder for each class. A file that can't be read, or that the model doesn't take, is among
 * `refused` and counts nowhere else.
 * @throws VitrineError infer/class for a folder of another kind, engine/cancelled, engine/crashed, infer/back-end
 */
export async function evaluate(
  model: CheckedModel,
  folder: string,
  options: EvaluateOptions,
): Promise<ModelEvaluation> {
  const { explain, signal, progress } = options;
  const { id, release, input, output, weights } = model.manifest;
  const size = input.rows * input.columns * input.channels;
  const labels = [...output.labels];
  const { files, beside } = await labelledFolder(folder, labels);
  const read = reader(model, await createJpegCodec(), explain);
  const { lane, stop, backEnd, measured } = await opened(model, options);
  try {
    const started = performance.now();
    const told = (done: number): void => progress(done, files.length);
    const { truth, found, refused } = await count(files, read, { lane, size, signal, told });
    const milliseconds = performance.now() - started;
    const confusion = confusionOf(truth, found, labels.length).map((row) => [...row]);
    const reason = `The file lies in no class’s folder: ${labels.join(', ')}.`;
    return {
      use: 'research',
      labels,
      n: truth.length,
      accuracy: accuracyOf(confusion),
      classes: perClass(confusion).map((one, i) => ({ label: labels[i] ?? '', ...one })),
      confusion,
      refused: [...beside.map((file) => ({ file, code: 'infer/class', reason })), ...refused],
      seconds: milliseconds / 1000,
      picturesPerSecond: (1000 * truth.length) / milliseconds,
      provenance: {
        model: id,
        release,
        weightsSha256: weights.sha256,
        backEnd,
        at: new Date().toISOString(),
        milliseconds,
      },
      measured,
    };
  } catch (error) {
    throw signal.aborted ? engineError('engine/cancelled') : error;
  } finally {
    stop();
  }
}
