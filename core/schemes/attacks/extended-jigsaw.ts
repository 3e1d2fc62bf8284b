import { blockOf, turned } from '../block-map.ts';
import { fullScale, type Picture } from '../picture.ts';
import type { Attack } from '../scheme.ts';
import { inside } from './chosen-plaintext.ts';
import { type GridSize, gridOf, neighbourPairs } from './jigsaw.ts';

/** The sixteen ways in which a block can lie: bits 0 and 1 quarters to the right, bit 2 mirrored after, bit 3 inverted. */
const STATES = Array.from({ length: 16 }, (_, state) => state);

type Matrix = readonly [number, number, number, number];

/** Where a state takes the point (x, y), seen from the middle: row by row. */
const MATRICES: readonly Matrix[] = STATES.map((state) => {
  let [a, b, c, d] = [1, 0, 0, 1];
  for (let i = 0; i < (state & 3); i++) [a, b, c, d] = [-c, -d, a, b];
  return state & 4 ? [-a, -b, c, d] : [a, b, c, d];
});

/** The state that is `second` after `first`. */
const AFTER: readonly (readonly number[])[] = STATES.map((second) =>
  STATES.map((first) => {
    const [a, b, c, d] = MATRICES[second] as Matrix;
    const [e, f, g, h] = MATRICES[first] as Matrix;
    const product = [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
    const turn = MATRICES.slice(0, 8).findIndex((matrix) => matrix.every((value, i) => value === product[i]));
    return turn | ((second ^ first) & 8);
  }),
);

const after = (second: number, first: number): number => AFTER[second]?.[first] as number;
const INVERSE = STATES.map((state) => STATES.find((other) => after(other, state) === 0) as number);

/** A piece's place and how it lies. */
interface Lying {
  readonly x: number;
  readonly y: number;
  readonly state: number;
}

type Cluster = Map<number, Lying>;

/** `second` in `there` stands at the right of `first` in `here`. */
interface Joint {
  readonly first: number;
  readonly here: number;
  readonly second: number;
  readonly there: number;
  readonly doubt: number;
}

/** Pieces that change places, turn, are mirrored and inverted, put together by their edges alone. */
export const extendedJigsaw: Attack = {
  id: 'extended-jigsaw',
  title: 'Extended jigsaw solver',
  source: 'after Chuman, Kurihara, Kiya, IEICE E101-D 2018: turned, mirrored and inverted pieces',
  needs: 'The cipher of the secret and nothing else. Shown on 64 blocks of 16×16 with every step.',
  measure: 'share of the true neighbours that are neighbours again',
  passesWhen: 'at least ten times as many neighbours are right as chance would have, and at least one in five',
  side: 128,
  values: { permutation: '16', rotation: '16', negative: '16', channels: 'kept', codec: 'none' },
  run({ secret, oracle, values }) {
    const cipher = oracle(secret).cipher;
    const size = blockOf(values['permutation'] ?? '16') || 16;
    gridOf(secret, size);
    const blocks = gridOf(cipher, size);
    const count = blocks.across * blocks.down;
    const clusters = assembled(surest(cipher, size, blocks.across, count), count, Math.max(blocks.across, blocks.down));
    // Each cluster may lie in sixteen ways; an eye tells which is upright.
    const truth = neighbourPairs(secret, size);
    const views = clusters.map((cluster) =>
      STATES.map((state) => inside(drawn(cipher, size, blocks, moved(cluster, state)), secret))
        .map((picture) => ({ picture, right: shared(truth, neighbourPairs(picture, size)) }))
        .reduce((best, view) => (view.right.length > best.right.length ? view : best)),
    );
    const score = new Set(views.flatMap(({ right }) => right)).size / new Set(truth).size;
    const chance = 1 / count;
    const recovered = views[0]?.picture ?? null;
    return { score, chance, succeeded: score >= Math.max(10 * chance, 0.2), recovered };
  },
};

function shared(truth: readonly string[], found: readonly string[]): string[] {
  const made = new Set(found);
  return truth.filter((pair) => made.has(pair));
}

/** The two outermost columns of samples of a block in a state, at its left or at its right: the edge first. */
function edge(cipher: Picture, size: number, corner: number, state: number, right: boolean): Float32Array {
  const most = fullScale(cipher);
  const lines = new Float32Array(2 * size);
  for (let depth = 0; depth < 2; depth++)
    for (let y = 0; y < size; y++) {
      const [sx, sy] = turned(state & 7, right ? size - 1 - depth : depth, y, size);
      const value = cipher.samples[(corner + sy * cipher.columns + sx) * cipher.channels] as number;
      lines[depth * size + y] = state & 8 ? most - value : value;
    }
  return lines;
}

function cornerOf(cipher: Picture, size: number, across: number, block: number): number {
  return Math.floor(block / across) * size * cipher.columns + (block % across) * size;
}

/** The row, a piece and a turn of it, that has the same edge at its right as (piece, state) has at its left. */
function rowOfLeft(piece: number, state: number): number {
  // Half a turn brings the left edge to the right; mirroring top and bottom, and inverting, keep it there.
  const half = after(2, state & 7);
  return 4 * piece + ((half & 4 ? after(FLIPPED, half) : half) & 3);
}

/** Top and bottom exchanged: half a turn, then left and right. */
const FLIPPED = 2 | 4;

/** For each piece in each of its four turns: the neighbours at its right that fit best, the surest first. */
function surest(cipher: Picture, size: number, across: number, count: number): Joint[] {
  const left = Array.from({ length: count * 16 }, (_, i) =>
    edge(cipher, size, cornerOf(cipher, size, across, i >> 4), i & 15, false),
  );
  const rows = Array.from({ length: count * 4 }, (_, row) => {
    const own = edge(cipher, size, cornerOf(cipher, size, across, row >> 2), row & 3, true);
    const best: { cost: number; at: number }[] = [];
    for (let at = 0; at < left.length; at++) {
      if (at >> 4 === row >> 2) continue;
      const cost = edgeCost(own, left[at] as Float32Array, size);
      if (best.length === KEPT && cost >= (best.at(-1)?.cost ?? 0)) continue;
      best.push({ cost, at });
      best.sort((a, b) => a.cost - b.cost);
      best.length = Math.min(best.length, KEPT);
    }
    return best;
  });
  // How much better than the next best of the same edge: of either piece, whichever says less.
  const doubt = (row: number, cost: number): number => {
    const [least, next] = [rows[row]?.[0]?.cost ?? 0, rows[row]?.[1]?.cost ?? 0];
    return (cost + 0.5) / ((cost <= least ? next : least) + 0.5);
  };
  const joints = rows.flatMap((best, row) =>
    best.map(({ cost, at }) => {
      const [second, there] = [at >> 4, at & 15];
      const least = Math.max(doubt(row, cost), doubt(rowOfLeft(second, there), cost));
      return { first: row >> 2, here: row & 3, second, there, doubt: least };
    }),
  );
  return joints.sort((a, b) => a.doubt - b.doubt);
}

/** Neighbours that are remembered for each side of a piece. */
const KEPT = 5;

function edgeCost(a: Float32Array, b: Float32Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const [edgeA, innerA] = [a[i] as number, a[size + i] as number];
    const [edgeB, innerB] = [b[i] as number, b[size + i] as number];
    sum += Math.abs(2 * edgeA - innerA - edgeB) + Math.abs(2 * edgeB - innerB - edgeA) + Math.abs(edgeA - edgeB);
  }
  return sum / size;
}

