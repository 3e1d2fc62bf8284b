import type { Manifest } from './manifest.ts';

/** Ways to run a network, in the order in which the design prefers them; which one is taken is measured. */
export const BACK_ENDS = ['onnxruntime', 'tfjs-node', 'tfjs-webgpu', 'tfjs-wasm'] as const;
export type BackEndId = (typeof BACK_ENDS)[number];

/** A network that is loaded on a back end. Inputs and answers are plain numbers: tensors stay inside. */
export interface LoadedNetwork {
  readonly backEnd: BackEndId;
  /**
   * Logits, one row a picture, behind each other.
   * @param inputs prepared pictures behind each other, each rows × columns × channels
   * @throws VitrineError infer/back-end
   */
  run(inputs: Float32Array): Promise<Float32Array>;
  /** Frees what it holds; using it afterwards throws. */
  dispose(): void;
}

/** Where a class looks: Grad-CAM (Selvaraju et al. 2017) at the last convolution. */
export interface ClassMap {
  readonly rows: number;
  readonly columns: number;
  /** 0 … 1, largest 1; all 0 where nothing speaks for the class. */
  readonly values: Float32Array;
}

/** A network whose answer can be followed back to its input. One picture at a time. */
export interface DifferentiableNetwork extends LoadedNetwork {
  readonly inputSize: number;
  readonly classes: number;
  /**
   * The gradient of Σ `cotangent[k]` · logit k by the input (a vector-Jacobian product), with the logits. For a loss, the
   * cotangent is its gradient by the logits: `softmax(z) - onehot(label)` for the cross-entropy.
   */
  pullBack(
    input: Float32Array,
    cotangent: ArrayLike<number>,
  ): Promise<{ logits: Float32Array; gradient: Float32Array }>;
  /** @throws VitrineError infer/class */
  classMap(input: Float32Array, classIndex: number): Promise<ClassMap>;
}

/** Which model, on what, gave a result: stands beside every result and goes into every SR that is made of it. */
export interface Provenance {
  readonly model: string;
  readonly release: string;
  readonly weightsSha256: string;
  readonly backEnd: BackEndId;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** From prepared picture to scores, ms. */
  readonly milliseconds: number;
}

/** The score of a class. */
export interface ClassScore {
  readonly label: string;
  /** Softmax of the logits; no probability of a disease. */
  readonly score: number;
}

/** What a classifier says of a picture. */
export interface Classification {
  /** Highest first. */
  readonly scores: readonly ClassScore[];
  readonly provenance: Provenance;
}

/** A model of the zoo whose signature and hashes were checked. */
export interface CheckedModel {
  readonly manifest: Manifest;
  /** The weights file. */
  readonly weights: Uint8Array;
  /** The card, Markdown. */
  readonly card: string;
  /** Name of the key that signed the manifest. */
  readonly signedBy: string;
}
