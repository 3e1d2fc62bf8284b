import { randomFillSync } from 'node:crypto';
import { ml_kem768_x25519 as xWing } from '@noble/post-quantum/hybrid.js';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../bytes.ts';
import {
  createHybridSeed,
  decapsulateKey,
  encapsulateKey,
  hybridPublicKey,
  openSealedToKey,
  sealToPublicKey,
} from './hybrid.ts';

const random = (bytes: Uint8Array) => void randomFillSync(bytes);
const failsWith = (code: string) => expect.objectContaining({ code });
const use = { context: utf8('test') };

describe('X-Wing', () => {
  it('gives the shared secret of the draft’s first test vector (draft-connolly-cfrg-xwing-kem, appendix C)', () => {
    const seed = fromHex('7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26');
    const random64 = fromHex(
      '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
    );
    const publicKey = hybridPublicKey(seed);
    const { sharedSecret, cipherText } = xWing.encapsulate(publicKey, random64);
    expect(toHex(sharedSecret)).toBe('d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384');
    expect(xWing.decapsulate(cipherText, seed)).toEqual(sharedSecret);
  });
});

describe('a one-time key', () => {
  const seed = createHybridSeed(random);
  const { encapsulated, key } = encapsulateKey(hybridPublicKey(seed), use, random);

  it('is the same at both ends, and another for another use, sender or owner', () => {
    expect(decapsulateKey(seed, use, encapsulated)).toEqual(key);
    expect(decapsulateKey(seed, { context: utf8('other') }, encapsulated)).not.toEqual(key);
    expect(decapsulateKey(seed, { ...use, sender: new Uint8Array(32) }, encapsulated)).not.toEqual(key);
    expect(decapsulateKey(createHybridSeed(random), use, encapsulated)).not.toEqual(key);
  });

  it('refuses keys and ciphertexts of another length', () => {
    expect(() => hybridPublicKey(new Uint8Array(31))).toThrow(failsWith('keys/bad-argument'));
    expect(() => encapsulateKey(new Uint8Array(1215), use, random)).toThrow(failsWith('keys/bad-argument'));
    expect(() => decapsulateKey(seed, use, encapsulated.subarray(1))).toThrow(failsWith('keys/bad-argument'));
  });
});

describe('a secret sealed to a public key', () => {
  const seed = createHybridSeed(random);
  const publicKey = hybridPublicKey(seed);
  const secret = utf8('thirty-two bytes of a key, or so');

  it('opens with the private key, in its context, from a rightful sender', () => {
    const sender = new Uint8Array(32).fill(3);
    const sealed = sealToPublicKey(publicKey, { ...use, sender }, secret, random);
    expect(openSealedToKey(seed, { ...use, sender }, sealed)).toEqual(secret);
    expect(openSealedToKey(seed, use, sealed)).toBeNull();
    expect(openSealedToKey(seed, { ...use, sender: new Uint8Array(32) }, sealed)).toBeNull();
    expect(openSealedToKey(seed, { sender, context: utf8('other') }, sealed)).toBeNull();
    expect(openSealedToKey(createHybridSeed(random), { ...use, sender }, sealed)).toBeNull();
  });

  it('does not open when a byte was altered or it was cut', () => {
    const sealed = sealToPublicKey(publicKey, use, secret, random);
    for (const at of [0, 500, 1087, 1088, 1119, 1120, sealed.length - 1]) {
      const altered = sealed.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(openSealedToKey(seed, use, altered)).toBeNull();
      expect(openSealedToKey(seed, use, sealed.subarray(0, at))).toBeNull();
    }
  });
});
