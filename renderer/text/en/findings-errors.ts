import type { ErrorWords, InferFaultCode } from '../codes.ts';

const UNTOUCHED = 'The study is untouched.';
const NOT_RUN = 'The model was not run; the study is untouched.';
const INSTALL = 'Install Vitrine again.';

/** English words for why a model did not answer. */
export const inferFaults: Pick<ErrorWords['faults'], InferFaultCode> = {
  'infer/unknown-model': ['This model is not there.', NOT_RUN, 'Choose one of the list.'],
  'infer/manifest': ['The description of the model is missing or damaged.', NOT_RUN, INSTALL],
  'infer/signature': ['The signature of the model does not fit: it was altered or damaged.', NOT_RUN, INSTALL],
  'infer/weights-missing': ['The weights of the model are missing.', NOT_RUN, INSTALL],
  'infer/weights-altered': [
    'The weights of the model are not those that were signed: they were altered or damaged.',
    NOT_RUN,
    INSTALL,
  ],
  'infer/weights-not-finite': ['The weights of the model hold something that is no number.', NOT_RUN, INSTALL],
  'infer/weights-shape': ['The weights belong to another network than the model names.', NOT_RUN, INSTALL],
  'infer/report': ['The model’s robustness report is missing or not the one that was signed.', NOT_RUN, INSTALL],
  'infer/not-admitted': [
    'The model is not admitted to clinical use.',
    NOT_RUN,
    'Use it for research only; what it lacks is under “About this model”.',
  ],
  'infer/modality': [
    'The model was made for MR of the head, and this image is of another modality.',
    UNTOUCHED,
    'Choose an MR image of a head.',
  ],
  'infer/size': [
    'The image is too small, too large or too elongated for the model.',
    UNTOUCHED,
    'Choose an image of 32 to 8192 pixels a side, at most three times as long as wide.',
  ],
  'infer/depth': [
    'The model takes grey or RGB images of 6 to 16 bit, and this one is of another kind.',
    UNTOUCHED,
    'Choose another image.',
  ],
  'infer/flat': [
    'The image has one value nearly everywhere, so there is nothing to classify.',
    UNTOUCHED,
    'Choose an image with a head in it.',
  ],
  'infer/back-end': ['No way to run the model works on this computer.', UNTOUCHED, INSTALL],
  'infer/compute-lost': [
    'The graphics processor stopped answering.',
    UNTOUCHED,
    'Run the model again: it goes on without the graphics processor until Vitrine is started anew.',
  ],
  'infer/cancelled': ['The work was cancelled.', UNTOUCHED, 'Start it again when you want it.'],
};
