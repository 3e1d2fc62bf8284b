import { randomFillSync } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../bytes.ts';
import { fameDecapsulate, fameEncapsulate, fameKey, fameSetup } from './fame.ts';
import type { FameUserKey } from './fame-types.ts';
import { G1, G2, multiply } from './group.ts';
import { parseRule } from './rule.ts';
import {
  publicKeyBytes,
  readCiphertext,
  readPublicKey,
  readSecret,
  readUserKey,
  secretBytes,
  userKeyBytes,
} from './wire.ts';

const random = (bytes: Uint8Array) => void randomFillSync(bytes);
const context = utf8('vault and study');
const { publicKey, secret } = fameSetup(random);
const keyFor = (...attributes: string[]) => fameKey(secret, attributes, random);

function seal(text: string) {
  const rule = parseRule(text);
  const { encapsulated, key } = fameEncapsulate(publicKey, rule, context, random);
  return { rule, encapsulated, key };
}
function open(user: FameUserKey, { rule, encapsulated }: Omit<ReturnType<typeof seal>, 'key'>, where = context) {
  const ciphertext = readCiphertext(encapsulated);
  return ciphertext && fameDecapsulate(publicKey, user, rule, where, ciphertext);
}

describe('FAME', () => {
  it('opens for the attributes of the issue’s rule, and for no others', { timeout: 60_000 }, async () => {
    const sealed = seal('(radiologist AND cardiology) OR attending');
    for (const has of [['radiologist', 'cardiology'], ['attending'], ['attending', 'radiologist']])
      expect(open(await keyFor(...has), sealed)).toEqual(sealed.key);
    for (const has of [['radiologist'], ['cardiology'], ['other', 'radiologist'], []])
      expect(open(await keyFor(...has), sealed)).toBeNull();
  });

  it('opens by thresholds and with an attribute that stands several times', { timeout: 60_000 }, async () => {
    const some = seal('2 OF (a, b, c AND d)');
    expect(open(await keyFor('a', 'c', 'd'), some)).toEqual(some.key);
    expect(open(await keyFor('a', 'c'), some)).toBeNull();
    const again = seal('(a AND b) OR (a AND c)');
    expect(open(await keyFor('a', 'c'), again)).toEqual(again.key);
    expect(open(await keyFor('b', 'c'), again)).toBeNull();
  });

  it('does not open for two users who put their keys together', { timeout: 60_000 }, async () => {
    const sealed = seal('a AND b');
    const [left, right] = [await keyFor('a'), await keyFor('b')];
    const parts = new Map([...left.parts, ...right.parts]);
    for (const base of [left, right]) expect(open({ ...base, parts }, sealed)).toBeNull();
    expect(open({ ...left, sk0: right.sk0, parts }, sealed)).toBeNull();
    expect(open(await keyFor('a', 'b'), sealed)).toEqual(sealed.key);
  });

  it('gives every user of the same attributes another key, each of which opens', { timeout: 60_000 }, async () => {
    const sealed = seal('a');
    const [one, two] = [await keyFor('a'), await keyFor('a')];
    expect(userKeyBytes(one)).not.toEqual(userKeyBytes(two));
    expect(open(one, sealed)).toEqual(open(two, sealed));
  });

  it('refuses an altered ciphertext, another context, another rule, another authority', {
    timeout: 60_000,
  }, async () => {
    const sealed = seal('a');
    const user = await keyFor('a', 'b');
    expect(open(user, sealed, utf8('another study'))).toBeNull();
    expect(open(user, { ...sealed, rule: parseRule('b') })).toBeNull();
    const other = fameSetup(random);
    const ciphertext = readCiphertext(sealed.encapsulated);
    if (ciphertext === null) throw new Error('not read');
    expect(fameDecapsulate(other.publicKey, user, sealed.rule, context, ciphertext)).toBeNull();
    for (const at of [0, 31, 40, 200, 400, sealed.encapsulated.length - 1]) {
      const encapsulated = sealed.encapsulated.slice();
      encapsulated[at] = (encapsulated[at] ?? 0) ^ 1;
      expect(open(user, { ...sealed, encapsulated })).toBeNull();
    }
    // A ciphertext that is whole by the group's laws and was still not made by encrypting: shifted by a point.
    const [first, ...rows] = ciphertext.rows;
    if (!first) throw new Error('no row');
    const shifted = { ...ciphertext, rows: [[first[0].add(G1.BASE), first[1], first[2]] as const, ...rows] };
    expect(fameDecapsulate(publicKey, user, sealed.rule, context, shifted)).toBeNull();
  });
});

describe('the pairing group', () => {
  it('is bilinear', () => {
    const [a, b] = [123456789n, 987654321n];
    const left = bls12_381.pairing(multiply(G1.BASE, a), multiply(G2.BASE, b));
    const right = bls12_381.fields.Fp12.pow(bls12_381.pairing(G1.BASE, G2.BASE), a * b);
    expect(bls12_381.fields.Fp12.eql(left, right)).toBe(true);
  });
});

describe('keys and ciphertexts as bytes', () => {
  it('come back as they were, and are refused when cut', async () => {
    const user = await keyFor('a');
    const userBytes = userKeyBytes(user);
    expect(userKeyBytes(readUserKey(userBytes) as FameUserKey)).toEqual(userBytes);
    expect(readUserKey(userBytes.subarray(1))).toBeNull();
    const known = publicKeyBytes(publicKey);
    expect(publicKeyBytes(readPublicKey(known) ?? publicKey)).toEqual(known);
    expect(readPublicKey(known.subarray(1))).toBeNull();
    expect(readSecret(secretBytes(secret))).toEqual(secret);
    expect(readSecret(new Uint8Array(224))).toBeNull();
    // The masked secret, three points of the second group, and three of the first for each of three places.
    expect(seal('(a AND b) OR c').encapsulated).toHaveLength(752);
    const { encapsulated } = seal('a OR b');
    expect(encapsulated).toHaveLength(32 + 3 * 96 + 2 * 3 * 48);
    expect(readCiphertext(encapsulated.subarray(1))).toBeNull();
  });

  it('hold no point outside of the prime-order subgroup, and no zero', () => {
    const { encapsulated } = seal('a');
    const head = 32 + 3 * 96;
    const withRow = (point: Uint8Array) => {
      const bytes = encapsulated.slice();
      bytes.set(point, head);
      return bytes;
    };
    expect(readCiphertext(withRow(G1.ZERO.toBytes(true)))).toBeNull();
    // x = 4 is on the curve and not in the subgroup (its order has a factor of the cofactor).
    const outside = new Uint8Array(48);
    outside[0] = 0x80;
    outside[47] = 4;
    expect(() => G1.fromBytes(outside)).toThrow(/prime-order subgroup/);
    expect(readCiphertext(withRow(outside))).toBeNull();
    // A target element outside of the group of order r.
    const known = publicKeyBytes(publicKey);
    known[known.length - 1] = (known[known.length - 1] ?? 0) ^ 1;
    expect(readPublicKey(known)).toBeNull();
  });
});
