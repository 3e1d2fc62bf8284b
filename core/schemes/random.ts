import { chacha20 } from '@noble/ciphers/chacha.js';
import { utf8 } from '../bytes.ts';
import type { AeadEngine, RandomFill } from '../seal/engine.ts';
import { schemesError } from './errors.ts';

/** Bytes of a scheme's key: 256 bits. */
export const KEY_LENGTH = 32;

/** The key of one use, so that no two steps of a scheme ever draw from the same stream (HKDF-Expand, RFC 5869). */
export function subkey(engine: AeadEngine, key: Uint8Array, use: string): Uint8Array {
  if (key.length !== KEY_LENGTH) throw schemesError('schemes/key', `a key has ${KEY_LENGTH} bytes`);
  return engine.hkdfExpandSha384(key, utf8(`vitrine/schemes/${use}`), KEY_LENGTH);
}

/** Random numbers from a ChaCha20 key stream (RFC 8439): the same key gives the same numbers on every machine. */
export class KeyedNumbers {
  readonly #key: Uint8Array;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;
  #counter = 0;

  /** @param key 32 bytes, of this use alone: the stream has no nonce */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Evenly among 0 … 2^32 - 1. */
  uint32(): number {
    if (this.#at === this.#block.length) {
      const size = 4096;
      this.#block = chacha20(this.#key, new Uint8Array(12), new Uint8Array(size), undefined, this.#counter);
      this.#counter += size / 64;
      this.#at = 0;
    }
    const word =
      (this.#block[this.#at] as number) |
      ((this.#block[this.#at + 1] as number) << 8) |
      ((this.#block[this.#at + 2] as number) << 16) |
      ((this.#block[this.#at + 3] as number) << 24);
    this.#at += 4;
    return word >>> 0;
  }

  /** Evenly among 0 … limit - 1, by rejection: a remainder alone would favour the small numbers. */
  below(limit: number): number {
    const whole = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const number = this.uint32();
      if (number < whole) return number % limit;
    }
  }

  /** An even choice among all orders of `length` things (Fisher and Yates). */
  order(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }
}

/** Numbers for tests, phantoms and repeatable runs: a key that is no secret. */
export function seededNumbers(seed: number): KeyedNumbers {
  return new KeyedNumbers(seededKey(seed));
}

/** A random source for repeatable runs: the same nonces each time, so never for anything that is kept. */
export function seededFill(seed: number): RandomFill {
  const numbers = seededNumbers(seed);
  return (out) => {
    for (let i = 0; i < out.length; i++) out[i] = numbers.below(256);
  };
}

/** A key that is no secret. */
export function seededKey(seed: number): Uint8Array {
  const key = new Uint8Array(KEY_LENGTH);
  for (let i = 0, rest = seed; i < 7; i++, rest = Math.floor(rest / 256)) key[i] = rest % 256;
  return key;
}
