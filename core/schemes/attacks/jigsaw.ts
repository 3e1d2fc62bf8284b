import { blockOf } from '../block-map.ts';
import { schemesError } from '../errors.ts';
import type { Picture } from '../picture.ts';
import type { Attack, Step } from '../scheme.ts';
import { inside } from './chosen-plaintext.ts';

/** How badly two pieces fit: `right[a * n + b]` for b at the right of a, `below` for b below a. Small is good. */
interface Fits {
  readonly right: Float32Array;
  readonly below: Float32Array;
}

/** A joint that may be made. */
interface Joint {
  readonly first: number;
  readonly second: number;
  readonly down: boolean;
  /** Cost over the second best cost of either side: below 1 only for the best of both. */
  readonly doubt: number;
}

/** Pieces that were joined, each with its place. */
type Cluster = Map<number, readonly [x: number, y: number]>;

/** The blocks of a permuted picture, put together again by their edges alone. */
export const jigsaw: Attack = {
  id: 'jigsaw',
  title: 'Jigsaw solver',
  source: 'greedy assembly by edge compatibility; extended solvers: Chuman, Kurihara, Kiya, IEICE E101-D 2018',
  needs: 'The cipher of the secret and nothing else. Shown on 16×16 blocks that only changed places.',
  measure: 'share of the true neighbours that are neighbours again',
  passesWhen: 'at least ten times as many neighbours are right as chance would have, and at least one in five',
  values: { permutation: '16', rotation: 'off', negative: 'off', channels: 'kept', codec: 'none' },
  run({ secret, oracle, values, step }) {
    const cipher = oracle(secret).cipher;
    const size = blockOf(values['permutation'] ?? '16') || 16;
    // Padding may add blocks to the cipher; what the score compares has to be there in the secret.
    gridOf(secret, size);
    const grid = gridOf(cipher, size);
    const order = solved(cipher, size, grid, step);
    const recovered = inside(assembled(cipher, size, grid.across, order), secret);
    const chance = 1 / order.length;
    const score = neighbourAccuracy(secret, recovered, size);
    return { score, chance, succeeded: score >= Math.max(10 * chance, 0.2), recovered };
  },
};

/** Blocks beside and below each other. */
export interface GridSize {
  readonly across: number;
  readonly down: number;
}

/** @throws VitrineError schemes/too-small where there is nothing to put together */
export function gridOf({ columns, rows }: Picture, size: number): GridSize {
  const grid = { across: Math.floor(columns / size), down: Math.floor(rows / size) };
  if (grid.across < 2 || grid.down < 2)
    throw schemesError(
      'schemes/too-small',
      `a jigsaw needs two blocks of ${size}×${size} on each side; choose a larger picture`,
    );
  return grid;
}

/** For each place of the grid, the cipher block that the solver put there. */
function solved(cipher: Picture, size: number, grid: GridSize, step: Step): number[] {
  const count = grid.across * grid.down;
  const fits = edgeFits(cipher, size, grid);
  step(1, 3);
  const pairs = joints(fits, count);
  step(2, 3);
  const clusters = joined(pairs, count, grid);
  return filled(largest(clusters), fits, grid);
}

