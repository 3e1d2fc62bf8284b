import type { ParameterValues } from '../published.ts';
import type { AeadEngine } from '../seal/engine.ts';
import { chosenPlaintext } from './attacks/chosen-plaintext.ts';
import { extendedJigsaw } from './attacks/extended-jigsaw.ts';
import { jigsaw } from './attacks/jigsaw.ts';
import { knownPlaintext } from './attacks/known-plaintext.ts';
import { type BlockMap, blockMap, blockOf } from './block-map.ts';
import { schemesError } from './errors.ts';
import { log2Factorial } from './metrics/key-space.ts';
import { bitrateOverhead } from './metrics/rate.ts';
import { chestPhantom } from './phantom.ts';
import { cropped, fullScale, type Picture, padded, sampleBytes, samplesFrom, withSamples } from './picture.ts';
import { KeyedNumbers, subkey } from './random.ts';
import { type Bench, CIPHER_METRICS, checkDepth, parameterValues, type Scheme, type Shape, whole } from './scheme.ts';

/** Sides are brought to a multiple of this, so that every block size fits. */
const UNIT = 16;

function blocks(shape: Shape, size: number): number {
  const [columns, rows] = [Math.ceil(shape.columns / UNIT) * UNIT, Math.ceil(shape.rows / UNIT) * UNIT];
  return size === 0 ? 0 : (columns / size) * (rows / size);
}

/** Where every sample comes from and whether it is inverted, from the key's streams, one for each step. */
function keyedMap(shape: Shape, key: Uint8Array, values: ParameterValues, engine: AeadEngine): BlockMap {
  const numbers = (step: string): KeyedNumbers => new KeyedNumbers(subkey(engine, key, `ahmad-perceptual/${step}`));
  const count = (size: number): number => blocks(shape, size);
  const draw = (step: string, size: number, limit: number): Uint8Array => {
    const stream = numbers(step);
    return Uint8Array.from({ length: count(size) }, () => stream.below(limit));
  };
  const [permutation, rotation, negative] = [
    blockOf(values['permutation']),
    blockOf(values['rotation']),
    blockOf(values['negative']),
  ];
  const shuffle = values['channels'] === 'shuffled' && shape.channels === 3;
  return blockMap(shape, {
    permutation: { size: permutation, order: numbers('permutation').order(count(permutation)) },
    rotation: { size: rotation, states: draw('rotation', rotation, 8) },
    negative: { size: negative, flags: draw('negative', negative, 2) },
    channels: shuffle ? { size: 8, orders: draw('channels', 8, 6) } : { size: 0, orders: new Uint8Array(0) },
  });
}

function scrambled(picture: Picture, { source, negate }: BlockMap): Picture {
  const most = fullScale(picture);
  const samples = new Uint16Array(picture.samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = picture.samples[source[i] as number] as number;
    samples[i] = negate[i] === 1 ? most - value : value;
  }
  return withSamples(picture, samples);
}

function restored(picture: Picture, { source, negate }: BlockMap): Picture {
  const most = fullScale(picture);
  const samples = new Uint16Array(picture.samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = picture.samples[i] as number;
    samples[source[i] as number] = negate[i] === 1 ? most - value : value;
  }
  return withSamples(picture, samples);
}

/** Bitrate overhead of the defaults and of all steps on 4×4 blocks. */
function overheads(given: Bench): string {
  const picture = chestPhantom({ side: 512, patient: 1 });
  const figures = [75, 90].map((quality) => {
    const plain = given.tools.jpeg.encode(picture, quality).length;
    const [ours, small] = [{}, { permutation: '4', rotation: '4', negative: '4' }].map((chosen) => {
      const values = parameterValues(ahmadPerceptual, { ...chosen, quality });
      return bitrateOverhead(ahmadPerceptual.encrypt(picture, { ...given, values }).payload.length, plain).toFixed(1);
    });
    return `+${ours} % against +${small} % at quality ${quality}`;
  });
  return `${figures.join(', ')}; chest phantom 512×512`;
}

const BLOCKS = ['off', '4', '8', '16'] as const;

