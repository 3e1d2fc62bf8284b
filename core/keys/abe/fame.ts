/**
 * FAME, ciphertext-policy attribute-based encryption (Agrawal and Chase, "FAME: Fast Attribute-based Message Encryption",
 * CCS 2017, section 3.2) over BLS12-381, as a way to agree on a key: whoever has the attributes of a rule gets it, however
 * many users pool theirs. Names are the paper's; its groups G and H are G1 and G2. Two things are added:
 * - An attribute may stand `MAX_USES` times in a rule, as the paper says: a user's key has a copy of each attribute for
 *   every place, and the k-th place takes the k-th copy, so that the proof's "each attribute once" holds.
 * - Chosen ciphertexts: the transformation of Fujisaki and Okamoto. The two exponents come from a random secret and from
 *   what is encrypted for whom; who decrypts encrypts again and compares.
 * Whoever has the authority's secret opens everything. It doesn't withstand a quantum computer.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, utf8, wipe } from '../../bytes.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { encodeFields } from '../../seal/v1/context.ts';
import type { FameCiphertext, FamePublicKey, FameSecret, FameUserKey } from './fame-types.ts';
import {
  deriveScalars,
  G1,
  G2,
  hashAttribute,
  hashColumn,
  multiply,
  type PointG1,
  randomScalar,
  type Target,
  targetBytes,
  targetPower,
} from './group.ts';
import { labelOf } from './key-attributes.ts';
import type { Rule } from './rule.ts';
import { MAX_USES, ruleText } from './rule.ts';
import { type Row, reconstruction, type SpanProgram, spanProgram } from './span-program.ts';
import { ciphertextBytes, publicKeyBytes } from './wire.ts';

const { Fr } = bls12_381.fields;
const SECRET_LENGTH = 32;

/** A new authority: its public key and its secret, of which everything else follows. */
export function fameSetup(randomFill: RandomFill): { publicKey: FamePublicKey; secret: FameSecret } {
  const draw = () => randomScalar(randomFill);
  const secret: FameSecret = { a: [draw(), draw()], b: [draw(), draw()], d: [draw(), draw(), draw()] };
  const { a, d } = secret;
  const base = bls12_381.pairing(G1.BASE, G2.BASE);
  const target = (t: 0 | 1): Target => bls12_381.fields.Fp12.pow(base, Fr.add(Fr.mul(d[t], a[t]), d[2]));
  return { publicKey: { H: [multiply(G2.BASE, a[0]), multiply(G2.BASE, a[1])], T: [target(0), target(1)] }, secret };
}

/** Π H(x 1 t)^{b1 r1} · H(x 2 t)^{b2 r2} · H(x 3 t)^{r1+r2}, to the power of 1/a_t: what keys are made of. */
function keyPart(hash: (l: number) => PointG1, exponents: readonly bigint[], inverse: bigint): PointG1 {
  return exponents
    .map((exponent, i) => multiply(hash(i + 1), Fr.mul(exponent, inverse)))
    .reduce((sum, point) => sum.add(point));
}

/** Three points that σ ties together: the third is g^{-σ}, times g^{d3} in the user's common part. */
function keyTriple(
  secret: FameSecret,
  hash: (l: number, t: number) => PointG1,
  exponents: readonly bigint[],
  sigma: bigint,
): [PointG1, PointG1, PointG1] {
  const part = (t: 0 | 1) => {
    const inverse = Fr.inv(secret.a[t]);
    return keyPart((l) => hash(l, t + 1), exponents, inverse).add(multiply(G1.BASE, Fr.mul(sigma, inverse)));
  };
  return [part(0), part(1), multiply(G1.BASE, Fr.neg(sigma))];
}

/**
 * A user's key for a set of attributes. Every key is blinded anew, so that two keys can't be put together.
 * @param pause awaited between attributes, each of which takes tens of milliseconds: a window stays alive meanwhile
 */
export async function fameKey(
  secret: FameSecret,
  attributes: Iterable<string>,
  randomFill: RandomFill,
  pause: () => Promise<void> = async () => undefined,
): Promise<FameUserKey> {
  const draw = () => randomScalar(randomFill);
  const [r1, r2] = [draw(), draw()];
  const exponents = [Fr.mul(secret.b[0], r1), Fr.mul(secret.b[1], r2), Fr.add(r1, r2)] as const;
  const h = (exponent: bigint) => multiply(G2.BASE, exponent);
  const sk0: FameUserKey['sk0'] = [h(exponents[0]), h(exponents[1]), h(exponents[2])];
  const parts = new Map<string, [PointG1, PointG1, PointG1]>();
  for (const attribute of attributes)
    for (let use = 1; use <= MAX_USES; use++) {
      await pause();
      const label = labelOf(attribute, use);
      parts.set(
        label,
        keyTriple(secret, (l, t) => hashAttribute(label, l, t), exponents, draw()),
      );
    }
  const [c1, c2, c3] = keyTriple(secret, (l, t) => hashColumn(1, l, t), exponents, draw());
  const g = (t: 0 | 1 | 2) => multiply(G1.BASE, secret.d[t]);
  return { sk0, parts, common: [c1.add(g(0)), c2.add(g(1)), c3.add(g(2))] };
}