/** Mean error of predicting each edge of a pair from the two pixels on its other side (Pomeranz and others, 2011). */
function edgeFits({ columns, channels, samples }: Picture, size: number, { across, down }: GridSize): Fits {
  const count = across * down;
  const sample = (piece: number, x: number, y: number, c: number): number =>
    samples[((Math.floor(piece / across) * size + y) * columns + (piece % across) * size + x) * channels + c] as number;
  const length = size * channels;
  const last = size - 1;
  // Two lines of samples at each of the four sides: the edge itself and the one within.
  const lines = (at: (piece: number, i: number, c: number, depth: number) => number): [Float32Array, Float32Array] =>
    [0, 1].map((depth) =>
      Float32Array.from({ length: count * length }, (_, i) =>
        at(Math.floor(i / length), Math.floor((i % length) / channels), i % channels, depth),
      ),
    ) as [Float32Array, Float32Array];
  const rightSide = lines((piece, i, c, depth) => sample(piece, last - depth, i, c));
  const leftSide = lines((piece, i, c, depth) => sample(piece, depth, i, c));
  const bottom = lines((piece, i, c, depth) => sample(piece, i, last - depth, c));
  const top = lines((piece, i, c, depth) => sample(piece, i, depth, c));
  const costs = (a: [Float32Array, Float32Array], b: [Float32Array, Float32Array]): Float32Array => {
    const out = new Float32Array(count * count).fill(Number.POSITIVE_INFINITY);
    for (let p = 0; p < count; p++)
      for (let q = 0; q < count; q++) if (p !== q) out[p * count + q] = edgeCost(a, b, p * length, q * length, length);
    return out;
  };
  return { right: costs(rightSide, leftSide), below: costs(bottom, top) };
}

function edgeCost(
  [a0, a1]: [Float32Array, Float32Array],
  [b0, b1]: [Float32Array, Float32Array],
  p: number,
  q: number,
  length: number,
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const [edge, within] = [a0[p + i] as number, a1[p + i] as number];
    const [other, beyond] = [b0[q + i] as number, b1[q + i] as number];
    sum += Math.abs(2 * edge - within - other) + Math.abs(2 * other - beyond - edge) + Math.abs(edge - other);
  }
  return sum / length;
}

/** All joints, the surest first. */
function joints({ right, below }: Fits, count: number): Joint[] {
  const all: Joint[] = [];
  for (const [down, costs] of [
    [false, right],
    [true, below],
  ] as const) {
    const byRow = Array.from({ length: count }, (_, p) => bestTwo(costs.subarray(p * count, (p + 1) * count)));
    const byColumn = Array.from({ length: count }, (_, q) =>
      bestTwo(Float32Array.from({ length: count }, (__, p) => costs[p * count + q] as number)),
    );
    for (let p = 0; p < count; p++)
      for (let q = 0; q < count; q++) {
        if (p === q) continue;
        const cost = costs[p * count + q] as number;
        const rival = (best: readonly [number, number]): number => (cost > best[0] ? best[0] : best[1]);
        const doubt = cost / (Math.min(rival(byRow[p] as never), rival(byColumn[q] as never)) + 0.5);
        all.push({ first: p, second: q, down, doubt });
      }
  }
  return all.sort((a, b) => a.doubt - b.doubt);
}

function bestTwo(costs: Float32Array): readonly [number, number] {
  let [best, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const cost of costs) {
    if (cost < best) [best, second] = [cost, best];
    else if (cost < second) second = cost;
  }
  return [best, second];
}

/** Makes joints in order, each only where the two clusters neither overlap nor grow beyond the frame. */
function joined(all: readonly Joint[], count: number, grid: GridSize): Set<Cluster> {
  const home: Cluster[] = Array.from({ length: count }, (_, piece) => new Map([[piece, [0, 0] as const]]));
  const clusters = new Set(home);
  for (const { first, second, down } of all) {
    const [a, b] = [home[first] as Cluster, home[second] as Cluster];
    if (a === b) continue;
    const [ax, ay] = a.get(first) as readonly [number, number];
    const [bx, by] = b.get(second) as readonly [number, number];
    const shift = [ax + (down ? 0 : 1) - bx, ay + (down ? 1 : 0) - by] as const;
    if (!compatible(a, b, shift, grid)) continue;
    for (const [piece, [x, y]] of b) {
      a.set(piece, [x + shift[0], y + shift[1]]);
      home[piece] = a;
    }
    clusters.delete(b);
    if (clusters.size === 1) break;
  }
  return clusters;
}

