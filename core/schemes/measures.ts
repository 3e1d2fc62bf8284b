import { VitrineError } from '../errors.ts';
import { adjacentCorrelation, correlationBound } from './metrics/correlation.ts';
import { npcr, npcrMean, npcrThreshold, uaci, uaciInterval, uaciMean } from './metrics/differential.ts';
import { expectedEntropy, localEntropy, shannonEntropy } from './metrics/entropy.ts';
import { mse, psnr, uiq } from './metrics/fidelity.ts';
import { histogramTest } from './metrics/histogram.ts';
import { bdRate, bitrateOverhead, bitsPerPixel, compressionRatio, type RatePoint } from './metrics/rate.ts';
import { msSsim, ssim } from './metrics/ssim.ts';
import { bytePlanes, cropped, fullScale, type Picture, withSamples } from './picture.ts';
import { seededNumbers } from './random.ts';
import type { Ciphered, MetricId, Scheme, Use } from './scheme.ts';

/** A sound cipher misses a bound of this level once in a thousand runs. */
const ALPHA = 0.001;

/** One figure. */
export interface Measured {
  readonly id: MetricId;
  /** As the field calls it, with what it was measured on. */
  readonly name: string;
  /** Null where it is undefined or does not apply; `note` says why. Infinity for the PSNR of equal pictures. */
  readonly value: number | null;
  readonly unit: '' | '%' | 'dB' | 'bit' | 'bit/pixel';
  /** What a random cipher has, or what papers ask for; empty where nothing is fixed. */
  readonly ideal: string;
  /** Whether the value lies where the ideal says; null where there is none. */
  readonly meets: boolean | null;
  readonly note: string;
}

/** A run of a scheme on a picture, which the figures are taken from. */
export interface SchemeRun {
  readonly scheme: Scheme;
  readonly picture: Picture;
  readonly use: Use;
  readonly made: Ciphered;
  readonly recovered: Picture;
}

type Measure = (run: SchemeRun) => Measured[];

function figure(id: MetricId, name: string, value: number | null, rest: Partial<Measured> = {}): Measured {
  return { id, name, value, unit: '', ideal: '', meets: null, note: '', ...rest };
}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
const between = (low: number, high: number, digits: number): string =>
  `${low.toFixed(digits)} to ${high.toFixed(digits)}`;

const entropy: Measure = ({ made: { cipher } }) =>
  bytePlanes(cipher).map((plane) => {
    const value = shannonEntropy(plane.bytes, plane.bins);
    const random = expectedEntropy(plane.bytes.length, plane.bins);
    // The spread of the entropy of n random values below k is about √((k - 1) / 2) / (n ln 2).
    const slack = (4 * Math.sqrt((plane.bins - 1) / 2)) / (plane.bytes.length * Math.LN2);
    const rest = { unit: 'bit', ideal: `random: ${random.toFixed(4)}`, meets: value >= random - slack } as const;
    return figure('entropy', `entropy of the cipher (${plane.name})`, value, rest);
  });

const local: Measure = ({ made: { cipher } }) => {
  const plane = bytePlanes(cipher)[0];
  const numbers = seededNumbers(44);
  const found = plane ? localEntropy(plane, cipher, (below) => numbers.below(below), ALPHA) : null;
  const name = `local entropy of the cipher (${plane?.name})`;
  if (!found) return [figure('local-entropy', name, null, { note: 'no block of 44×44 fits' })];
  const { mean, blocks, low, high } = found;
  const rest = {
    unit: 'bit',
    ideal: between(low, high, 4),
    meets: within(mean, low, high),
    note: `${blocks} blocks`,
  } as const;
  return [figure('local-entropy', name, mean, rest)];
};

