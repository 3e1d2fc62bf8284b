import { describe, expect, it } from 'vitest';
import { namedEngines } from '../../test/fixtures/engines.ts';
import { toHex } from '../bytes.ts';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../ids.ts';
import type { AeadEngine } from './engine.ts';
import { closeKey } from './held-key.ts';
import { openBytes, sealBytes } from './seal.ts';
import { createStudyKey, deriveObjectKey, unwrapStudyKey, wrappingKeyFrom, wrapStudyKey } from './study-key.ts';
import type { ObjectKey, StudyKey } from './types.ts';

const owner = {
  vaultId: idFrom<VaultId>(new Uint8Array(16).fill(1)),
  studyId: idFrom<StudyId>(new Uint8Array(16).fill(2)),
};
const wrappingKey = wrappingKeyFrom(new Uint8Array(32).fill(5));
const failsWith = (code: string) => expect.objectContaining({ code });

/** A key can't be looked at where an engine holds it: what it derives stands for it. */
function print(engine: AeadEngine, key: StudyKey | ObjectKey): string {
  const object = { objectId: idFrom<ObjectId>(new Uint8Array(16)), kind: 'print' };
  const random = new Uint8Array(100);
  const context = { ...object, vaultId: owner.vaultId, studyId: owner.studyId, version: 1 };
  const fixed: AeadEngine = namedEngines.find(([id]) => id === engine.id)?.[1]((out) => out.fill(7)) ?? engine;
  return toHex(sealBytes(fixed, deriveObjectKey(fixed, key as unknown as StudyKey, object), context, random));
}

describe.each(namedEngines)('study key of the %s engine', (_, make) => {
  const engine = make();
  const studyKey = createStudyKey(engine);
  const wrapped = wrapStudyKey(engine, wrappingKey, owner, studyKey);

  it('unwraps for its vault and study alone, under its wrapping key alone', () => {
    const unwrapped = unwrapStudyKey(engine, wrappingKey, owner, wrapped);
    expect(print(engine, unwrapped)).toBe(print(engine, studyKey));
    const other = idFrom<StudyId>(new Uint8Array(16).fill(3));
    expect(() => unwrapStudyKey(engine, wrappingKey, { ...owner, studyId: other }, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    const otherVault = idFrom<VaultId>(new Uint8Array(16).fill(3));
    expect(() => unwrapStudyKey(engine, wrappingKey, { ...owner, vaultId: otherVault }, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    expect(() => unwrapStudyKey(engine, wrappingKeyFrom(new Uint8Array(32)), owner, wrapped)).toThrow(
      failsWith('seal/wrong-key'),
    );
    expect(() => wrappingKeyFrom(new Uint8Array(31))).toThrow(failsWith('seal/bad-argument'));
  });

  it('is refused when a byte is flipped, when it is cut, and when it is of another version', () => {
    for (let at = 0; at < wrapped.length; at++) {
      const flipped = wrapped.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const code = at === 0 ? 'seal/unknown-version' : 'seal/wrong-key';
      expect(() => unwrapStudyKey(engine, wrappingKey, owner, flipped)).toThrow(failsWith(code));
      expect(() => unwrapStudyKey(engine, wrappingKey, owner, wrapped.slice(0, at))).toThrow(
        failsWith('seal/truncated'),
      );
    }
  });

  it('gives each object and kind a key of its own', () => {
    const ids = [1, 2].map((byte) => idFrom<ObjectId>(new Uint8Array(16).fill(byte)));
    const keys = ids.flatMap((objectId) =>
      ['instance', 'note'].map((kind) => print(engine, deriveObjectKey(engine, studyKey, { objectId, kind }))),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('opens what any other engine wrapped, and derives the same object keys', () => {
    const object = { objectId: idFrom<ObjectId>(new Uint8Array(16).fill(9)), kind: 'instance' };
    const context = { ...object, ...owner, version: 1 };
    for (const [, makeOther] of namedEngines) {
      const other = makeOther();
      const theirs = unwrapStudyKey(other, wrappingKey, owner, wrapped);
      const sealed = sealBytes(other, deriveObjectKey(other, theirs, object), context, new Uint8Array([1, 2, 3]));
      const ours = deriveObjectKey(engine, studyKey, object);
      expect(openBytes(engine, ours, context, sealed)).toEqual(new Uint8Array([1, 2, 3]));
      closeKey(ours);
      closeKey(theirs);
    }
  });
});