function compatible(a: Cluster, b: Cluster, [dx, dy]: readonly [number, number], { across, down }: GridSize): boolean {
  const taken = new Set<number>();
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const place = (x: number, y: number): boolean => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    const at = x * 65_536 + y;
    if (taken.has(at) || right - left >= across || bottom - top >= down) return false;
    taken.add(at);
    return true;
  };
  for (const [x, y] of a.values()) if (!place(x, y)) return false;
  for (const [x, y] of b.values()) if (!place(x + dx, y + dy)) return false;
  return true;
}

function largest(clusters: Set<Cluster>): Cluster {
  return [...clusters].reduce((best, one) => (one.size > best.size ? one : best));
}

/** The largest cluster in the frame's corner, the holes filled one by one with the piece that fits their neighbours best. */
function filled(cluster: Cluster, { right, below }: Fits, { across, down }: GridSize): number[] {
  const count = across * down;
  const left = Math.min(...[...cluster.values()].map(([x]) => x));
  const top = Math.min(...[...cluster.values()].map(([, y]) => y));
  const order = new Array<number>(count).fill(-1);
  for (const [piece, [x, y]] of cluster) order[(y - top) * across + (x - left)] = piece;
  const loose = new Set(Array.from({ length: count }, (_, i) => i).filter((piece) => !cluster.has(piece)));
  for (let at = 0; at < count; at++) {
    if (order[at] !== -1) continue;
    const sides = [
      { there: at % across > 0 ? (order[at - 1] as number) : -1, costs: right, first: true },
      { there: at >= across ? (order[at - across] as number) : -1, costs: below, first: true },
      { there: at % across < across - 1 ? (order[at + 1] as number) : -1, costs: right, first: false },
      { there: at + across < count ? (order[at + across] as number) : -1, costs: below, first: false },
    ].filter(({ there }) => there >= 0);
    let best = { piece: -1, cost: Number.POSITIVE_INFINITY };
    for (const piece of loose) {
      const cost = sides.reduce(
        (sum, side) =>
          sum + (side.costs[side.first ? side.there * count + piece : piece * count + side.there] as number),
        0,
      );
      if (cost < best.cost || best.piece < 0) best = { piece, cost };
    }
    order[at] = best.piece;
    loose.delete(best.piece);
  }
  return order;
}

function assembled(cipher: Picture, size: number, across: number, order: readonly number[]): Picture {
  const { columns, channels } = cipher;
  const samples = new Uint16Array(cipher.samples.length);
  for (const [at, piece] of order.entries())
    for (let y = 0; y < size; y++) {
      const from = ((Math.floor(piece / across) * size + y) * columns + (piece % across) * size) * channels;
      const to = ((Math.floor(at / across) * size + y) * columns + (at % across) * size) * channels;
      samples.set(cipher.samples.subarray(from, from + size * channels), to);
    }
  return { ...cipher, samples };
}

/** Share of the secret's neighbouring blocks that stand beside each other in the same way in `found`. */
function neighbourAccuracy(secret: Picture, found: Picture, size: number): number {
  const truth = neighbourPairs(secret, size);
  const made = new Set(neighbourPairs(found, size));
  return truth.filter((pair) => made.has(pair)).length / truth.length;
}

/** Every two blocks that stand beside or below each other, by their samples: what a pair is called. */
export function neighbourPairs({ columns, rows, channels, samples }: Picture, size: number): string[] {
  const across = Math.floor(columns / size);
  const blocks = Array.from({ length: across * Math.floor(rows / size) }, (_, block) => {
    const corner = (Math.floor(block / across) * size * columns + (block % across) * size) * channels;
    const lines = Array.from({ length: size }, (__, y) => {
      const start = corner + y * columns * channels;
      return samples.subarray(start, start + size * channels).join();
    });
    return lines.join();
  });
  return blocks.flatMap((name, i) => {
    const beside = (i + 1) % across === 0 ? [] : [`${name}>${blocks[i + 1]}`];
    const under = i + across < blocks.length ? [`${name}v${blocks[i + across]}`] : [];
    return [...beside, ...under];
  });
}
