import { igamc } from '../special-functions.ts';

/** How often each word of `length` bits begins at a bit of the sequence, which is read as a ring. */
function ringCounts(bits: Uint8Array, length: number): Uint32Array {
  const counts = new Uint32Array(2 ** length);
  const mask = 2 ** length - 1;
  const n = bits.length;
  let word = 0;
  for (let i = 0; i < n + length - 1; i++) {
    word = ((word << 1) | (bits[i % n] as number)) & mask;
    if (i >= length - 1) counts[word] = (counts[word] as number) + 1;
  }
  return counts;
}

/** ψ² of section 2.11; 0 for words of no bits. */
function psiSquare(bits: Uint8Array, length: number): number {
  if (length <= 0) return 0;
  let sum = 0;
  for (const count of ringCounts(bits, length)) sum += count * count;
  return (sum * 2 ** length) / bits.length - bits.length;
}

/** SP 800-22 section 2.11 with words of `length` bits: both of its p-values. */
export function serial(bits: Uint8Array, length = 16): [number, number] {
  const [long, middle, short] = [length, length - 1, length - 2].map((m) => psiSquare(bits, m)) as [
    number,
    number,
    number,
  ];
  return [igamc(2 ** (length - 2), (long - middle) / 2), igamc(2 ** (length - 3), (long - 2 * middle + short) / 2)];
}

/** Section 2.12 with words of `length` and one more bits. */
export function approximateEntropy(bits: Uint8Array, length = 10): number {
  const phi = (m: number): number => {
    let sum = 0;
    for (const count of ringCounts(bits, m))
      if (count > 0) sum += (count / bits.length) * Math.log(count / bits.length);
    return sum;
  };
  const chiSquare = 2 * bits.length * (Math.LN2 - (phi(length) - phi(length + 1)));
  return igamc(2 ** (length - 1), chiSquare / 2);
}
