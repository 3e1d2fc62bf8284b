import type { ParameterValues } from '../../core/published.ts';
import type { Picture } from '../../core/schemes/picture.ts';
import { KeyedNumbers, subkey } from '../../core/schemes/random.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';

type Block = number[][][];

const turnRight = (block: Block): Block => block.map((_, x) => block.map((row) => row[x] as number[]).reverse());
const mirrored = (block: Block): Block => block.map((row) => [...row].reverse());

/** Cuts a picture into blocks, row by row, and puts changed ones back. */
function eachBlock(rows: Block, size: number, change: (blocks: Block[]) => Block[]): Block {
  const [down, across] = [rows.length / size, (rows[0]?.length ?? 0) / size];
  const blocks: Block[] = [];
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++)
      blocks.push(rows.slice(y * size, (y + 1) * size).map((row) => row.slice(x * size, (x + 1) * size)));
  const changed = change(blocks);
  return rows.map((row, y) =>
    row.map((_, x) => {
      const block = changed[Math.floor(y / size) * across + Math.floor(x / size)] as Block;
      return block[y % size]?.[x % size] as number[];
    }),
  );
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** The scheme of core/schemes/ahmad-perceptual.ts on arrays of arrays, one step after the other. Samples of the cipher. */
export function naiveScramble(
  picture: Picture,
  key: Uint8Array,
  values: ParameterValues,
  engine: AeadEngine,
): number[] {
  const { columns, channels, samples } = picture;
  let rows: Block = Array.from({ length: picture.rows }, (_, y) =>
    Array.from({ length: columns }, (__, x) =>
      Array.from({ length: channels }, (___, c) => samples[(y * columns + x) * channels + c] as number),
    ),
  );
  const numbers = (step: string): KeyedNumbers => new KeyedNumbers(subkey(engine, key, `ahmad-perceptual/${step}`));
  const step = (
    name: string,
    change: (blocks: Block[], draw: KeyedNumbers) => Block[],
    size = Number(values[name]),
  ): void => {
    if (values[name] === 'off') return;
    const draw = numbers(name);
    rows = eachBlock(rows, size, (blocks) => change(blocks, draw));
  };
  step('permutation', (blocks, draw) => [...draw.order(blocks.length)].map((from) => blocks[from] as Block));
  step('rotation', (blocks, draw) =>
    blocks.map((block) => {
      const state = draw.below(8);
      let turned = block;
      for (let i = 0; i < (state & 3); i++) turned = turnRight(turned);
      if (state & 4) turned = mirrored(turned);
      return turned;
    }),
  );
  step('negative', (blocks, draw) =>
    blocks.map((block) =>
      draw.below(2) === 0 ? block : block.map((row) => row.map((pixel) => pixel.map((value) => 255 - value))),
    ),
  );
  if (channels === 3)
    step(
      'channels',
      (blocks, draw) =>
        blocks.map((block) => {
          const order = ORDERS[draw.below(6)] as number[];
          return block.map((row) => row.map((pixel) => order.map((from) => pixel[from] as number)));
        }),
      8,
    );
  return rows.flat(2);
}
