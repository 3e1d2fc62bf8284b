import { igamc } from '../special-functions.ts';
import { pearson } from './frequency.ts';

/** Parity of a 32-bit word. */
function parity(word: number): number {
  let x = word;
  x ^= x >>> 16;
  x ^= x >>> 8;
  x ^= x >>> 4;
  return (0x6996 >>> (x & 15)) & 1;
}

/** Shifts a number of many words one bit up and puts `low` into bit 0. */
function shiftUp(words: Uint32Array, low: number): void {
  let carry = low;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    words[i] = (word << 1) | carry;
    carry = word >>> 31;
  }
}

/**
 * Length of the shortest linear feedback shift register that makes `length` bits from `from` (Berlekamp and Massey), on
 * 32 coefficients at a time: bit i of `recent` is the bit i places back, so a discrepancy is one parity.
 */
export function linearComplexityOf(bits: Uint8Array, from: number, length: number): number {
  const size = Math.ceil((length + 1) / 32);
  const connection = new Uint32Array(size);
  const before = new Uint32Array(size);
  const recent = new Uint32Array(size);
  const saved = new Uint32Array(size);
  connection[0] = 1;
  before[0] = 1;
  let complexity = 0;
  for (let n = 0; n < length; n++) {
    shiftUp(recent, bits[from + n] as number);
    shiftUp(before, 0);
    let discrepancy = 0;
    for (let i = 0; i < size; i++) discrepancy ^= (connection[i] as number) & (recent[i] as number);
    if (parity(discrepancy) === 0) continue;
    const longer = 2 * complexity <= n;
    if (longer) saved.set(connection);
    for (let i = 0; i < size; i++) connection[i] = (connection[i] as number) ^ (before[i] as number);
    if (!longer) continue;
    complexity = n + 1 - complexity;
    before.set(saved);
  }
  return complexity;
}

/** Section 3.10. */
const SHARE = [1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48];

/** SP 800-22 section 2.10 over blocks of `block` bits. */
export function linearComplexity(bits: Uint8Array, block = 500): number {
  const blocks = Math.floor(bits.length / block);
  const sign = block % 2 === 0 ? 1 : -1;
  const mean = block / 2 + (9 - sign) / 36 - (block / 3 + 2 / 9) / 2 ** block;
  const seen = SHARE.map(() => 0);
  for (let i = 0; i < blocks; i++) {
    const t = sign * (linearComplexityOf(bits, i * block, block) - mean) + 2 / 9;
    const at = Math.min(Math.max(Math.ceil(t + 2.5), 0), 6);
    seen[at] = (seen[at] as number) + 1;
  }
  return igamc(3, pearson(seen, SHARE, blocks) / 2);
}