/** The cipher of the picture, and of the picture with its middle sample changed by one level, key and nonce held. */
function neighbours({ scheme, picture, use }: SchemeRun, held: boolean): [Picture, Picture] {
  const { engine } = use.tools;
  const still = { ...engine, randomFill: (out: Uint8Array) => void out.fill(0) };
  const one = held ? { ...use, tools: { ...use.tools, engine: still } } : use;
  const samples = picture.samples.slice();
  const at =
    Math.floor(picture.rows / 2) * picture.columns * picture.channels + (picture.columns * picture.channels) / 2;
  const middle = Math.floor(at);
  const value = samples[middle] as number;
  samples[middle] = value === fullScale(picture) ? value - 1 : value + 1;
  return [scheme.encrypt(picture, one).cipher, scheme.encrypt(withSamples(picture, samples), one).cipher];
}

function differential(id: 'npcr' | 'uaci', [a, b]: readonly [Picture, Picture], name: string, note = ''): Measured {
  const n = a.samples.length;
  if (id === 'npcr') {
    const value = npcr(a.samples, b.samples);
    const least = npcrThreshold(n, a.bits, ALPHA);
    const ideal = `random: ${npcrMean(a.bits).toFixed(4)}; at least ${least.toFixed(4)}`;
    return figure(id, name, value, { unit: '%', ideal, meets: value >= least, note });
  }
  const value = uaci(a.samples, b.samples, a.bits);
  const { low, high } = uaciInterval(n, a.bits, ALPHA);
  const ideal = `random: ${uaciMean(a.bits).toFixed(4)}; ${between(low, high, 4)}`;
  return figure(id, name, value, { unit: '%', ideal, meets: within(value, low, high), note });
}

/** What belongs below every table with an NPCR in it. */
export const DIFFUSION =
  'NPCR and UACI, as they are used, assume a deterministic cipher with the same key and nonce. An authenticated cipher with ' +
  'fresh nonces reaches them trivially, and AES in counter mode with its nonce held, as the test demands, scores near 0 although ' +
  'it is secure with fresh ones: a low NPCR is a statement about diffusion, not about security.';

/** One figure with key and nonce held, as the test demands; a second one with fresh nonces where the scheme has nonces. */
const onePixel =
  (id: 'npcr' | 'uaci'): Measure =>
  (run) => {
    const label = id.toUpperCase();
    const held = differential(
      id,
      neighbours(run, true),
      `${label}, one pixel changed by one`,
      'says something about diffusion, not about security',
    );
    const again = run.scheme.encrypt(run.picture, run.use).payload;
    const randomised = again.some((byte, i) => byte !== run.made.payload[i]);
    if (!randomised) return [held];
    return [held, differential(id, neighbours(run, false), `${label}, the same with a fresh nonce each time`)];
  };

const correlation: Measure = ({ picture, made: { cipher } }) => {
  const [plain, hidden] = [adjacentCorrelation(picture), adjacentCorrelation(cipher)];
  const bound = correlationBound(cipher.samples.length, ALPHA);
  return (['horizontal', 'vertical', 'diagonal'] as const).map((direction) => {
    const value = hidden[direction];
    const meets = value === null ? null : Math.abs(value) <= bound;
    const original = plain[direction]?.toFixed(4) ?? 'undefined';
    const note = value === null ? 'undefined: the cipher is constant' : `original: ${original}`;
    const rest = { ideal: `at most ±${bound.toFixed(4)}`, meets, note };
    return figure('correlation', `correlation of the cipher, ${direction}`, value, rest);
  });
};

const chiSquare: Measure = ({ made: { cipher } }) =>
  bytePlanes(cipher).map((plane) => {
    const { chiSquare: value, degrees, p } = histogramTest(plane);
    const note = p > 0.99 ? `p ${p.toFixed(4)}, suspiciously even` : `p ${p.toFixed(4)}`;
    const rest = { ideal: `p at least ${ALPHA}, ${degrees} degrees of freedom`, meets: p >= ALPHA, note };
    return figure('chi-square', `histogram chi-square of the cipher (${plane.name})`, value, rest);
  });