/** Ahmad and Shin: an image scrambled in blocks stays an image, so JPEG still compresses it. */
export const ahmadPerceptual: Scheme = {
  kind: 'image-scheme',
  id: 'ahmad-perceptual',
  reference: 140,
  authors: 'Ahmad, Shin',
  year: 2022,
  title:
    'A Perceptual Encryption-Based Image Communication System for Deep Learning-Based Tuberculosis Diagnosis Using Healthcare Cloud Services',
  family: 'encryption and compression',
  does: 'Permutes, turns, mirrors and inverts blocks of the image by a key, some steps on smaller blocks, then writes a JPEG.',
  claims: 'An image that can’t be recognised, at nearly the size of the plain JPEG.',
  protects:
    'Obfuscation only. Jigsaw solvers put the blocks back without the key, one known image opens all that were made with its ' +
    'key, and the histogram changes by inversion alone. Its JPEG belongs inside the envelope.',
  reconstruction:
    'Which steps the paper runs on the smaller blocks is inferred: ours turns 4×4 blocks and permutes and inverts 8×8 ones; each ' +
    'size is a parameter. The tuberculosis classifier is left out. 12- and 16-bit images are windowed to 8 bits first.',
  headline: [
    {
      text: 'bitrate +12 % over plain JPEG, against +113 % for conventional encryption in small blocks',
      evidence: 'abstract',
      figure: { metric: 'bitrate overhead over plain JPEG', value: '+12 %' },
      ours: overheads,
    },
    {
      text: 'time of encryption: no figure',
      evidence: 'not found',
      ours: {
        text: '{ours} {unit} with its JPEG at quality 75, 512×512; AES-256-GCM on the same samples {peer} {unit}',
        bench: 'perceptual',
      },
    },
    { text: 'accuracy +10 % by noise augmentation', evidence: 'abstract', ours: null },
    { text: 'absolute accuracy, PSNR and size of the key space', evidence: 'not found', ours: null },
  ],
  keyed: true,
  bits: { low: 8, high: 8 },
  parameters: [
    { name: 'permutation', means: 'side of the blocks that change places', choices: BLOCKS, default: '8' },
    { name: 'rotation', means: 'side of the blocks that are turned and mirrored', choices: BLOCKS, default: '4' },
    { name: 'negative', means: 'side of the blocks that are inverted', choices: BLOCKS, default: '8' },
    {
      name: 'channels',
      means: 'channels of colour images in 8×8 blocks',
      choices: ['shuffled', 'kept'],
      default: 'shuffled',
    },
    { name: 'codec', means: 'what is stored', choices: ['jpeg', 'none'], default: 'jpeg' },
    { name: 'quality', means: 'quality of the JPEG', low: 1, high: 95, default: 75 },
  ],
  metrics: [...CIPHER_METRICS, 'ms-ssim', 'uiq', 'bitrate-overhead'],
  attacks: [jigsaw, extendedJigsaw, knownPlaintext, chosenPlaintext],
  keySpace(shape, values) {
    const count = (name: string): number => blocks(shape, blockOf(values[name]));
    const shuffled = values['channels'] === 'shuffled' && shape.channels === 3 ? blocks(shape, 8) : 0;
    const steps = log2Factorial(count('permutation')) + 3 * count('rotation') + count('negative');
    // However many arrangements there are, the key that chooses one has 256 bits.
    return Math.min(256, steps + shuffled * Math.log2(6));
  },
  encrypt(picture, { key, values, tools }) {
    checkDepth(ahmadPerceptual, picture);
    const whole16 = padded(picture, UNIT);
    const cipher = scrambled(whole16, keyedMap(picture, key, values, tools.engine));
    const payload =
      values['codec'] === 'jpeg' ? tools.jpeg.encode(cipher, whole(values, 'quality')) : sampleBytes(cipher);
    return { cipher, payload };
  },
  decrypt(payload, shape, { key, values, tools }) {
    const [columns, rows] = [Math.ceil(shape.columns / UNIT) * UNIT, Math.ceil(shape.rows / UNIT) * UNIT];
    const size = { columns, rows, channels: shape.channels, bits: 8 };
    const cipher =
      values['codec'] === 'jpeg' ? tools.jpeg.decode(payload) : { ...size, samples: samplesFrom(payload, 8) };
    if (cipher.samples.length !== columns * rows * shape.channels || cipher.columns !== columns)
      throw schemesError('schemes/payload', 'the payload holds a picture of another size');
    const plain = restored(cipher, keyedMap(shape, key, values, tools.engine));
    return cropped(plain, 0, 0, shape.columns, shape.rows);
  },
};
