import type { Architecture, Layer } from '../../core/infer/architecture.ts';

const FILTERS = [16, 32, 64, 64];

/**
 * Kumar et al. [113], a classifier of brain MR images. Neither layers nor classes nor the image's size could be found; four
 * convolutions of 16, 32, 64 and 64 filters with batch normalisation and max-pooling, 128 dense units and the four
 * classes of the public data set are our choice.
 */
export const kumar: Architecture = {
  id: 'kumar-cnn',
  input: { rows: 128, columns: 128, channels: 1 },
  classes: 4,
  layers: [
    ...FILTERS.flatMap((filters, i): Layer[] => [
      { kind: 'conv', name: `conv${i + 1}`, filters, size: 3 },
      { kind: 'batch-norm', name: `norm${i + 1}` },
      { kind: 'relu' },
      { kind: 'max-pool' },
    ]),
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.25 },
    { kind: 'dense', name: 'dense1', units: 128 },
    { kind: 'relu' },
    { kind: 'dropout', rate: 0.5 },
    { kind: 'dense', name: 'dense2', units: 4 },
  ],
};