/** The part of the cipher that covers the original, or null where it is no picture of that size. */
function covering({ picture, made: { cipher } }: SchemeRun): Picture | null {
  if (cipher.columns < picture.columns || cipher.rows < picture.rows || cipher.bits !== picture.bits) return null;
  return cropped(cipher, 0, 0, picture.columns, picture.rows);
}

const OTHER_SIZE = 'the cipher has another depth or size than the original';

const cipherPsnr: Measure = (run) => {
  const cipher = covering(run);
  const value = cipher && psnr(run.picture, cipher);
  return [
    figure('cipher-psnr', 'PSNR of the cipher', value, { unit: 'dB', ideal: 'low', note: cipher ? '' : OTHER_SIZE }),
  ];
};

const cipherSsim: Measure = (run) => {
  const cipher = covering(run);
  const value = cipher && ssim(run.picture, cipher);
  return [figure('cipher-ssim', 'SSIM of the cipher', value, { ideal: 'near 0', note: cipher ? '' : OTHER_SIZE })];
};

const fidelity =
  (id: 'mse' | 'psnr' | 'ssim' | 'uiq', name: string, of: (a: Picture, b: Picture) => number | null): Measure =>
  ({ picture, recovered }) => {
    const value = of(picture, recovered);
    const rest = {
      unit: id === 'psnr' ? 'dB' : '',
      note: value === null ? 'no window fits, or all are constant' : '',
    } as const;
    return [figure(id, `${name} of the recovered picture`, value, rest)];
  };

const multiScale: Measure = ({ picture, recovered }) => {
  const found = msSsim(picture, recovered);
  const note = found ? `${found.scales} scales` : 'the picture is smaller than the window';
  return [figure('ms-ssim', 'MS-SSIM of the recovered picture', found?.value ?? null, { note })];
};

/** Pixels a side for figures that need many runs. */
const MANY_SIDE = 128;
const FLIPPED_BITS = 128;

function flipped(key: Uint8Array, bit: number): Uint8Array {
  const other = key.slice();
  other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
  return other;
}

const keySensitivity: Measure = ({ scheme, picture, use }) => {
  const [columns, rows] = [Math.min(MANY_SIDE, picture.columns), Math.min(MANY_SIDE, picture.rows)];
  const part = cropped(picture, (picture.columns - columns) >> 1, (picture.rows - rows) >> 1, columns, rows);
  const still = { ...use.tools.engine, randomFill: (out: Uint8Array) => void out.fill(0) };
  const tools = { ...use.tools, engine: still };
  // Streams that differ between keys are the cipher's business; a codec behind it is not.
  const values = 'codec' in use.values ? { ...use.values, codec: 'none' } : use.values;
  const cipherOf = (key: Uint8Array): Picture => scheme.encrypt(part, { key, values, tools }).cipher;
  const own = cipherOf(use.key);
  let [n, u] = [0, 0];
  for (let bit = 0; bit < FLIPPED_BITS; bit++) {
    const other = cipherOf(flipped(use.key, bit * 2));
    n += npcr(own.samples, other.samples) / FLIPPED_BITS;
    u += uaci(own.samples, other.samples, own.bits) / FLIPPED_BITS;
  }
  const size = own.samples.length;
  const note = `mean over ${FLIPPED_BITS} key bits, nonce held, ${columns}×${rows}`;
  const least = npcrThreshold(size, own.bits, ALPHA);
  const { low, high } = uaciInterval(size, own.bits, ALPHA);
  return [
    figure('key-sensitivity', 'NPCR, one key bit flipped', n, {
      unit: '%',
      ideal: `at least ${least.toFixed(4)}`,
      meets: n >= least,
      note,
    }),
    figure('key-sensitivity', 'UACI, one key bit flipped', u, {
      unit: '%',
      ideal: between(low, high, 4),
      meets: within(u, low, high),
      note,
    }),
  ];
};

