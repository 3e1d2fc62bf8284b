import { gcm } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes.ts';
import type { AeadEngine, RandomFill } from './engine.ts';

/** HKDF-Expand. Noble's own refuses a key shorter than the hash, and FLOE's keys have 32 bytes. */
function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * sha384.outputLen) throw new RangeError('HKDF-Expand gives at most 12240 bytes');
  const okm = new Uint8Array(Math.ceil(length / sha384.outputLen) * sha384.outputLen);
  let previous: Uint8Array = new Uint8Array(0);
  for (let i = 0; i * sha384.outputLen < length; i++) {
    previous = hmac(sha384, prk, concatBytes(previous, info, new Uint8Array([i + 1])));
    okm.set(previous, i * sha384.outputLen);
  }
  return okm.slice(0, length);
}

/**
 * The engine in plain JavaScript (@noble/ciphers, @noble/hashes): the fallback where a platform lacks AES-256-GCM, and the
 * oracle against which the fast engines are tested. About twenty times slower than `node:crypto`.
 */
export function createNobleEngine(randomFill: RandomFill): AeadEngine {
  return {
    id: 'noble',
    randomFill,
    sealSegment: (key, iv, aad, plaintext) => [gcm(key, iv, aad).encrypt(plaintext)],
    openSegment(key, iv, aad, ciphertext, tag) {
      const sealed = new Uint8Array(ciphertext.length + tag.length);
      sealed.set(ciphertext);
      sealed.set(tag, ciphertext.length);
      try {
        return gcm(key, iv, aad).decrypt(sealed);
      } catch {
        return null;
      }
    },
    hkdfExpandSha384: expand,
  };
}
