import { largest, softmax } from '../../core/infer/scores.ts';

/**
 * What an attack asks of a classifier, for batches of images that lie one behind the other in one array. Inputs are in
 * [0, 1] after decoding, windowing and resizing; every later step belongs to the classifier, so that ε is in units of the
 * input. Outputs are logits: attacks on probabilities are silently weak where those saturate.
 */
export interface Differentiable {
  /** Numbers of one input: rows × columns × channels. */
  readonly size: number;
  readonly classes: number;
  /** Logits Z of each input, batch × classes. */
  logits(inputs: Float32Array): Promise<Float32Array>;
  /** ∇ₓ Σₖ weights[k] · Zₖ(x) of each input, batch × size. `weights` is batch × classes. */
  gradient(inputs: Float32Array, weights: Float32Array): Promise<Float32Array>;
}

/** Images that are attacked, and the class that each of them has. Only correctly classified ones make sense. */
export interface Batch {
  readonly inputs: Float32Array;
  readonly labels: readonly number[];
}

/** What a run of an attack hears and says. */
export interface AttackControl {
  readonly signal?: AbortSignal;
  /** Steps done of all steps. */
  readonly progress?: (done: number, total: number) => void;
  /** Waited for between two steps: lets messages in where nothing else does. */
  readonly turn?: () => Promise<void>;
}

/** Row `i` of a batch, as a view. */
export function rowOf(values: Float32Array, i: number, length: number): Float32Array {
  return values.subarray(i * length, (i + 1) * length);
}

/** The class with the largest logit of each input; of equal ones the first. */
export function predictedClasses(logits: Float32Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, i) => largest(rowOf(logits, i, classes)));
}

/** ln Σ exp, without overflow. */
function logSumExp(row: Float32Array): number {
  const top = Math.max(...row);
  return top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** Cross entropy of each input with its label. */
export function crossEntropy(logits: Float32Array, labels: readonly number[], classes: number): number[] {
  return labels.map((label, i) => {
    const row = rowOf(logits, i, classes);
    return logSumExp(row) - (row[label] as number);
  });
}

/** ∂ cross entropy / ∂ Z, batch × classes: softmax minus one at the label. */
function crossEntropyWeights(logits: Float32Array, labels: readonly number[], classes: number): Float32Array {
  const weights = new Float32Array(logits.length);
  for (const [i, label] of labels.entries()) {
    const row = weights.subarray(i * classes, (i + 1) * classes);
    row.set(softmax(rowOf(logits, i, classes)));
    row[label] = (row[label] as number) - 1;
  }
  return weights;
}

/** ∇ₓ of the cross entropy with `labels`, batch × size. */
export async function lossGradient(model: Differentiable, { inputs, labels }: Batch): Promise<Float32Array> {
  const logits = await model.logits(inputs);
  return model.gradient(inputs, crossEntropyWeights(logits, labels, model.classes));
}
