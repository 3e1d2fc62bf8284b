import type { ParameterValues } from '../published.ts';
import { nearestImage } from './attacks/nearest-image.ts';
import { schemesError } from './errors.ts';
import { fullScale, type Picture, withSamples } from './picture.ts';
import { checkDepth, type Scheme, type Shape, whole } from './scheme.ts';
import { inversePackets, type Packets, packetTransform } from './wavelet-packets.ts';

/** How a patch of coefficients becomes one number: a fold over its rows, which are runs of one array. */
interface Pooling {
  readonly start: number;
  fold(before: number, bands: Float32Array, from: number, to: number): number;
  finish?(value: number): number;
}

/** A fold that adds up what `of` makes of each coefficient. */
function adding(of: (value: number) => number): Pooling['fold'] {
  return (before, bands, from, to) => {
    let sum = before;
    for (let i = from; i < to; i++) sum += of(bands[i] as number);
    return sum;
  };
}

const FOLDS: Readonly<Record<string, Pooling>> = {
  l1: {
    start: 0,
    fold(before, bands, from, to) {
      let sum = before;
      for (let i = from; i < to; i++) sum += Math.abs(bands[i] as number);
      return sum;
    },
  },
  sum: { start: 0, fold: adding((value) => value) },
  l2: { start: 0, fold: adding((value) => value * value), finish: Math.sqrt },
  positive: { start: 0, fold: adding((value) => Math.max(value, 0)) },
  negative: { start: 0, fold: adding((value) => Math.min(value, 0)) },
  max: {
    start: Number.NEGATIVE_INFINITY,
    fold: (before, bands, from, to) => bands.subarray(from, to).reduce((most, value) => Math.max(most, value), before),
  },
  min: {
    start: Number.POSITIVE_INFINITY,
    fold: (before, bands, from, to) =>
      bands.subarray(from, to).reduce((least, value) => Math.min(least, value), before),
  },
};

