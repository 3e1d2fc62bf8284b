import type { ParameterValues } from '../../published.ts';
import { blockOf, turned } from '../block-map.ts';
import { chestPhantom } from '../phantom.ts';
import { fullScale, type Picture } from '../picture.ts';
import type { Attack, Step } from '../scheme.ts';
import { inside } from './chosen-plaintext.ts';

/** The sizes of the blocks that change places, turn, and are inverted. The attacker knows them: they are no secret. */
interface Sizes {
  readonly block: number;
  readonly rotation: number;
  readonly negative: number;
}

/** What one cipher block was found to be. */
interface Match {
  readonly block: number;
  readonly ways: readonly Way[];
}

/** Candidates that are compared in full, the ones nearest in mean and spread. */
const CANDIDATES = 24;

/** One picture that the attacker has in both forms opens every other one that was made with the same key. */
export const knownPlaintext: Attack = {
  id: 'known-plaintext',
  title: 'One known picture opens the next',
  source: 'block matching; known-plaintext attacks on permutation ciphers as Li and others 2008',
  needs: 'One picture with its cipher, neither chosen, under the secret’s key.',
  measure: 'share of the samples of the secret that are right',
  passesWhen: 'at least nine samples in ten are right',
  values: { codec: 'none' },
  run({ secret, oracle, values, numbers, step }) {
    const target = oracle(secret).cipher;
    const known = knownPicture(target, 1000 + numbers.below(1000));
    const sizes = sizesOf(values);
    const open = opened(target, matches(known, oracle(known).cipher, sizes, step), sizes.block);
    const recovered = inside(open, secret);
    const right = recovered.samples.reduce((sum, value, i) => sum + (value === secret.samples[i] ? 1 : 0), 0);
    const score = right / secret.samples.length;
    return { score, chance: 1 / (fullScale(target) + 1), succeeded: score >= 0.9, recovered };
  },
};

function sizesOf(values: ParameterValues): Sizes {
  const [rotation, negative] = [blockOf(values['rotation'] ?? 'off'), blockOf(values['negative'] ?? 'off')];
  const block = Math.max(blockOf(values['permutation'] ?? 'off'), rotation, negative, 4);
  return { block, rotation: rotation || block, negative: negative || block };
}

/** A picture of our own patient, of the cipher's size. */
function knownPicture({ columns, rows, channels, bits }: Picture, patient: number): Picture {
  const chest = chestPhantom({ side: Math.max(columns, rows), patient });
  const samples = new Uint16Array(columns * rows * channels);
  for (let i = 0; i < samples.length; i++) {
    const pixel = Math.floor(i / channels);
    samples[i] = chest.samples[Math.floor(pixel / columns) * chest.columns + (pixel % columns)] as number;
  }
  return { columns, rows, channels, bits, samples };
}

/** The blocks of the first channel, each row by row. */
function blocksOf({ columns, rows, channels, samples }: Picture, size: number): Float64Array[] {
  const across = Math.floor(columns / size);
  return Array.from({ length: across * Math.floor(rows / size) }, (_, block) => {
    const [left, top] = [(block % across) * size, Math.floor(block / across) * size];
    return Float64Array.from({ length: size * size }, (__, i) => {
      const pixel = (top + Math.floor(i / size)) * columns + left + (i % size);
      return samples[pixel * channels] as number;
    });
  });
}

/** Mean and standard deviation: what turning leaves alone. */
function moments(block: Float64Array): { mean: number; spread: number } {
  const mean = block.reduce((sum, value) => sum + value, 0) / block.length;
  return { mean, spread: Math.sqrt(block.reduce((sum, value) => sum + (value - mean) ** 2, 0) / block.length) };
}

/** For every cipher block the plain block that it is nearest to under some turning and inversion. */
function matches(known: Picture, cipher: Picture, sizes: Sizes, step: Step): Match[] {
  const most = fullScale(cipher);
  const plain = blocksOf(known, sizes.block);
  const features = plain.map(moments);
  const ways = waysOf(sizes);
  return blocksOf(cipher, sizes.block).map((block, i, { length }) => {
    step(i, length);
    const own = moments(block);
    // With inverted parts inside the block its mean says nothing.
    const mixed = sizes.negative < sizes.block;
    const distance = ({ mean, spread }: { mean: number; spread: number }): number =>
      mixed ? 0 : Math.min(Math.abs(mean - own.mean), Math.abs(most - mean - own.mean)) + Math.abs(spread - own.spread);
    const ranked = features.map((feature, at) => ({ at, far: distance(feature) })).sort((a, b) => a.far - b.far);
    let best: Match & { cost: number } = { block: 0, ways: [], cost: Number.POSITIVE_INFINITY };
    for (const { at } of mixed ? ranked : ranked.slice(0, CANDIDATES)) {
      const found = fitted(plain[at] as Float64Array, block, ways, most, best.cost);
      if (found !== null && found.cost < best.cost) best = { block: at, ...found };
    }
    return best;
  });
}

