import { erfc, igamc } from '../special-functions.ts';

/** SP 800-22 section 2.1. `bits` holds one 0 or 1 per element, in this file and all others of the folder. */
export function frequency(bits: Uint8Array): number {
  let ones = 0;
  for (const bit of bits) ones += bit;
  const sum = Math.abs(2 * ones - bits.length);
  return erfc(sum / Math.sqrt(2 * bits.length));
}

/** Section 2.2: ones within blocks of `block` bits. */
export function blockFrequency(bits: Uint8Array, block: number): number {
  const blocks = Math.floor(bits.length / block);
  let chiSquare = 0;
  for (let i = 0; i < blocks; i++) {
    let ones = 0;
    for (let j = 0; j < block; j++) ones += bits[i * block + j] as number;
    chiSquare += (ones / block - 0.5) ** 2;
  }
  return igamc(blocks / 2, 2 * block * chiSquare);
}

/** Section 2.3: the number of runs. 0 where the frequency test, which it presupposes, fails. */
export function runs(bits: Uint8Array): number {
  const n = bits.length;
  let ones = 0;
  let changes = 1;
  for (let i = 0; i < n; i++) {
    ones += bits[i] as number;
    if (i > 0 && bits[i] !== bits[i - 1]) changes++;
  }
  const share = ones / n;
  if (Math.abs(share - 0.5) >= 2 / Math.sqrt(n)) return 0;
  const spread = share * (1 - share);
  return erfc(Math.abs(changes - 2 * n * spread) / (2 * Math.sqrt(2 * n) * spread));
}

/** Classes of section 2.4 with the probabilities of section 3.4: from `first` ones or fewer to the last class or more. */
const LONGEST = [
  { from: 750_000, block: 10_000, first: 10, share: [0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727] },
  { from: 6272, block: 128, first: 4, share: [0.1174, 0.243, 0.2493, 0.1752, 0.1027, 0.1124] },
  { from: 128, block: 8, first: 1, share: [0.2148, 0.3672, 0.2305, 0.1875] },
];

/** Section 2.4: the longest run of ones in a block; the block's length follows from the sequence's. Null below 128 bits. */
export function longestRun(bits: Uint8Array): number | null {
  const table = LONGEST.find(({ from }) => bits.length >= from);
  if (!table) return null;
  const { block, first, share } = table;
  const blocks = Math.floor(bits.length / block);
  const seen = share.map(() => 0);
  for (let i = 0; i < blocks; i++) {
    let longest = 0;
    let run = 0;
    for (let j = 0; j < block; j++) {
      run = bits[i * block + j] === 1 ? run + 1 : 0;
      if (run > longest) longest = run;
    }
    const at = Math.min(Math.max(longest - first, 0), share.length - 1);
    seen[at] = (seen[at] as number) + 1;
  }
  return igamc((share.length - 1) / 2, pearson(seen, share, blocks) / 2);
}

/** Pearson's chi-square of counts against the shares expected among `total`. */
export function pearson(seen: readonly number[], share: readonly number[], total: number): number {
  return share.reduce((sum, p, i) => sum + ((seen[i] as number) - total * p) ** 2 / (total * p), 0);
}
