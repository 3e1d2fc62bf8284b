import { igamc } from '../special-functions.ts';
import { pearson } from './frequency.ts';

/** Templates of `length` bits that can't overlap a shifted copy of themselves, as numbers: 148 of 9 bits. */
export function aperiodicTemplates(length: number): number[] {
  return Array.from({ length: 2 ** length }, (_, value) => value).filter((value) => {
    for (let shift = 1; shift < length; shift++)
      if (value >> shift === (value & (2 ** (length - shift) - 1))) return false;
    return true;
  });
}

/**
 * SP 800-22 section 2.7: occurrences of templates in `blocks` blocks, one p-value for each template. The standard skips
 * past each match; aperiodic templates can't overlap themselves, so counting every window gives the same counts.
 */
export function nonOverlapping(bits: Uint8Array, length: number, templates: readonly number[], blocks = 8): number[] {
  const block = Math.floor(bits.length / blocks);
  const windows = 2 ** length;
  const counts = Array.from({ length: blocks }, (_, i) => {
    const seen = new Uint32Array(windows);
    let window = 0;
    for (let j = 0; j < block; j++) {
      window = ((window << 1) | (bits[i * block + j] as number)) & (windows - 1);
      if (j >= length - 1) seen[window] = (seen[window] as number) + 1;
    }
    return seen;
  });
  const mean = (block - length + 1) / windows;
  const variance = block * (1 / windows - (2 * length - 1) / windows ** 2);
  return templates.map((template) => {
    const chiSquare = counts.reduce((sum, seen) => sum + ((seen[template] as number) - mean) ** 2 / variance, 0);
    return igamc(blocks / 2, chiSquare / 2);
  });
}

/**
 * Shares of 0, 1, … 4 and more matches by section 3.8: the standard's own program and its example for e use them, although
 * its text also prints a corrected row for nine ones in 1032 bits (0.364091, 0.185659, …).
 */
function overlappingShares(eta: number): number[] {
  const shares = [Math.exp(-eta)];
  for (let u = 1; u < 5; u++) {
    let sum = 0;
    let term = eta; // C(u-1, l-1) η^l / l!
    for (let l = 1; l <= u; l++) {
      sum += term;
      term *= ((u - l) * eta) / (l * (l + 1));
    }
    shares.push((Math.exp(-eta) / 2 ** u) * sum);
  }
  shares.push(1 - shares.reduce((a, b) => a + b, 0));
  return shares;
}

/** Section 2.8: runs of `length` ones, overlaps counted, in blocks of `block` bits. */
export function overlapping(bits: Uint8Array, length = 9, block = 1032): number {
  const blocks = Math.floor(bits.length / block);
  const shares = overlappingShares((block - length + 1) / 2 ** length / 2);
  const seen = shares.map(() => 0);
  for (let i = 0; i < blocks; i++) {
    let run = 0;
    let matches = 0;
    for (let j = 0; j < block; j++) {
      run = bits[i * block + j] === 1 ? run + 1 : 0;
      if (run >= length) matches++;
    }
    const at = Math.min(matches, 5);
    seen[at] = (seen[at] as number) + 1;
  }
  return igamc(5 / 2, pearson(seen, shares, blocks) / 2);
}
