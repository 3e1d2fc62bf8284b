import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../core/bytes.ts';
import { argon2idDirect, createArgon2 } from './argon2.ts';

/**
 * Known answers of the reference implementation (P-H-C/phc-winner-argon2, src/test.c, Argon2id version 0x13). The vector
 * of RFC 9106, 5.3 needs a secret and associated data, which hash-wasm doesn't take.
 */
const vectors = [
  [2, 65536, 1, 'password', 'somesalt', '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
  [2, 256, 1, 'password', 'somesalt', '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
  [2, 256, 2, 'password', 'somesalt', '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
  [1, 65536, 1, 'password', 'somesalt', 'f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98'],
  [4, 65536, 1, 'password', 'somesalt', '9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c'],
  [2, 65536, 1, 'differentpassword', 'somesalt', '0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde'],
  [2, 65536, 1, 'password', 'diffsalt', 'bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c'],
] as const;

/** The worker's source, run through tsx; the built one is met in the end-to-end tests. */
const tsx = pathToFileURL(
  createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/cjs$/, 'mjs'),
);
const source = new URL('../vault/kdf-worker.ts', import.meta.url);
const worker = new URL(
  `data:text/javascript,import { register } from '${tsx}'; register(); await import('${source}');`,
);

describe('Argon2id', () => {
  it.each(vectors)('t=%i m=%i p=%i %s %s', async (iterations, memoryKiB, parallelism, password, salt, expected) => {
    const parameters = { iterations, memoryKiB, parallelism };
    expect(toHex(await argon2idDirect(utf8(password), utf8(salt), parameters, 32))).toBe(expected);
  });

  it('is what an implementation gives that does the vector of RFC 9106, 5.3', async () => {
    const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
    const rfc = { t: 3, m: 32, p: 4, dkLen: 32, key: fill(8, 3), personalization: fill(12, 4) };
    expect(toHex(nobleArgon2id(fill(32, 1), fill(16, 2), rfc))).toBe(
      '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
    );
    for (const [iterations, memoryKiB, parallelism] of [
      [3, 32, 4],
      [1, 100, 2],
      [2, 1024, 1],
    ] as const) {
      const ours = await argon2idDirect(fill(32, 1), fill(16, 2), { iterations, memoryKiB, parallelism }, 32);
      const theirs = nobleArgon2id(fill(32, 1), fill(16, 2), {
        t: iterations,
        m: memoryKiB,
        p: parallelism,
        dkLen: 32,
      });
      expect(toHex(ours)).toBe(toHex(theirs));
    }
  });

  it('gives the same in its thread, and leaves the caller its passphrase', async () => {
    const argon2id = createArgon2(worker);
    const password = utf8('password');
    const parameters = { iterations: 2, memoryKiB: 256, parallelism: 2 };
    expect(toHex(await argon2id(password, utf8('somesalt'), parameters, 32))).toBe(vectors[2][5]);
    expect(password).toEqual(utf8('password'));
  });

  it('rejects when Argon2id refuses, and when the thread does not start', async () => {
    const parameters = { iterations: 0, memoryKiB: 256, parallelism: 1 };
    const argon2id = createArgon2(worker);
    await expect(argon2id(utf8('password'), utf8('somesalt'), parameters, 32)).rejects.toThrow(/[Ii]terations/);
    const missing = createArgon2(new URL('./no-such-file.mjs', import.meta.url));
    await expect(missing(utf8('p'), utf8('somesalt'), parameters, 32)).rejects.toThrow();
  });
});