/** The cluster seen after its whole is brought into a state. */
function moved(cluster: Cluster, state: number): Cluster {
  const [a, b, c, d] = MATRICES[state] as Matrix;
  return new Map(
    [...cluster].map(([piece, lying]) => {
      const { x, y } = lying;
      return [piece, { x: a * x + b * y, y: c * x + d * y, state: after(state, lying.state) }];
    }),
  );
}

/** Makes joints in order, each only where clusters neither overlap nor grow beyond the frame. Clusters, the largest first. */
function assembled(joints: readonly Joint[], count: number, side: number): Cluster[] {
  const home: Cluster[] = Array.from({ length: count }, (_, piece) => new Map([[piece, { x: 0, y: 0, state: 0 }]]));
  for (const { first, here, second, there } of joints) {
    const [a, b] = [home[first] as Cluster, home[second] as Cluster];
    if (a === b) continue;
    const anchor = a.get(first) as Lying;
    const turn = after(anchor.state, INVERSE[here] as number);
    const [right, , down] = MATRICES[turn] as Matrix;
    const joining = b.get(second) as Lying;
    const other = moved(b, after(after(turn, there), INVERSE[joining.state] as number));
    const at = other.get(second) as Lying;
    const shift = { x: anchor.x + right - at.x, y: anchor.y + down - at.y };
    if (!fits(a, other, shift, side)) continue;
    for (const [piece, { x, y, state }] of other) {
      a.set(piece, { x: x + shift.x, y: y + shift.y, state });
      home[piece] = a;
    }
  }
  return [...new Set(home)].filter(({ size }) => size > 1).sort((a, b) => b.size - a.size);
}

function fits(a: Cluster, b: Cluster, shift: { x: number; y: number }, side: number): boolean {
  const all = [...a.values(), ...[...b.values()].map(({ x, y }) => ({ x: x + shift.x, y: y + shift.y }))];
  const taken = new Set(all.map(({ x, y }) => x * 65_536 + y));
  const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
  return taken.size === all.length && spread(all.map(({ x }) => x)) < side && spread(all.map(({ y }) => y)) < side;
}

/** The cluster in the frame's corner; a pattern that no block has where no piece was placed. What reaches beyond the frame is left out. */
function drawn(cipher: Picture, size: number, blocks: GridSize, cluster: Cluster): Picture {
  const { columns, channels } = cipher;
  const most = fullScale(cipher);
  const samples = Uint16Array.from(
    { length: cipher.samples.length },
    (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & most,
  );
  const left = Math.min(...[...cluster.values()].map(({ x }) => x));
  const top = Math.min(...[...cluster.values()].map(({ y }) => y));
  for (const [piece, lying] of cluster) {
    const [column, row] = [lying.x - left, lying.y - top];
    if (column >= blocks.across || row >= blocks.down) continue;
    const [from, to] = [cornerOf(cipher, size, blocks.across, piece), row * size * columns + column * size];
    for (let i = 0; i < size * size; i++) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const [sx, sy] = turned(lying.state & 7, x, y, size);
      for (let c = 0; c < channels; c++) {
        const value = cipher.samples[(from + sy * columns + sx) * channels + c] as number;
        samples[(to + y * columns + x) * channels + c] = lying.state & 8 ? most - value : value;
      }
    }
  }
  return { ...cipher, samples };
}
