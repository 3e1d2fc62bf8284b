import { erfc } from '../special-functions.ts';

/** Section 2.9: fewest bits, word length L, expected value and variance of the statistic. Q is 10 · 2^L. */
const TABLE: readonly (readonly [bits: number, word: number, expected: number, variance: number])[] = [
  [1_059_061_760, 16, 15.167379, 3.421],
  [496_435_200, 15, 14.167488, 3.419],
  [231_669_760, 14, 13.167693, 3.416],
  [107_560_960, 13, 12.16807, 3.41],
  [49_643_520, 12, 11.168765, 3.401],
  [22_753_280, 11, 10.170032, 3.384],
  [10_342_400, 10, 9.1723243, 3.356],
  [4_654_080, 9, 8.1764248, 3.311],
  [2_068_480, 8, 7.1836656, 3.238],
  [904_960, 7, 6.1962507, 3.125],
  [387_840, 6, 5.2177052, 2.954],
];

/** Maurer's statistic: mean log2 distance between equal words, after `start` words that only fill the table. */
export function maurerStatistic(bits: Uint8Array, word: number, start: number): number {
  const last = new Uint32Array(2 ** word);
  const words = Math.floor(bits.length / word);
  let sum = 0;
  for (let i = 1; i <= words; i++) {
    let value = 0;
    for (let j = 0; j < word; j++) value = value * 2 + (bits[(i - 1) * word + j] as number);
    if (i > start) sum += Math.log2(i - (last[value] as number));
    last[value] = i;
  }
  return sum / (words - start);
}

/** SP 800-22 section 2.9, Maurer's universal statistical test. Null below 387,840 bits. */
export function universal(bits: Uint8Array): number | null {
  const row = TABLE.find(([fewest]) => bits.length >= fewest);
  if (!row) return null;
  const [, word, expected, variance] = row;
  const start = 10 * 2 ** word;
  const tested = Math.floor(bits.length / word) - start;
  const c = 0.7 - 0.8 / word + ((4 + 32 / word) * tested ** (-3 / word)) / 15;
  const deviation = c * Math.sqrt(variance / tested);
  return erfc(Math.abs(maurerStatistic(bits, word, start) - expected) / (Math.SQRT2 * deviation));
}
