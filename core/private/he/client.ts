/** The data owner's half of PINPOINT: windows become slots, and the residues of the answers become exact integers. */
import { privateError } from '../errors.ts';
import { type Layout, MARGIN, residue, slotsOf, windowsOf } from './layout.ts';
import type { Plan } from './plan.ts';

/** Windows by the ciphertext that carries them. */
export function batchesOf<Window>(windows: readonly Window[], plan: Plan): Window[][] {
  const size = windowsOf(plan.layout, plan.degree);
  return Array.from({ length: Math.ceil(windows.length / size) }, (_, i) => windows.slice(i * size, (i + 1) * size));
}

/** Slots of each tap's ciphertext: position p's lanes hold input p + tap, so that a convolution is one product a tap. */
export function inputSlots(windows: readonly (readonly bigint[])[], plan: Plan, modulus: bigint): BigUint64Array[] {
  const { layout, degree } = plan;
  return Array.from({ length: layout.taps }, (_, tap) =>
    slotsOf(layout, degree, modulus, (set, window) => {
      const values = windows[window];
      if (values === undefined) return;
      for (let p = 0; p < layout.positions; p++)
        for (let lane = 0; lane < layout.stride; lane++) set(MARGIN + p * layout.stride + lane, values[p + tap] ?? 0n);
    }),
  );
}

/** The residues of one batch's forecasts: `horizon` a window. */
export function outputResidues(slots: BigUint64Array, { block }: Layout, windows: number, horizon: number): bigint[][] {
  return Array.from({ length: windows }, (_, window) => [...slots.slice(window * block, window * block + horizon)]);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [residue(value, modulus), modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  if (a !== 1n) throw privateError('private/range', 'the plain primes are not different; plan again');
  return residue(x, modulus);
}

/** The one integer of smallest magnitude that has these residues (Garner's method). */
export function fromResidues(residues: readonly bigint[], moduli: readonly bigint[]): bigint {
  let value = 0n;
  let product = 1n;
  moduli.forEach((modulus, i) => {
    const step = residue(((residues[i] ?? 0n) - value) * inverse(product, modulus), modulus);
    value += step * product;
    product *= modulus;
  });
  return 2n * value >= product ? value - product : value;
}
