import { fullScale, type Picture } from '../picture.ts';
import type { Attack } from '../scheme.ts';

/**
 * Every sample of the cipher is one sample of the plain picture, perhaps inverted: pictures whose samples spell their own
 * places say which. A black picture shows the inversions.
 */
export const chosenPlaintext: Attack = {
  id: 'chosen-plaintext',
  title: 'Chosen plaintexts read the permutation',
  source: 'Li and others 2008; Li and Lo, arXiv 0912.1918; Jolfaei and others',
  needs: 'The cipher of one black picture and of ⌈log_L n⌉ more, L grey levels and n samples, under the secret’s key.',
  measure: 'share of the samples of the secret that are right',
  passesWhen: 'the secret is recovered exactly',
  values: { codec: 'none' },
  run({ secret, oracle }) {
    const target = oracle(secret).cipher;
    const { source, negate } = equivalentKey(target, (picture) => oracle(picture).cipher);
    const most = fullScale(target);
    const open = new Uint16Array(target.samples.length);
    for (let i = 0; i < open.length; i++) {
      const value = target.samples[i] as number;
      const at = source[i] as number;
      if (at < open.length) open[at] = negate[i] === 1 ? most - value : value;
    }
    const recovered = inside({ ...target, samples: open }, secret);
    const right = recovered.samples.reduce((sum, value, i) => sum + (value === secret.samples[i] ? 1 : 0), 0);
    const score = right / secret.samples.length;
    return { score, chance: 1 / (most + 1), succeeded: score === 1, recovered };
  },
};

/** The scheme's whole effect on pictures of this shape. */
function equivalentKey(
  shape: Picture,
  encrypt: (picture: Picture) => Picture,
): { source: Float64Array; negate: Uint8Array } {
  const n = shape.samples.length;
  const levels = fullScale(shape) + 1;
  const cipherOf = (digit: (place: number) => number): Uint16Array =>
    encrypt({ ...shape, samples: Uint16Array.from({ length: n }, (_, place) => digit(place)) }).samples;
  const negate = Uint8Array.from(
    cipherOf(() => 0),
    (value) => (value === 0 ? 0 : 1),
  );
  const source = new Float64Array(n);
  for (let unit = 1; unit < n; unit *= levels) {
    const cipher = cipherOf((place) => Math.floor(place / unit) % levels);
    for (let i = 0; i < n; i++) {
      const value = cipher[i] as number;
      source[i] = (source[i] as number) + unit * (negate[i] === 1 ? levels - 1 - value : value);
    }
  }
  return { source, negate };
}

/** The upper left part of a picture, as large as `original`: schemes pad at the right and at the bottom. */
export function inside(picture: Picture, original: Picture): Picture {
  const { columns, rows, channels } = original;
  const samples = new Uint16Array(columns * rows * channels);
  for (let y = 0; y < rows; y++) {
    const start = y * picture.columns * channels;
    samples.set(picture.samples.subarray(start, start + columns * channels), y * columns * channels);
  }
  return { columns, rows, channels, bits: picture.bits, samples };
}
