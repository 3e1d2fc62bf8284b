import type { Shape } from './scheme.ts';

/** For every sample of a scrambled picture: which sample of the plain one it is, and 1 where it is inverted. */
export interface BlockMap {
  readonly source: Uint32Array;
  readonly negate: Uint8Array;
}

/** What is drawn from the key; size 0 leaves a step out. All steps count blocks row by row. */
export interface BlockSteps {
  readonly permutation: { readonly size: number; readonly order: Uint32Array };
  readonly rotation: { readonly size: number; readonly states: Uint8Array };
  readonly negative: { readonly size: number; readonly flags: Uint8Array };
  readonly channels: { readonly size: number; readonly orders: Uint8Array };
}

/** Side of a block from its parameter; 0 for `off`. */
export function blockOf(value: string | number | undefined): number {
  return value === 'off' ? 0 : Number(value);
}

/** The six orders of three channels. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** Where a pixel of a turned block comes from: state & 3 quarters to the right, then mirrored if state & 4. */
export function turned(state: number, x: number, y: number, size: number): readonly [x: number, y: number] {
  const last = size - 1;
  const column = state & 4 ? last - x : x;
  switch (state & 3) {
    case 0:
      return [column, y];
    case 1:
      return [y, last - column];
    case 2:
      return [last - column, last - y];
    default:
      return [last - y, column];
  }
}

/**
 * The map of all steps one after the other: permute, turn, invert, exchange channels. Sides are multiples of every size.
 * Built on pixels; channels are added last.
 */
export function blockMap(shape: Shape, steps: BlockSteps): BlockMap {
  const columns = Math.ceil(shape.columns / 16) * 16;
  const rows = Math.ceil(shape.rows / 16) * 16;
  const pixels = new Uint32Array(columns * rows);
  for (let i = 0; i < pixels.length; i++) pixels[i] = i;
  const { permutation, rotation } = steps;
  const permuted = moved(pixels, columns, rows, { ...permutation, states: null });
  const whole = moved(permuted, columns, rows, { size: rotation.size, order: null, states: rotation.states });
  return withChannels(whole, columns, shape.channels, steps);
}

/** One step on blocks of `size`: which block each comes from, and how it is turned. */
interface Move {
  readonly size: number;
  readonly order: Uint32Array | null;
  readonly states: Uint8Array | null;
}

/** For each of the eight states: where the pixels of a block come from, counted from its corner. */
function turnedOffsets(size: number, columns: number): Uint32Array[] {
  return Array.from({ length: 8 }, (_, state) =>
    Uint32Array.from({ length: size * size }, (__, i) => {
      const [x, y] = turned(state, i % size, Math.floor(i / size), size);
      return y * columns + x;
    }),
  );
}

function moved(pixels: Uint32Array, columns: number, rows: number, { size, order, states }: Move): Uint32Array {
  if (size === 0) return pixels;
  const across = columns / size;
  const offsets = turnedOffsets(size, columns);
  const still = offsets[0] as Uint32Array;
  const corner = (block: number): number => Math.floor(block / across) * size * columns + (block % across) * size;
  const out = new Uint32Array(pixels.length);
  for (let block = 0; block < across * (rows / size); block++) {
    const to = corner(block);
    const from = corner(order === null ? block : (order[block] as number));
    const turn = offsets[states === null ? 0 : (states[block] as number)] as Uint32Array;
    for (let i = 0; i < turn.length; i++) out[to + (still[i] as number)] = pixels[from + (turn[i] as number)] as number;
  }
  return out;
}

/** Calls `each` with the pixels of every block. */
function eachBlock(
  columns: number,
  pixels: number,
  size: number,
  each: (block: number, pixels: Uint32Array) => void,
): void {
  const across = columns / size;
  const inside = new Uint32Array(size * size);
  for (let block = 0; block < pixels / (size * size); block++) {
    const corner = Math.floor(block / across) * size * columns + (block % across) * size;
    for (let i = 0; i < inside.length; i++) inside[i] = corner + Math.floor(i / size) * columns + (i % size);
    each(block, inside);
  }
}

function withChannels(pixels: Uint32Array, columns: number, channels: number, steps: BlockSteps): BlockMap {
  const { negative, channels: shuffle } = steps;
  const negate = new Uint8Array(pixels.length * channels);
  if (negative.size > 0)
    eachBlock(columns, pixels.length, negative.size, (block, inside) => {
      if (negative.flags[block] === 0) return;
      for (const pixel of inside) for (let c = 0; c < channels; c++) negate[pixel * channels + c] = 1;
    });
  if (channels === 1) return { source: pixels, negate };
  const source = new Uint32Array(negate.length);
  for (let i = 0; i < source.length; i++)
    source[i] = (pixels[Math.floor(i / channels)] as number) * channels + (i % channels);
  if (shuffle.size > 0)
    eachBlock(columns, pixels.length, shuffle.size, (block, inside) => {
      const order = ORDERS[shuffle.orders[block] as number] ?? ORDERS[0];
      for (const pixel of inside)
        for (const [c, from] of order.entries())
          source[pixel * channels + c] = (pixels[pixel] as number) * channels + from;
    });
  return { source, negate };
}