function median(values: Float32Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Numbers that DeepFixCX keeps of one channel: 4^J · P². */
export function featureCount(levels: number, patches: number): number {
  return 4 ** levels * patches * patches;
}

/** The grid of P×P patches over a subband, which is padded with zeros on all sides to a multiple of P. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly patches: number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

function gridOver({ columns, rows }: { columns: number; rows: number }, patches: number): Grid {
  const [width, height] = [Math.ceil(columns / patches), Math.ceil(rows / patches)];
  const [left, top] = [(width * patches - columns) >> 1, (height * patches - rows) >> 1];
  return { columns, rows, patches, width, height, left, top };
}

/** The rows of a patch that lie inside its subband, as runs from `from` to `to`; what is outside is zero. */
function eachRun(start: number, grid: Grid, at: number, run: (from: number, to: number) => void): boolean {
  const { columns, rows, patches, width, height, left, top } = grid;
  const [x0, y0] = [(at % patches) * width - left, Math.floor(at / patches) * height - top];
  const [x1, y1] = [Math.min(columns, x0 + width), Math.min(rows, y0 + height)];
  const first = Math.max(0, x0);
  if (first < x1) for (let y = Math.max(0, y0); y < y1; y++) run(start + y * columns + first, start + y * columns + x1);
  return x0 >= 0 && y0 >= 0 && x0 + width <= columns && y0 + height <= rows;
}

/** The pooled value of one patch. */
function pooled(bands: Float32Array, start: number, grid: Grid, at: number, pooling: string): number {
  const how = FOLDS[pooling];
  if (!how) {
    const patch = new Float32Array(grid.width * grid.height);
    let filled = 0;
    eachRun(start, grid, at, (from, to) => {
      patch.set(bands.subarray(from, to), filled);
      filled += to - from;
    });
    return median(patch);
  }
  let value = how.start;
  const whole = eachRun(start, grid, at, (from, to) => {
    value = how.fold(value, bands, from, to);
  });
  if (!whole) value = how.fold(value, ZERO, 0, 1);
  return how.finish ? how.finish(value) : value;
}

/** What padding is made of. */
const ZERO = new Float32Array(1);

function geometry(shape: Shape, values: ParameterValues): { levels: number; patches: number } {
  const [levels, patches] = [whole(values, 'levels'), whole(values, 'patches')];
  const most = Math.floor(Math.min(shape.columns, shape.rows) / 2 ** levels);
  if (patches > most)
    throw schemesError('schemes/parameter', `"patches" is at most ${most} for this picture at ${levels} levels`);
  return { levels, patches };
}

/** The feature vector of one channel: the pooled patches of all subbands. */
export function pooledFeatures(channel: Float32Array, shape: Shape, values: ParameterValues): Float32Array {
  const { levels, patches } = geometry(shape, values);
  const { sizes, bands } = packetTransform(channel, shape.columns, shape.rows, levels);
  const size = sizes[levels] as Packets['sizes'][number];
  const grid = gridOver(size, patches);
  const perBand = patches * patches;
  const features = new Float32Array(featureCount(levels, patches));
  const pooling = String(values['pooling']);
  for (let i = 0; i < features.length; i++)
    features[i] = pooled(bands, Math.floor(i / perBand) * size.columns * size.rows, grid, i % perBand, pooling);
  return features;
}

/** Every number over its patch, divided by the patch's area, and the packet transform undone. */
function reconstructed(features: Float32Array, shape: Shape, levels: number, patches: number): Float32Array {
  const { sizes, bands } = packetTransform(
    new Float32Array(shape.columns * shape.rows),
    shape.columns,
    shape.rows,
    levels,
  );
  const size = sizes[levels] as Packets['sizes'][number];
  const grid = gridOver(size, patches);
  const area = grid.width * grid.height;
  for (let i = 0; i < bands.length; i++) {
    const inBand = i % (size.columns * size.rows);
    const column = Math.floor(((inBand % size.columns) + grid.left) / grid.width);
    const row = Math.floor((Math.floor(inBand / size.columns) + grid.top) / grid.height);
    const band = Math.floor(i / (size.columns * size.rows));
    bands[i] = (features[(band * patches + row) * patches + column] as number) / area;
  }
  return inversePackets({ sizes, bands });
}

/** The features as a picture: subbands beside each other, brightness by the square root of the value. */
function drawn(features: readonly Float32Array[], levels: number, patches: number): Picture {
  const side = patches * 2 ** levels;
  const samples = new Uint16Array(side * side * features.length);
  const most = features.reduce((top, one) => one.reduce((high, value) => Math.max(high, Math.abs(value)), top), 1e-9);
  for (const [c, one] of features.entries())
    for (let i = 0; i < one.length; i++) {
      const band = Math.floor(i / (patches * patches));
      const x = (band % 2 ** levels) * patches + (i % patches);
      const y = Math.floor(band / 2 ** levels) * patches + (Math.floor(i / patches) % patches);
      samples[(y * side + x) * features.length + c] = Math.round(255 * Math.sqrt(Math.abs(one[i] as number) / most));
    }
  return { columns: side, rows: side, channels: features.length === 3 ? 3 : 1, bits: 8, samples };
}

/** Of the numbers that go in, how many are left; each of them has four bytes where a pixel had one. */
function keptShare(): string {
  const [levels, patches, side] = [3, 8, 320];
  const share = featureCount(levels, patches) / side ** 2;
  return `${(100 * share).toFixed(1)} % of the pixels and ${(400 * share).toFixed(1)} % of the bytes at J ${levels}, P ${patches}, ${side}×${side}, 8 bits`;
}

/** Gaudio and others: compression that a classifier can still read, without a network and without a key. */
export const deepFixCx: Scheme = {
  kind: 'image-scheme',
  id: 'gaudio-deepfixcx',
  reference: 148,
  authors: 'Gaudio, Smailagic, Faloutsos, Mohan, Johnson, Liu, Costa, Campilho',
  year: 2023,
  title: 'DeepFixCX: Explainable Privacy-Preserving Image Compression for Medical Image Analysis',
  family: 'end-to-end: compression for a classifier',
  does: 'Splits the image into 4^J wavelet packets and keeps one number for each of P×P patches of every packet.',
  claims: 'Privacy by removing spatial and edge detail, a fraction of the pixels, and equal or better classification.',
  protects:
    'Many images lead to the same numbers, so the original can’t be had back exactly; nothing formal holds beyond that. ' +
    'There is no key and no encryption: with few levels or many patches the result is a readable thumbnail, and it stays ' +
    'protected health information until tests on the data at hand say otherwise.',
  reconstruction:
    'The authors’ code was read by the specification. Ours: Haar filters only, odd sizes padded with a zero, one pooling at a time.',
  headline: [
    {
      text: '1700 images/s at 320×320 on the authors’ machine',
      evidence: 'abstract',
      ours: { text: '{ours} {unit} at 320×320, J 3, P 8, one thread', bench: 'deepfixcx' },
    },
    { text: 'below 5 % of the pixels keeps or improves accuracy', evidence: 'abstract', ours: keptShare },
    {
      text: '+0.02 AUC on glaucoma and cervix type; helps in 7 of 10 chest radiograph settings',
      evidence: 'abstract',
      ours: null,
    },
    { text: 'tables for each J and P', evidence: 'not found', ours: null },
  ],
  keyed: false,
  bits: { low: 1, high: 16 },
  parameters: [
    { name: 'levels', means: 'levels J of the packet transform', low: 0, high: 6, default: 3 },
    { name: 'patches', means: 'patches P a side in every packet', low: 1, high: 64, default: 8 },
    {
      name: 'pooling',
      means: 'how a patch becomes one number',
      choices: [...Object.keys(FOLDS), 'median'],
      default: 'l1',
    },
  ],
  metrics: ['compression-ratio', 'mse', 'psnr', 'ssim', 'ms-ssim', 'uiq'],
  attacks: [nearestImage],
  keySpace: () => 0,
  encrypt(picture, { values }) {
    checkDepth(deepFixCx, picture);
    const { levels, patches } = geometry(picture, values);
    const { channels, samples } = picture;
    const features = Array.from({ length: channels }, (_, c) =>
      pooledFeatures(channelOf(samples, channels, c), picture, values),
    );
    const payload = new Uint8Array(features.length * featureCount(levels, patches) * 4);
    const view = new DataView(payload.buffer);
    for (const [c, one] of features.entries())
      for (let i = 0; i < one.length; i++) view.setFloat32((c * one.length + i) * 4, one[i] as number, true);
    return { cipher: drawn(features, levels, patches), payload };
  },
  decrypt(payload, shape, { values }) {
    const { levels, patches } = geometry(shape, values);
    const count = featureCount(levels, patches);
    if (payload.length !== count * shape.channels * 4)
      throw schemesError('schemes/payload', 'the payload has another length than these parameters give');
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    const samples = new Uint16Array(shape.columns * shape.rows * shape.channels);
    const most = fullScale(shape);
    for (let c = 0; c < shape.channels; c++) {
      const features = Float32Array.from({ length: count }, (_, i) => view.getFloat32((c * count + i) * 4, true));
      const values32 = reconstructed(features, shape, levels, patches);
      for (let i = 0; i < values32.length; i++)
        samples[i * shape.channels + c] = Math.min(most, Math.max(0, Math.round(values32[i] as number)));
    }
    return withSamples({ ...shape, samples }, samples);
  },
};

function channelOf(samples: Uint16Array, channels: number, channel: number): Float32Array {
  if (channels === 1) return Float32Array.from(samples);
  return Float32Array.from({ length: samples.length / channels }, (_, i) => samples[i * channels + channel] as number);
}