/** One way to turn and invert a part of a block: where each of its pixels comes from. */
interface Way {
  readonly inverted: 0 | 1;
  readonly pixels: Uint8Array;
  readonly from: Uint8Array;
}

/**
 * All ways, as the steps nest: outer parts; for each, choices that hold for the whole of it; for each, inner parts; for
 * each, ways that are free there. The outer choice is turning where turned blocks are larger than inverted ones.
 */
type Ways = readonly (readonly (readonly (readonly Way[])[])[])[];

function waysOf({ block, rotation, negative }: Sizes): Ways {
  const [outer, inner] = [Math.max(rotation, negative), Math.min(rotation, negative)];
  const turnsOutside = rotation > negative;
  const corners = (within: number, size: number): [number, number][] => {
    const across = within / size;
    return Array.from({ length: across * across }, (_, i) => [(i % across) * size, Math.floor(i / across) * size]);
  };
  return corners(block, outer).map(([left, top]) =>
    Array.from({ length: turnsOutside ? 8 : 2 }, (_, choice) =>
      corners(outer, inner).map(([x0, y0]) =>
        Array.from({ length: turnsOutside ? 2 : 8 }, (__, free) => {
          const [state, inverted] = turnsOutside ? [choice, free] : [free, choice];
          const pixels = new Uint8Array(inner * inner);
          const from = new Uint8Array(inner * inner);
          for (let i = 0; i < pixels.length; i++) {
            const [x, y] = [i % inner, Math.floor(i / inner)];
            const [tx, ty] = turnsOutside ? turned(state, x0 + x, y0 + y, outer) : turned(state, x, y, inner);
            pixels[i] = (top + y0 + y) * block + left + x0 + x;
            from[i] = (top + ty + (turnsOutside ? 0 : y0)) * block + left + tx + (turnsOutside ? 0 : x0);
          }
          return { inverted: inverted === 1 ? 1 : 0, pixels, from };
        }),
      ),
    ),
  );
}

/** Sum of differences under one way; gives up beyond `limit`. */
function costOf(
  { inverted, pixels, from }: Way,
  plain: Float64Array,
  cipher: Float64Array,
  most: number,
  limit: number,
) {
  let cost = 0;
  for (let i = 0; i < pixels.length && cost < limit; i++) {
    const value = cipher[pixels[i] as number] as number;
    cost += Math.abs((inverted === 1 ? most - value : value) - (plain[from[i] as number] as number));
  }
  return cost;
}

/** The best turning and inversion of every part of a block; null where the sum passes `limit`. */
function fitted(plain: Float64Array, cipher: Float64Array, ways: Ways, most: number, limit: number) {
  const chosen: Way[] = [];
  let cost = 0;
  for (const choices of ways) {
    let best: { cost: number; ways: Way[] } = { cost: limit - cost, ways: [] };
    for (const inner of choices) {
      let sum = 0;
      const taken: Way[] = [];
      for (const free of inner) {
        let least = best.cost - sum;
        let way: Way | null = null;
        for (const candidate of free) {
          const found = costOf(candidate, plain, cipher, most, least);
          if (found < least) [least, way] = [found, candidate];
        }
        if (way === null) break;
        sum += least;
        taken.push(way);
      }
      if (taken.length === inner.length && sum < best.cost) best = { cost: sum, ways: taken };
    }
    if (best.ways.length === 0) return null;
    cost += best.cost;
    chosen.push(...best.ways);
  }
  return { cost, ways: chosen };
}

/** The secret, every block put back where the known picture says that it belongs. */
function opened(cipher: Picture, found: readonly Match[], size: number): Picture {
  const { columns, channels } = cipher;
  const across = Math.floor(columns / size);
  const most = fullScale(cipher);
  const samples = new Uint16Array(cipher.samples.length);
  const pixelAt = (block: number, pixel: number): number =>
    (Math.floor(block / across) * size + Math.floor(pixel / size)) * columns + (block % across) * size + (pixel % size);
  for (const [block, match] of found.entries())
    for (const { inverted, pixels, from } of match.ways)
      for (const [i, pixel] of pixels.entries())
        for (let c = 0; c < channels; c++) {
          const value = cipher.samples[pixelAt(block, pixel) * channels + c] as number;
          samples[pixelAt(match.block, from[i] as number) * channels + c] = inverted === 1 ? most - value : value;
        }
  return { ...cipher, samples };
}
