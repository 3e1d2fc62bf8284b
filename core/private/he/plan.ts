/**
 * Parameters for a network, chosen before any key is made: the coefficient modulus at 128 bits of security, and so many
 * plain primes that no output can wrap, with noise left for all of them.
 */
import { privateError } from '../errors.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type IntegerNetwork, outputBound } from './pinpoint.ts';
import { slotPrimes } from './primes.ts';

/** What both sides agree on. */
export interface Plan {
  readonly degree: number;
  readonly coefficientBits: readonly number[];
  /** Plain primes, one residue each. */
  readonly moduli: readonly bigint[];
  /** Noise budget that is expected to be left in the end, in bits; a lower bound. */
  readonly noiseBits: number;
  readonly layout: Layout;
}

/**
 * Totals stay below SEAL's for 128 bits of security: 218 and 438. Few large primes make small keys and fast key switching;
 * the last one serves that alone.
 */
const CANDIDATES: readonly Pick<Plan, 'degree' | 'coefficientBits'>[] = [
  { degree: 8192, coefficientBits: [54, 54, 54, 56] },
  ...[5, 6, 7].map((count) => ({ degree: 16384, coefficientBits: Array<number>(count).fill(60) })),
];
/** SEAL's own limit is 60; a prime above 50 leaves no noise here in any case. */
const MAX_PRIME_BITS = 50;
/** Smaller primes that give slots are too rare. */
const MIN_PRIME_BITS = 20;
const MAX_PRIMES = 6;
/** A budget below this is refused: the estimate is a bound of averages. */
const MARGIN = 4;

const log2 = (value: number): number => Math.ceil(Math.log2(value));

/**
 * Budget after the circuit. Measured at degrees 4096 to 16384: a fresh ciphertext has the modulus less the plain prime
 * less 8 bits; a product with slots costs the prime and 3 bits, a square the prime and log2 of the degree; sums of
 * products cost half of log2 of their number, since their noises are independent.
 */
function noiseLeft(network: IntegerNetwork, layout: Layout, degree: number, modulus: number, prime: number): number {
  const product = (terms: number): number => prime + 3 + log2(terms) / 2;
  const square = prime + log2(degree);
  const [, second] = network.convolutions;
  const first = modulus - prime - 8 - product(layout.taps) - square;
  const after = second === undefined ? first : first - product(layout.taps2 * layout.filters) - square;
  return Math.floor(after - product(layout.lanes) - log2(layout.block / layout.lanes));
}

/** The smallest primes, `count` of them, whose product holds every output from −bound to bound. */
function moduliFor(bound: bigint, degree: number, count: number): bigint[] | null {
  const bits = bound.toString(2).length + 1;
  for (let each = Math.max(MIN_PRIME_BITS, Math.ceil(bits / count)); each <= MAX_PRIME_BITS; each++) {
    const moduli = slotPrimes(degree, each, count);
    if (moduli.length === count && moduli.reduce((product, one) => product * one, 1n) > 2n * bound) return moduli;
  }
  return null;
}

/**
 * What a plan costs, for comparison with another: contexts, keys and rotations all grow with the square of the number of
 * primes, and the residues are computed two at a time at least.
 */
function costOf({ degree, coefficientBits, moduli }: Plan): number {
  return Math.ceil(moduli.length / 2) * degree * log2(degree) * coefficientBits.length ** 2;
}

/**
 * The cheapest parameters that carry the network.
 * @throws VitrineError private/noise when no candidate does, private/weights when its shape doesn't fit the slots
 */
export function planFor(network: IntegerNetwork): Plan {
  const bound = outputBound(network);
  const layout = layoutOf(network);
  const plans: Plan[] = [];
  for (const { degree, coefficientBits } of CANDIDATES) {
    const modulus = coefficientBits.slice(0, -1).reduce((sum, one) => sum + one, 0);
    for (let primes = 1; primes <= MAX_PRIMES; primes++) {
      const moduli = moduliFor(bound, degree, primes);
      if (moduli === null) continue;
      const noiseBits = noiseLeft(network, layout, degree, modulus, bitsOf(moduli));
      if (noiseBits >= MARGIN) plans.push({ degree, coefficientBits, moduli, noiseBits, layout });
    }
  }
  const best = plans.sort((a, b) => costOf(a) - costOf(b) || b.noiseBits - a.noiseBits)[0];
  if (best !== undefined) return best;
  const bits = bound.toString(2).length + 1;
  throw privateError(
    'private/noise',
    `an output of these weights may need ${bits} bits, and no parameters at 128 bits of security carry that; train with smaller weights`,
    { bits },
  );
}

function bitsOf(moduli: readonly bigint[]): number {
  return moduli[0]?.toString(2).length ?? 0;
}