const wrongKey: Measure = ({ scheme, picture, use, made }) => {
  const name = 'PSNR with one key bit wrong';
  try {
    const seen = scheme.decrypt(made.payload, picture, { ...use, key: flipped(use.key, 0) });
    return [figure('wrong-key', name, psnr(picture, seen), { unit: 'dB', ideal: 'rejected', meets: false })];
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    return [figure('wrong-key', name, null, { unit: 'dB', ideal: 'rejected', meets: true, note: 'rejected' })];
  }
};

const keySpace: Measure = ({ scheme, picture, use }) => {
  const value = scheme.keySpace(picture, use.values);
  const rest = {
    unit: 'bit',
    ideal: 'at least 128',
    meets: value >= 128,
    note: 'a count, no measure of security',
  } as const;
  return [figure('key-space', 'log2 of the key space', value, rest)];
};

const compression: Measure = ({ picture, made: { payload } }) => [
  figure('compression-ratio', 'compression ratio', compressionRatio(picture, payload.length), {
    note: `${picture.bits} stored bits a sample against the whole payload`,
  }),
  figure('compression-ratio', 'payload', bitsPerPixel(picture, payload.length), { unit: 'bit/pixel' }),
];

/** Qualities of the rate-distortion curves; the codec's best is 95. */
const QUALITIES = [70, 80, 90, 95];

const overhead: Measure = ({ scheme, picture, use, made }) => {
  const { jpeg } = use.tools;
  if (use.values['codec'] !== 'jpeg')
    return [figure('bitrate-overhead', 'bitrate overhead', null, { note: 'no JPEG in this run' })];
  const quality = Number(use.values['quality']);
  const plain = jpeg.encode(picture, quality);
  const ours = { id: 'bitrate-overhead', unit: '%', note: `quality ${quality}` } as const;
  const curve = (through: (quality: number) => { stream: Uint8Array; back: Picture }): RatePoint[] =>
    QUALITIES.map((one) => {
      const { stream, back } = through(one);
      return { bitsPerPixel: bitsPerPixel(picture, stream.length), psnr: psnr(picture, back) };
    });
  const direct = curve((one) => {
    const stream = jpeg.encode(picture, one);
    return { stream, back: jpeg.decode(stream) };
  });
  const scrambled = curve((one) => {
    const same = { ...use, values: { ...use.values, quality: one } };
    const stream = scheme.encrypt(picture, same).payload;
    return { stream, back: scheme.decrypt(stream, picture, same) };
  });
  const bd = bdRate(direct, scrambled);
  const loss = psnr(picture, jpeg.decode(plain)) - psnr(picture, scheme.decrypt(made.payload, picture, use));
  return [
    figure(ours.id, 'bitrate overhead over plain JPEG', bitrateOverhead(made.payload.length, plain.length), ours),
    figure(ours.id, 'PSNR lost against plain JPEG', loss, { unit: 'dB', note: ours.note }),
    figure(ours.id, 'BD-rate against plain JPEG', bd, {
      unit: '%',
      note: bd === null ? 'the curves do not meet' : `qualities ${QUALITIES.join(', ')}`,
    }),
  ];
};

/** How each metric is taken. */
export const MEASURES: Readonly<Record<MetricId, Measure>> = {
  entropy,
  'local-entropy': local,
  npcr: onePixel('npcr'),
  uaci: onePixel('uaci'),
  correlation,
  'chi-square': chiSquare,
  'cipher-psnr': cipherPsnr,
  'cipher-ssim': cipherSsim,
  mse: fidelity('mse', 'MSE', mse),
  psnr: fidelity('psnr', 'PSNR', psnr),
  ssim: fidelity('ssim', 'SSIM', ssim),
  'ms-ssim': multiScale,
  uiq: fidelity('uiq', 'UIQ', uiq),
  'key-sensitivity': keySensitivity,
  'wrong-key': wrongKey,
  'key-space': keySpace,
  'compression-ratio': compression,
  'bitrate-overhead': overhead,
};
