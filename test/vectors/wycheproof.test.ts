import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedEngines } from '../fixtures/engines.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { runWycheproof } from './wycheproof.ts';

/** Vectors of C2SP/wycheproof for what the product uses. Each case is counted once; the sum is the file's own count. */
const folder = sharedData('vectors/wycheproof');
const ids = namedEngines.map(([id]) => id);

describe.skipIf(!folder)('Wycheproof', () => {
  const run = (file: string) => runWycheproof(`${folder}/${file}`);
  const counts = (cases: number, passed: number, rejectedAsExpected: number, notApplicable: number) => ({
    ...{ cases, passed, rejectedAsExpected, notApplicable, failed: 0 },
  });

  it('AES-256-GCM, each engine', () => {
    expect(run('aes_gcm_test.json')).toEqual(
      ids.map((id) => ({ name: `AES-GCM, ${id} engine`, ...counts(316, 39, 27, 250) })),
    );
  });

  it('HKDF-SHA-384, each engine', () => {
    expect(run('hkdf_sha384_test.json')).toEqual(
      ids.map((id) => ({ name: `HKDF-SHA-384, ${id} engine`, ...counts(83, 80, 3, 0) })),
    );
  });

  it.each([
    ['hkdf_sha256_test.json', 'HKDF-SHA-256', counts(86, 83, 3, 0)],
    ['xchacha20_poly1305_test.json', 'XCHACHA20-POLY1305', counts(315, 246, 69, 0)],
    ['x25519_test.json', 'XDH', counts(518, 487, 31, 0)],
    ['mlkem_768_test.json', 'ML-KEM', counts(193, 153, 40, 0)],
    // The product wraps keys with XChaCha20-Poly1305, so AES Key Wrap is none of ours.
    ['aes_wrap_test.json', 'AES-WRAP', counts(165, 0, 0, 165)],
  ])('%s', (file, name, expected) => {
    expect(run(file)).toEqual([{ name, ...expected }]);
  });

  it('counts a case that opens though it should not, and one that is missing, as failures', () => {
    const altered = mkdtempSync(join(tmpdir(), 'vitrine-vectors-'));
    try {
      const file = JSON.parse(readFileSync(`${folder}/xchacha20_poly1305_test.json`, 'utf8'));
      const [first] = file.testGroups[0].tests;
      first.result = 'invalid';
      file.numberOfTests += 1;
      writeFileSync(join(altered, 'altered.json'), JSON.stringify(file));
      expect(runWycheproof(join(altered, 'altered.json'))).toMatchObject([{ passed: 245, failed: 2 }]);
    } finally {
      rmSync(altered, { recursive: true });
    }
  });
});
