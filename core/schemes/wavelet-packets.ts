/**
 * The Haar wavelet packet transform in two dimensions: at every level each subband is split again into four, by the outer
 * products of the low and the high filter with stride 2. All subbands of a level have the same size and lie one after the
 * other in one array; subband 4k + q comes of subband k, q being 0 low low, 1 low high, 2 high low, 3 high high.
 */

/** The subbands of one channel. */
export interface Packets {
  /** Size before each level, the original's first; the subbands' own size last. Odd sizes were padded with one zero. */
  readonly sizes: readonly { readonly columns: number; readonly rows: number }[];
  readonly bands: Float32Array;
}

/** Orthonormal: the squares of the subbands sum to those of the values. */
export function packetTransform(values: Float32Array, columns: number, rows: number, levels: number): Packets {
  const sizes = [{ columns, rows }];
  let bands = values;
  for (let level = 0; level < levels; level++) {
    const size = sizes[level] as { columns: number; rows: number };
    bands = split(bands, 4 ** level, size.columns, size.rows);
    sizes.push({ columns: (size.columns + 1) >> 1, rows: (size.rows + 1) >> 1 });
  }
  return { sizes, bands };
}

/** The values that `packetTransform` was given, to rounding. */
export function inversePackets({ sizes, bands }: Packets): Float32Array {
  let values = bands;
  for (let level = sizes.length - 2; level >= 0; level--) {
    const size = sizes[level] as { columns: number; rows: number };
    values = join(values, 4 ** level, size.columns, size.rows);
  }
  return values;
}

function split(source: Float32Array, count: number, columns: number, rows: number): Float32Array {
  const [width, height] = [(columns + 1) >> 1, (rows + 1) >> 1];
  const area = width * height;
  const target = new Float32Array(count * 4 * area);
  for (let band = 0; band < count; band++)
    for (let y = 0; y < height; y++) {
      const upper = band * columns * rows + 2 * y * columns;
      const to = band * 4 * area + y * width;
      splitRows(source, upper, columns, 2 * y + 1 < rows, target, to, area);
    }
  return target;
}

/** Two rows of a band (the second one zero where it is missing) become one row of each of its four subbands. */
function splitRows(
  source: Float32Array,
  upper: number,
  columns: number,
  both: boolean,
  target: Float32Array,
  first: number,
  area: number,
): void {
  const lower = upper + columns;
  let to = first;
  let x = 0;
  for (; both && x + 1 < columns; x += 2, to++) {
    const a = source[upper + x] as number;
    const b = source[upper + x + 1] as number;
    const c = source[lower + x] as number;
    const d = source[lower + x + 1] as number;
    const plus = a + b;
    const minus = a - b;
    const sum = c + d;
    const difference = c - d;
    target[to] = (plus + sum) * 0.5;
    target[to + area] = (minus + difference) * 0.5;
    target[to + 2 * area] = (plus - sum) * 0.5;
    target[to + 3 * area] = (minus - difference) * 0.5;
  }
  for (; x < columns; x += 2, to++) {
    const a = source[upper + x] as number;
    const b = x + 1 < columns ? (source[upper + x + 1] as number) : 0;
    const c = both ? (source[lower + x] as number) : 0;
    target[to] = (a + b + c) * 0.5;
    target[to + area] = (a - b + c) * 0.5;
    target[to + 2 * area] = (a + b - c) * 0.5;
    target[to + 3 * area] = (a - b - c) * 0.5;
  }
}

function join(source: Float32Array, count: number, columns: number, rows: number): Float32Array {
  const [width, height] = [(columns + 1) >> 1, (rows + 1) >> 1];
  const area = width * height;
  const target = new Float32Array(count * columns * rows);
  for (let band = 0; band < count; band++) {
    const base = band * columns * rows;
    for (let y = 0; y < height; y++) {
      let from = band * 4 * area + y * width;
      for (let x = 0; x < columns; x += 2, from++) {
        const ll = source[from] as number;
        const lh = source[from + area] as number;
        const hl = source[from + 2 * area] as number;
        const hh = source[from + 3 * area] as number;
        const at = base + 2 * y * columns + x;
        const [right, down] = [x + 1 < columns, 2 * y + 1 < rows];
        target[at] = (ll + lh + hl + hh) / 2;
        if (right) target[at + 1] = (ll - lh + hl - hh) / 2;
        if (down) target[at + columns] = (ll + lh - hl - hh) / 2;
        if (right && down) target[at + columns + 1] = (ll - lh - hl + hh) / 2;
      }
    }
  }
  return target;
}
