/** Deterministic for every number below 2^64 (Sorenson and Webster 2015: the first twelve primes are witnesses enough). */
const WITNESSES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function isComposite(candidate: bigint, witness: bigint): boolean {
  let odd = candidate - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  let value = power(witness, odd, candidate);
  if (value === 1n || value === candidate - 1n) return false;
  for (let i = 1; i < twos; i++) {
    value = (value * value) % candidate;
    if (value === candidate - 1n) return false;
  }
  return true;
}

function isPrime(candidate: bigint): boolean {
  if (WITNESSES.some((witness) => candidate % witness === 0n)) return WITNESSES.includes(candidate);
  return !WITNESSES.some((witness) => isComposite(candidate, witness));
}

/** The `count` largest primes of `bits` bits that are 1 modulo 2 · degree: those plain moduli give slots. Fewer if there are fewer. */
export function slotPrimes(degree: number, bits: number, count: number): bigint[] {
  const step = 2n * BigInt(degree);
  const low = 1n << BigInt(bits - 1);
  const primes: bigint[] = [];
  for (let candidate = (1n << BigInt(bits)) - step + 1n; candidate > low && primes.length < count; candidate -= step)
    if (isPrime(candidate)) primes.push(candidate);
  return primes;
}
