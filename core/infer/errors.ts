import { VitrineError } from '../errors.ts';

/**
 * Why a model did not answer. Closed list.
 *
 * - `infer/unknown-model`: no model of the zoo has this id.
 * - `infer/manifest`: the manifest is missing, no manifest, or of a version that this build doesn't know.
 * - `infer/signature`: the manifest was not signed by a key that Vitrine trusts, or was altered since.
 * - `infer/weights-missing`: the file of weights isn't there.
 * - `infer/weights-altered`: the weights have another hash than the signed manifest says.
 * - `infer/weights-not-finite`: a weight is no finite number.
 * - `infer/weights-shape`: the weights are of another network than the one that the manifest names.
 * - `infer/report`: the robustness report is missing or is not the one that was signed.
 * - `infer/not-admitted`: the model lacks what clinical use asks for.
 * - `infer/modality`: an image of a modality that the model wasn't made for.
 * - `infer/size`: an image that is too small, too large or too elongated.
 * - `infer/depth`: samples of a kind or depth that the model doesn't take.
 * - `infer/flat`: an image whose pixels all have one value.
 * - `infer/class`: a class that the model hasn't.
 * - `infer/back-end`: no back end could run the model, or the one that did is gone.
 * - `infer/compute-lost`: the compute window ended, or its graphics processor was lost.
 * - `infer/cancelled`: the caller gave up.
 * - `infer/payload`: an upload or an answer that does not open: another key, another place, or an altered byte.
 * - `infer/training`: pictures or a saved state that training can't go on from.
 */
export type InferCode = (typeof RUN_CODES)[number] | 'infer/class' | 'infer/payload' | 'infer/training';

/** Those that a run in a window can end with. */
export const RUN_CODES = [
  'infer/unknown-model',
  'infer/manifest',
  'infer/signature',
  'infer/weights-missing',
  'infer/weights-altered',
  'infer/weights-not-finite',
  'infer/weights-shape',
  'infer/report',
  'infer/not-admitted',
  'infer/modality',
  'infer/size',
  'infer/depth',
  'infer/flat',
  'infer/back-end',
  'infer/compute-lost',
  'infer/cancelled',
] as const;

/** Makes an error of inference. The message is a sentence without its full stop, says what to do, and holds no value of a patient. */
export function inferError(
  code: InferCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<InferCode> {
  return new VitrineError(code, message, options);
}
