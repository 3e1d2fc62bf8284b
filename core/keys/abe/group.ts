/** The pairing group of fame.ts: BLS12-381, its elements as bytes, and the hash into its first group. */
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { bigEndian, utf8 } from '../../bytes.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { encodeFields } from '../../seal/v1/context.ts';

const { Fr, Fp12 } = bls12_381.fields;
export const G1 = bls12_381.G1.Point;
export const G2 = bls12_381.G2.Point;
export type PointG1 = InstanceType<typeof G1>;
export type PointG2 = InstanceType<typeof G2>;
/** An element of the target group; written additively nowhere. */
export type Target = ReturnType<typeof bls12_381.pairing>;

export const G1_LENGTH = 48;
export const G2_LENGTH = 96;
export const TARGET_LENGTH = 576;
export const SCALAR_LENGTH = 32;

const DST = 'VITRINE-FAME-V1_BLS12381G1_XMD:SHA-256_SSWU_RO_';

/** H of an attribute and two small numbers (RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_RO_). */
export function hashAttribute(label: string, l: number, t: number): PointG1 {
  return hashed(encodeFields(utf8('attribute'), utf8(label), new Uint8Array([l, t])));
}

/** H of a column's number (from 1) and two small numbers. */
export function hashColumn(column: number, l: number, t: number): PointG1 {
  return hashed(encodeFields(utf8('column'), bigEndian(column, 4), new Uint8Array([l, t])));
}

function hashed(message: Uint8Array): PointG1 {
  return G1.fromAffine(bls12_381.G1.hashToCurve(message, { DST }).toAffine());
}

/** A scalar that isn't 0, uniform but for a bias of 2^-128. */
export function randomScalar(randomFill: RandomFill): bigint {
  const bytes = new Uint8Array(48);
  for (;;) {
    randomFill(bytes);
    const scalar = scalarOf(bytes);
    bytes.fill(0);
    if (scalar !== 0n) return scalar;
  }
}

/** A big-endian number of any length, reduced. */
function scalarOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return Fr.create(value);
}

/** Two scalars of a secret and what it is for. */
export function deriveScalars(secret: Uint8Array, info: Uint8Array): [bigint, bigint] {
  const bytes = hkdf(sha384, secret, utf8('vitrine/fame/v1/scalars'), info, 96);
  const scalars: [bigint, bigint] = [scalarOf(bytes.subarray(0, 48)), scalarOf(bytes.subarray(48))];
  bytes.fill(0);
  return scalars;
}

export function multiply<P extends PointG1 | PointG2>(point: P, scalar: bigint): P {
  const reduced = Fr.create(scalar);
  return (reduced === 0n ? point.subtract(point as never) : point.multiply(reduced)) as P;
}

export function scalarBytes(scalar: bigint): Uint8Array {
  return Fr.toBytes(scalar);
}

/** Null when the bytes are no reduced scalar. */
export function readScalar(bytes: Uint8Array): bigint | null {
  try {
    const scalar = Fr.fromBytes(bytes);
    return Fr.isValid(scalar) ? scalar : null;
  } catch {
    return null;
  }
}

/** Null unless the bytes are a point of the prime-order subgroup and not its zero. */
export function readG1(bytes: Uint8Array): PointG1 | null {
  return readPoint(() => G1.fromBytes(bytes));
}

/** As `readG1`, for the second group. */
export function readG2(bytes: Uint8Array): PointG2 | null {
  return readPoint(() => G2.fromBytes(bytes));
}

function readPoint<P extends PointG1 | PointG2>(read: () => P): P | null {
  try {
    // `fromBytes` refuses what isn't on the curve or isn't in the subgroup; wire.ts's test holds it to that.
    const point = read();
    return point.is0() ? null : point;
  } catch {
    return null;
  }
}

/** Null unless the bytes are an element of the target group of order r that isn't 1. */
export function readTarget(bytes: Uint8Array): Target | null {
  try {
    const element = Fp12.fromBytes(bytes);
    const one = Fp12.eql(element, Fp12.ONE);
    return !one && Fp12.eql(Fp12.pow(element, Fr.ORDER), Fp12.ONE) ? element : null;
  } catch {
    return null;
  }
}

export function targetBytes(element: Target): Uint8Array {
  return Fp12.toBytes(element);
}

/** a^x · b^y in the target group. */
export function targetPower(a: Target, x: bigint, b: Target, y: bigint): Target {
  return Fp12.mul(Fp12.pow(a, x), Fp12.pow(b, y));
}
