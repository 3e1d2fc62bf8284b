import { describe, expect, it } from 'vitest';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { toHex } from '../bytes.ts';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../ids.ts';
import { createStudyKey, deriveObjectKey, unwrapStudyKey, wrappingKeyFrom, wrapStudyKey } from './study-key.ts';

const engine = createPlatformEngine();
const owner = {
  vaultId: idFrom<VaultId>(new Uint8Array(16).fill(1)),
  studyId: idFrom<StudyId>(new Uint8Array(16).fill(2)),
};
const wrappingKey = wrappingKeyFrom(new Uint8Array(32).fill(5));
const failsWith = (code: string) => expect.objectContaining({ code });

describe('study key', () => {
  const studyKey = createStudyKey(engine.randomFill);
  const wrapped = wrapStudyKey(engine.randomFill, wrappingKey, owner, studyKey);

  it('unwraps for its vault and study alone, under its wrapping key alone', () => {
    expect(unwrapStudyKey(wrappingKey, owner, wrapped)).toEqual(studyKey);
    const other = idFrom<StudyId>(new Uint8Array(16).fill(3));
    expect(() => unwrapStudyKey(wrappingKey, { ...owner, studyId: other }, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    const otherVault = idFrom<VaultId>(new Uint8Array(16).fill(3));
    expect(() => unwrapStudyKey(wrappingKey, { ...owner, vaultId: otherVault }, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    expect(() => unwrapStudyKey(wrappingKeyFrom(new Uint8Array(32)), owner, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    expect(() => wrappingKeyFrom(new Uint8Array(31))).toThrow(failsWith('seal/bad-argument'));
  });

  it('is refused when a byte is flipped, when it is cut, and when it is of another version', () => {
    for (let at = 0; at < wrapped.length; at++) {
      const flipped = wrapped.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const code = at === 0 ? 'seal/unknown-version' : 'seal/wrong-key';
      expect(() => unwrapStudyKey(wrappingKey, owner, flipped)).toThrow(failsWith(code));
      expect(() => unwrapStudyKey(wrappingKey, owner, wrapped.slice(0, at))).toThrow(failsWith('seal/truncated'));
    }
  });

  it('gives each object and kind a key of its own', () => {
    const ids = [1, 2].map((byte) => idFrom<ObjectId>(new Uint8Array(16).fill(byte)));
    const keys = ids.flatMap((objectId) =>
      ['instance', 'note'].map((kind) => toHex(deriveObjectKey(engine, studyKey, { objectId, kind }))),
    );
    expect(new Set(keys).size).toBe(4);
  });
});