/** ct_{i,l} for one row: H(π(i) l t) · Π_j H(0 j l t)^{M_ij}, to s_t, over both t. */
function rowPoint(
  row: Row,
  l: number,
  columns: readonly (readonly PointG1[])[],
  s: readonly [bigint, bigint],
): PointG1 {
  const power = (t: 0 | 1): PointG1 => {
    let base = hashAttribute(labelOf(row.attribute, row.use), l, t + 1);
    for (const [j, entry] of row.entries.entries()) {
      const column = columns[j]?.[t];
      if (entry !== 0n && column) base = base.add(entry === 1n ? column : multiply(column, entry));
    }
    return multiply(base, s[t]);
  };
  return power(0).add(power(1));
}

function encryptWith(
  publicKey: FamePublicKey,
  program: SpanProgram,
  s: readonly [bigint, bigint],
): Omit<FameCiphertext, 'masked'> & { shared: Target } {
  const { H, T } = publicKey;
  const ct0 = [multiply(H[0], s[0]), multiply(H[1], s[1]), multiply(G2.BASE, Fr.add(s[0], s[1]))] as const;
  const hashes = [1, 2, 3].map((l) =>
    Array.from({ length: program.columns }, (_, j) => [1, 2].map((t) => hashColumn(j + 1, l, t))),
  );
  const rows = program.rows.map(
    (row) => [1, 2, 3].map((l) => rowPoint(row, l, hashes[l - 1] ?? [], s)) as [PointG1, PointG1, PointG1],
  );
  return { ct0, rows, shared: targetPower(T[0], s[0], T[1], s[1]) };
}

/** What the exponents and the key depend on beside the secret: authority, rule, and the caller's context. */
function purpose(publicKey: FamePublicKey, rule: Rule, context: Uint8Array): Uint8Array {
  return encodeFields(utf8('vitrine/fame/v1'), sha384(publicKeyBytes(publicKey)), utf8(ruleText(rule)), context);
}

function mask(secret: Uint8Array, shared: Target, info: Uint8Array): Uint8Array {
  const pad = hkdf(sha384, targetBytes(shared), utf8('vitrine/fame/v1/mask'), info, SECRET_LENGTH);
  return pad.map((byte, i) => byte ^ (secret[i] ?? 0));
}

/** The ciphertext of a chosen secret; the same again for the same secret. */
function encrypt(publicKey: FamePublicKey, rule: Rule, secret: Uint8Array, info: Uint8Array): FameCiphertext {
  const { shared, ...points } = encryptWith(publicKey, spanProgram(rule), deriveScalars(secret, info));
  return { ...points, masked: mask(secret, shared, info) };
}

function keyOf(secret: Uint8Array, encapsulated: Uint8Array, info: Uint8Array): Uint8Array {
  return hkdf(sha384, concatBytes(secret, sha384(encapsulated)), utf8('vitrine/fame/v1/key'), info, SECRET_LENGTH);
}

/**
 * A one-time key of 32 bytes that whoever satisfies `rule` gets back. The caller wipes it.
 * @param context bound to both, not stored
 */
export function fameEncapsulate(
  publicKey: FamePublicKey,
  rule: Rule,
  context: Uint8Array,
  randomFill: RandomFill,
): { encapsulated: Uint8Array; key: Uint8Array } {
  const secret = new Uint8Array(SECRET_LENGTH);
  randomFill(secret);
  const info = purpose(publicKey, rule, context);
  const encapsulated = ciphertextBytes(encrypt(publicKey, rule, secret, info));
  const key = keyOf(secret, encapsulated, info);
  wipe(secret);
  return { encapsulated, key };
}

/** Six pairings, however long the rule is; null when the key's attributes don't satisfy it. */
function sharedOf(user: FameUserKey, program: SpanProgram, { ct0, rows }: FameCiphertext): Target | null {
  if (rows.length !== program.rows.length) return null;
  const labels = program.rows.map(({ attribute, use }) => labelOf(attribute, use));
  const gamma = reconstruction(program, ({ attribute, use }) => user.parts.has(labelOf(attribute, use)));
  if (gamma === null) return null;
  const pairs: { g1: PointG1; g2: FameUserKey['sk0'][0] }[] = [];
  for (const l of [0, 1, 2] as const) {
    let cipher = G1.ZERO;
    let key = user.common[l];
    for (const [i, coefficient] of gamma.entries()) {
      const [row, part] = [rows[i]?.[l], user.parts.get(labels[i] ?? '')?.[l]];
      if (coefficient === 0n || !row || !part) continue;
      cipher = cipher.add(multiply(row, coefficient));
      key = key.add(multiply(part, coefficient));
    }
    pairs.push({ g1: key, g2: ct0[l] }, { g1: cipher.negate(), g2: user.sk0[l] });
  }
  return bls12_381.pairingBatch(pairs.filter(({ g1 }) => !g1.is0()));
}

/**
 * The key that `fameEncapsulate` made; null when the user's attributes don't satisfy the rule, or key, rule, context or a
 * byte of the ciphertext is another.
 */
export function fameDecapsulate(
  publicKey: FamePublicKey,
  user: FameUserKey,
  rule: Rule,
  context: Uint8Array,
  ciphertext: FameCiphertext,
): Uint8Array | null {
  const shared = sharedOf(user, spanProgram(rule), ciphertext);
  if (shared === null) return null;
  const info = purpose(publicKey, rule, context);
  const secret = mask(ciphertext.masked, shared, info);
  const given = ciphertextBytes(ciphertext);
  const again = ciphertextBytes(encrypt(publicKey, rule, secret, info));
  const key = equalBytes(given, again) ? keyOf(secret, given, info) : null;
  wipe(secret);
  return key;
}
