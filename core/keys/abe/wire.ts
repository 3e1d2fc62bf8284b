/** FAME's keys and ciphertexts as bytes. What is read is checked: every element is of its prime-order group. */
import { concatBytes, utf8 } from '../../bytes.ts';
import { decodeFields, encodeFields } from '../../seal/v1/context.ts';
import type { FameCiphertext, FamePublicKey, FameSecret, FameUserKey } from './fame-types.ts';
import {
  G1_LENGTH,
  G2_LENGTH,
  type PointG1,
  type PointG2,
  readG1,
  readG2,
  readScalar,
  readTarget,
  SCALAR_LENGTH,
  scalarBytes,
  TARGET_LENGTH,
  targetBytes,
} from './group.ts';

const SECRET_LENGTH = 32;

/** `count` elements of `length` bytes each; null when one of them isn't what `read` takes, or the length is another. */
function readAll<T>(
  bytes: Uint8Array,
  length: number,
  count: number,
  read: (part: Uint8Array) => T | null,
): T[] | null {
  if (bytes.length !== length * count) return null;
  const found: T[] = [];
  for (let i = 0; i < count; i++) {
    const element = read(bytes.subarray(i * length, (i + 1) * length));
    if (element === null) return null;
    found.push(element);
  }
  return found;
}

const join = (points: readonly (PointG1 | PointG2)[]) => concatBytes(...points.map((point) => point.toBytes(true)));
const triple = (bytes: Uint8Array) => readAll(bytes, G1_LENGTH, 3, readG1) as [PointG1, PointG1, PointG1] | null;
const tripleG2 = (bytes: Uint8Array) => readAll(bytes, G2_LENGTH, 3, readG2) as [PointG2, PointG2, PointG2] | null;

export function publicKeyBytes({ H, T }: FamePublicKey): Uint8Array {
  return concatBytes(join(H), ...T.map(targetBytes));
}

/** Null when the bytes are no public key. */
export function readPublicKey(bytes: Uint8Array): FamePublicKey | null {
  if (bytes.length !== 2 * G2_LENGTH + 2 * TARGET_LENGTH) return null;
  const H = readAll(bytes.subarray(0, 2 * G2_LENGTH), G2_LENGTH, 2, readG2);
  const T = readAll(bytes.subarray(2 * G2_LENGTH), TARGET_LENGTH, 2, readTarget);
  return H && T && { H: H as [PointG2, PointG2], T: T as unknown as FamePublicKey['T'] };
}

export function secretBytes({ a, b, d }: FameSecret): Uint8Array {
  return concatBytes(...[...a, ...b, ...d].map(scalarBytes));
}

/** Null when the bytes are no authority's secret. */
export function readSecret(bytes: Uint8Array): FameSecret | null {
  const scalars = readAll(bytes, SCALAR_LENGTH, 7, readScalar);
  if (scalars === null || scalars.some((scalar) => scalar === 0n)) return null;
  const [a1, a2, b1, b2, d1, d2, d3] = scalars as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  return { a: [a1, a2], b: [b1, b2], d: [d1, d2, d3] };
}

export function userKeyBytes({ sk0, common, parts }: FameUserKey): Uint8Array {
  const attributes = [...parts].flatMap(([label, points]) => [utf8(label), join(points)]);
  return encodeFields(join(sk0), join(common), ...attributes);
}

/** Null when the bytes are no user's key. */
export function readUserKey(bytes: Uint8Array): FameUserKey | null {
  const [first, second, ...rest] = decodeFields(bytes) ?? [];
  const sk0 = first ? tripleG2(first) : null;
  const common = second ? triple(second) : null;
  if (!sk0 || !common || rest.length % 2 !== 0) return null;
  const parts = new Map<string, readonly [PointG1, PointG1, PointG1]>();
  for (let i = 0; i < rest.length; i += 2) {
    const points = triple(rest[i + 1] ?? new Uint8Array(0));
    if (points === null) return null;
    parts.set(new TextDecoder().decode(rest[i]), points);
  }
  return { sk0, common, parts };
}

export function ciphertextBytes({ ct0, rows, masked }: FameCiphertext): Uint8Array {
  return concatBytes(masked, join(ct0), ...rows.map(join));
}

/** Null when the bytes are no ciphertext, or one element isn't of its prime-order group. */
export function readCiphertext(bytes: Uint8Array): FameCiphertext | null {
  const head = SECRET_LENGTH + 3 * G2_LENGTH;
  const count = (bytes.length - head) / (3 * G1_LENGTH);
  if (!Number.isInteger(count) || count < 1) return null;
  const ct0 = tripleG2(bytes.subarray(SECRET_LENGTH, head));
  const rows = readAll(bytes.subarray(head), 3 * G1_LENGTH, count, triple);
  return ct0 && rows && { ct0, rows, masked: bytes.subarray(0, SECRET_LENGTH) };
}
