import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../core/bytes.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { engines } from '../fixtures/engines.ts';
import { sharedData } from '../fixtures/shared-data.ts';

/** Vectors of C2SP/wycheproof for what the product uses. Each case is counted once; the sum is the file's own count. */
const folder = sharedData('vectors/wycheproof');

interface Counts {
  cases: number;
  passed: number;
  rejectedAsExpected: number;
  notApplicable: number;
  failed: number;
}

interface Group<Test> {
  ivSize: number;
  keySize: number;
  tagSize: number;
  tests: (Test & { tcId: number; result: 'valid' | 'invalid' | 'acceptable' })[];
}

interface AeadTest {
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
}

interface HkdfTest {
  ikm: string;
  salt: string;
  info: string;
  size: number;
  okm: string;
}

/** What one case came to: opened or computed as it should be, refused, or not for us. */
type Outcome = 'right' | 'wrong' | 'refused' | 'not-applicable';

function count<Test>(file: string, run: (test: Test, group: Group<Test>) => Outcome): Counts {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const { numberOfTests, testGroups } = JSON.parse(text) as { numberOfTests: number; testGroups: Group<Test>[] };
  const counts = { cases: 0, passed: 0, rejectedAsExpected: 0, notApplicable: 0, failed: 0 };
  for (const group of testGroups) {
    for (const test of group.tests) {
      const outcome = run(test, group);
      counts.cases++;
      if (outcome === 'not-applicable') counts.notApplicable++;
      else if (test.result === 'valid' && outcome === 'right') counts.passed++;
      else if (test.result === 'invalid' && outcome === 'refused') counts.rejectedAsExpected++;
      else counts.failed++;
    }
  }
  expect(counts.cases).toBe(numberOfTests);
  return counts;
}

function aesGcm(engine: AeadEngine, test: AeadTest, group: Group<AeadTest>): Outcome {
  // FLOE fixes key, IV and tag length; the rest of the file is about other ones.
  if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) return 'not-applicable';
  const [key, iv, aad, msg, ct, tag] = [test.key, test.iv, test.aad, test.msg, test.ct, test.tag].map(fromHex) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const opened = engine.openSegment(key, iv, aad, ct, tag);
  if (!opened) return 'refused';
  const sealed = toHex(concatBytes(...engine.sealSegment(key, iv, aad, msg)));
  return toHex(opened) === test.msg && sealed === test.ct + test.tag ? 'right' : 'wrong';
}

function xchacha(test: AeadTest): Outcome {
  const cipher = () => xchacha20poly1305(fromHex(test.key), fromHex(test.iv), fromHex(test.aad));
  let opened: Uint8Array;
  try {
    opened = cipher().decrypt(fromHex(test.ct + test.tag));
  } catch {
    return 'refused';
  }
  const sealed = toHex(cipher().encrypt(fromHex(test.msg)));
  return toHex(opened) === test.msg && sealed === test.ct + test.tag ? 'right' : 'wrong';
}

/** HKDF whole, as keys are derived, and the engines' expand step over the extract step. */
function hkdfSha384(engine: AeadEngine, test: HkdfTest): Outcome {
  const [ikm, salt, info] = [test.ikm, test.salt, test.info].map(fromHex) as [Uint8Array, Uint8Array, Uint8Array];
  const ways = [
    () => engine.hkdfExpandSha384(hmac(sha384, salt.length === 0 ? new Uint8Array(48) : salt, ikm), info, test.size),
    () => hkdf(sha384, ikm, salt, info, test.size),
    () => new Uint8Array(hkdfSync('sha384', ikm, salt, info, test.size)),
  ];
  const results = ways.map((way) => {
    try {
      return toHex(way());
    } catch {
      return null;
    }
  });
  if (results.every((result) => result === null)) return 'refused';
  return results.every((result) => result === test.okm) ? 'right' : 'wrong';
}

describe.skipIf(!folder)('Wycheproof', () => {
  it.each(engines.map((make) => [make().id, make()] as const))('AES-256-GCM, %s engine', (_, engine) => {
    const counts = count<AeadTest>('aes_gcm_test.json', (test, group) => aesGcm(engine, test, group));
    expect(counts).toEqual({ cases: 316, passed: 39, rejectedAsExpected: 27, notApplicable: 250, failed: 0 });
  });

  it.each(engines.map((make) => [make().id, make()] as const))('HKDF-SHA-384, %s engine', (_, engine) => {
    const counts = count<HkdfTest>('hkdf_sha384_test.json', (test) => hkdfSha384(engine, test));
    expect(counts).toEqual({ cases: 83, passed: 80, rejectedAsExpected: 3, notApplicable: 0, failed: 0 });
  });

  it('XChaCha20-Poly1305', () => {
    const counts = count<AeadTest>('xchacha20_poly1305_test.json', xchacha);
    expect(counts).toEqual({ cases: 315, passed: 246, rejectedAsExpected: 69, notApplicable: 0, failed: 0 });
  });
});
