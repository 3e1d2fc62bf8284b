/**
 * Sealing to a public key that also holds against a quantum computer: X-Wing (X25519 with ML-KEM-768,
 * draft-connolly-cfrg-xwing-kem) gives a shared secret, HKDF-SHA-384 makes a one-time key of it, XChaCha20-Poly1305 does
 * the rest. It stays secret as long as one of the two halves does. A public key says nothing of who sealed: where that
 * matters (`sender`), a secret that only members share goes into the derivation, as in HPKE's PSK mode (RFC 9180, 5.1.2).
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 as xWing } from '@noble/post-quantum/hybrid.js';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { RandomFill } from '../seal/engine.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { keysError } from './errors.ts';

/** Bytes of an X-Wing private key; it is a seed. */
export const HYBRID_SEED_LENGTH = 32;
/** Bytes of an X-Wing public key. */
export const HYBRID_PUBLIC_KEY_LENGTH = 1216;
/** Bytes of an X-Wing ciphertext: what stands for the shared secret. */
export const ENCAPSULATED_LENGTH = 1120;
const RANDOM_LENGTH = 64;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 24;
const TAG_LENGTH = 16;
const SALT = utf8('vitrine/hybrid/v1');
const NO_SENDER = new Uint8Array(0);

/** For what a shared secret is, and from whom. */
export interface HybridUse {
  /** Binds the secret to one use: unambiguous bytes, e.g. from `encodeFields`. */
  readonly context: Uint8Array;
  /** A secret that every rightful sender has; left out where anybody may seal. */
  readonly sender?: Uint8Array;
}

/** A new private key. The caller wipes it. */
export function createHybridSeed(randomFill: RandomFill): Uint8Array {
  const seed = new Uint8Array(HYBRID_SEED_LENGTH);
  randomFill(seed);
  return seed;
}

/** The public key of a private one. @throws VitrineError `keys/bad-argument` unless the seed has 32 bytes */
export function hybridPublicKey(seed: Uint8Array): Uint8Array {
  if (seed.length !== HYBRID_SEED_LENGTH) throw keysError('keys/bad-argument', 'an X-Wing private key has 32 bytes');
  const { publicKey, secretKey } = xWing.keygen(seed);
  wipe(secretKey);
  return publicKey;
}

/** Key of 32 bytes from a shared secret; ends the secret. */
function keyOf(shared: Uint8Array, encapsulated: Uint8Array, { context, sender }: HybridUse): Uint8Array {
  const secret = concatBytes(shared, sender ?? NO_SENDER);
  const mode = new Uint8Array([sender === undefined ? 0 : 1]);
  const key = hkdf(sha384, secret, SALT, encodeFields(mode, context, encapsulated), KEY_LENGTH);
  wipe(shared, secret);
  return key;
}

/**
 * A one-time key of 32 bytes that the owner of `publicKey` gets back from `encapsulated` (1120 bytes). The caller wipes it.
 * @throws VitrineError `keys/bad-argument` when `publicKey` is none
 */
export function encapsulateKey(
  publicKey: Uint8Array,
  use: HybridUse,
  randomFill: RandomFill,
): { encapsulated: Uint8Array; key: Uint8Array } {
  const random = new Uint8Array(RANDOM_LENGTH);
  randomFill(random);
  try {
    const { cipherText, sharedSecret } = xWing.encapsulate(publicKey, random);
    return { encapsulated: cipherText, key: keyOf(sharedSecret, cipherText, use) };
  } catch (cause) {
    throw keysError('keys/bad-argument', 'not an X-Wing public key', { cause });
  } finally {
    wipe(random);
  }
}

/**
 * The key that `encapsulateKey` made. With another private key, use or sender it is another key (X-Wing rejects
 * implicitly): what was sealed under it then doesn't open. The caller wipes it.
 * @throws VitrineError `keys/bad-argument` when an argument has another length than its kind
 */
export function decapsulateKey(seed: Uint8Array, use: HybridUse, encapsulated: Uint8Array): Uint8Array {
  if (seed.length !== HYBRID_SEED_LENGTH || encapsulated.length !== ENCAPSULATED_LENGTH)
    throw keysError('keys/bad-argument', 'an X-Wing key or ciphertext of another length');
  return keyOf(xWing.decapsulate(encapsulated, seed), encapsulated, use);
}

/**
 * Seals a short secret to a public key: encapsulated key, ciphertext and tag (1136 bytes more than the secret). The
 * nonce is fixed, because the key is never used again.
 * @throws VitrineError `keys/bad-argument` when `publicKey` is none
 */
export function sealToPublicKey(
  publicKey: Uint8Array,
  use: HybridUse,
  secret: Uint8Array,
  randomFill: RandomFill,
): Uint8Array {
  const { encapsulated, key } = encapsulateKey(publicKey, use, randomFill);
  const sealed = xchacha20poly1305(key, new Uint8Array(NONCE_LENGTH), use.context).encrypt(secret);
  wipe(key);
  return concatBytes(encapsulated, sealed);
}

/** Opens what `sealToPublicKey` made. Null when key, use or sender is another, or a byte was altered. */
export function openSealedToKey(seed: Uint8Array, use: HybridUse, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < ENCAPSULATED_LENGTH + TAG_LENGTH) return null;
  const key = decapsulateKey(seed, use, sealed.subarray(0, ENCAPSULATED_LENGTH));
  try {
    const cipher = xchacha20poly1305(key, new Uint8Array(NONCE_LENGTH), use.context);
    return cipher.decrypt(sealed.subarray(ENCAPSULATED_LENGTH));
  } catch {
    return null;
  } finally {
    wipe(key);
  }
}
