import { igamc } from '../special-functions.ts';
import { pearson } from './frequency.ts';

/** Rank over GF(2) of a square matrix; each row is an integer of `size` bits. */
function binaryRank(rows: Uint32Array, size: number): number {
  let rank = 0;
  for (let column = size - 1; column >= 0 && rank < size; column--) {
    const mask = 2 ** column;
    let pivot = rank;
    while (pivot < size && ((rows[pivot] as number) & mask) === 0) pivot++;
    if (pivot === size) continue;
    const row = rows[pivot] as number;
    rows[pivot] = rows[rank] as number;
    rows[rank] = row;
    for (let i = rank + 1; i < size; i++)
      if (((rows[i] as number) & mask) !== 0) rows[i] = ((rows[i] as number) ^ row) >>> 0;
    rank++;
  }
  return rank;
}

/** Share of random binary `size`×`size` matrices that have this rank (section 3.5). */
function rankShare(size: number, rank: number): number {
  let share = 2 ** (rank * (2 * size - rank) - size * size);
  for (let i = 0; i < rank; i++) share *= (1 - 2 ** (i - size)) ** 2 / (1 - 2 ** (i - rank));
  return share;
}

/** Shares of full rank, of one less, and of the rest. The standard takes those of 32×32 for every size. */
const FULL = rankShare(32, 32);
const LESS = rankShare(32, 31);
const SHARE = [FULL, LESS, 1 - FULL - LESS];

/** SP 800-22 section 2.5: the rank of disjoint square matrices, 32×32 but in the standard's example. Null below 38 of them. */
export function rank(bits: Uint8Array, size = 32, fewest = 38): number | null {
  const matrices = Math.floor(bits.length / (size * size));
  if (matrices < fewest) return null;
  const seen = [0, 0, 0];
  const rows = new Uint32Array(size);
  for (let k = 0; k < matrices; k++) {
    for (let i = 0; i < size; i++) {
      let row = 0;
      const start = (k * size + i) * size;
      for (let j = 0; j < size; j++) row = row * 2 + (bits[start + j] as number);
      rows[i] = row;
    }
    const at = Math.min(size - binaryRank(rows, size), 2);
    seen[at] = (seen[at] as number) + 1;
  }
  return igamc(1, pearson(seen, SHARE, matrices) / 2);
}
