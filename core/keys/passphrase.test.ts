import { describe, expect, it } from 'vitest';
import { checkArgon2Parameters, DEFAULT_ARGON2, passphraseBytes, retryDelay } from './passphrase.ts';

describe('passphrase', () => {
  it('gives the same bytes for the same characters, composed or not', () => {
    expect(passphraseBytes('Mu\u0308nchen \uFB01')).toEqual(passphraseBytes('M\u00FCnchen fi'));
  });

  it('takes the default cost and refuses less than the floor or more than the ceiling', () => {
    expect(() => checkArgon2Parameters(DEFAULT_ARGON2)).not.toThrow();
    expect(() => checkArgon2Parameters({ memoryKiB: 46 * 1024, iterations: 1, parallelism: 1 })).not.toThrow();
    const weak = [
      { memoryKiB: 46 * 1024 - 1, iterations: 9, parallelism: 1 },
      { ...DEFAULT_ARGON2, iterations: 0 },
      { ...DEFAULT_ARGON2, parallelism: 0 },
      { ...DEFAULT_ARGON2, memoryKiB: Number.NaN },
      { ...DEFAULT_ARGON2, iterations: 1.5 },
    ];
    for (const parameters of weak)
      expect(() => checkArgon2Parameters(parameters)).toThrow(
        expect.objectContaining({ code: 'keys/weak-parameters' }),
      );
    const excessive = [
      { ...DEFAULT_ARGON2, memoryKiB: 1024 * 1024 + 1 },
      { ...DEFAULT_ARGON2, iterations: 65 },
      { ...DEFAULT_ARGON2, parallelism: 17 },
    ];
    for (const parameters of excessive)
      expect(() => checkArgon2Parameters(parameters)).toThrow(
        expect.objectContaining({ code: 'keys/excessive-parameters' }),
      );
  });

  it('makes the next try wait longer and longer, up to a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 10, 1000].map(retryDelay)).toEqual([
      0, 0, 0, 1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });
});
