import { gcm } from '@noble/ciphers/aes.js';
import { expand } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import type { AeadEngine, RandomFill } from './engine.ts';

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
    hkdfExpandSha384: (prk, info, length) => expand(sha384, prk, info, length),
  };
}
