import { describe, expect, it } from 'vitest';
import { namedEngines } from '../../test/fixtures/engines.ts';
import { utf8 } from '../bytes.ts';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../ids.ts';
import type { AeadEngine } from '../seal/engine.ts';
import { createNobleEngine } from '../seal/noble-engine.ts';
import { openBytes, sealBytes } from '../seal/seal.ts';
import { createStudyKey, deriveObjectKey, wrappingKeyFrom, wrapStudyKey } from '../seal/study-key.ts';
import type { StudyKey } from '../seal/types.ts';
import { hybridPublicKey } from './hybrid.ts';
import {
  openStudyKey,
  type PolicyCipher,
  type Recipients,
  rewrapStudyKey,
  type StudyAccess,
  studyAccess,
  vaultSecretsOf,
  wrapStudyKeyFor,
} from './study-access.ts';
import { parseStudyRecord, ruleOf, studyRecordBytes } from './study-record.ts';

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);
const owner = { vaultId: idFrom<VaultId>(bytes(1, 16)), studyId: idFrom<StudyId>(bytes(2, 16)) };
const vault = vaultSecretsOf(bytes(5));
const failsWith = (code: string) => expect.objectContaining({ code });

function recipients(epoch: number): Recipients {
  return {
    epoch,
    importRule: null,
    vaultKey: hybridPublicKey(vault.recipientSeed),
    vaultSender: vault.senderKey,
    roles: [
      { role: 'radiologist', publicKey: hybridPublicKey(bytes(10 + epoch)) },
      { role: 'break-glass', publicKey: hybridPublicKey(bytes(20 + epoch)) },
    ],
  };
}
const senders = [1, 2].map((epoch) => ({ epoch, key: bytes(30 + epoch) }));
const base = { earlierVault: null, roles: [], senders, policy: null };
const administrator: StudyAccess = { ...base, vault, recipients: recipients(1) };
const technologist: StudyAccess = { ...base, vault: null, recipients: recipients(1) };
const radiologist: StudyAccess = {
  ...technologist,
  roles: [{ role: 'radiologist', epoch: 1, seed: bytes(11) }],
};
const stranger: StudyAccess = { ...technologist, roles: [{ role: 'radiologist', epoch: 1, seed: bytes(99) }] };

/** Stands for attribute-based encryption: opens for whoever knows the rule's password. */
const policyFor = (known: string): PolicyCipher => ({
  encapsulate: (rule) => ({ encapsulated: utf8(rule), key: bytes(rule.length) }),
  decapsulate: (rule) => (rule === known ? bytes(rule.length) : null),
});

describe.each(namedEngines)('study keys for roles, by the %s engine', (_, make) => {
  const engine = make();
  const tools = (access: StudyAccess, policy: PolicyCipher | null = null) => ({ engine, access, policy });
  const object = { objectId: idFrom<ObjectId>(bytes(9, 16)), kind: 'instance' };
  const context = { ...object, ...owner, version: 1 };

  /** That two keys are one: what one seals, the other opens. */
  function expectSame(a: StudyKey, b: StudyKey, opener: AeadEngine = engine): void {
    const sealed = sealBytes(engine, deriveObjectKey(engine, a, object), context, bytes(1, 3));
    expect(openBytes(opener, deriveObjectKey(opener, b, object), context, sealed)).toEqual(bytes(1, 3));
  }

  it('are what they were in a vault without accounts, and old ones open', () => {
    const key = createStudyKey(engine);
    const alone = tools(studyAccess(bytes(5)));
    const record = wrapStudyKeyFor(alone, owner, key, null);
    expect(record).toHaveLength(73);
    expectSame(key, openStudyKey(alone, owner, record));
    const old = wrapStudyKey(engine, wrappingKeyFrom(bytes(5)), owner, key);
    expectSame(key, openStudyKey(tools(administrator), owner, old));
    expect(() => openStudyKey(tools(radiologist), owner, old)).toThrow(failsWith('users/not-a-recipient'));
    expect(() => openStudyKey(tools(studyAccess(bytes(8))), owner, old)).toThrow(failsWith('seal/wrong-key'));
  });

  it('are made by a technologist, who can’t open them afterwards; radiologist and administrator can', () => {
    const key = createStudyKey(engine);
    const record = wrapStudyKeyFor(tools(technologist), owner, key, null);
    expect(() => openStudyKey(tools(technologist), owner, record)).toThrow(failsWith('users/not-a-recipient'));
    expect(() => openStudyKey(tools(stranger), owner, record)).toThrow(failsWith('seal/wrong-key'));
    expectSame(key, openStudyKey(tools(radiologist), owner, record));
    expectSame(key, openStudyKey(tools(administrator), owner, record));
    // The master key alone, without any account's file, is enough: nothing is lost with the accounts.
    expectSame(key, openStudyKey(tools(studyAccess(bytes(5))), owner, record));
    const noble = createNobleEngine(engine.randomFill);
    expectSame(key, openStudyKey({ engine: noble, access: radiologist, policy: null }, owner, record), noble);
  });

  it('can’t be planted by somebody who knows the public keys and isn’t a member', () => {
    const outsider: StudyAccess = {
      ...technologist,
      senders: [{ epoch: 1, key: bytes(0) }],
      recipients: { ...recipients(1), vaultSender: bytes(0) },
    };
    const record = wrapStudyKeyFor(tools(outsider), owner, createStudyKey(engine), null);
    expect(() => openStudyKey(tools(radiologist), owner, record)).toThrow(failsWith('seal/wrong-key'));
    expect(() => openStudyKey(tools(administrator), owner, record)).toThrow(failsWith('seal/wrong-key'));
  });

  it('are wrapped anew for a new epoch, and the key of the old one opens them no more', () => {
    const key = createStudyKey(engine);
    const record = wrapStudyKeyFor(tools(technologist), owner, key, null);
    const next = tools({ ...administrator, recipients: recipients(2) });
    const renewed = rewrapStudyKey(next, next, owner, record);
    if (renewed === null) throw new Error('not renewed');
    expect(rewrapStudyKey(next, next, owner, renewed)).toBeNull();
    expect(() => openStudyKey(tools(radiologist), owner, renewed)).toThrow(failsWith('users/not-a-recipient'));
    const later = { ...radiologist, roles: [{ role: 'radiologist' as const, epoch: 2, seed: bytes(12) }] };
    expectSame(key, openStudyKey(tools(later), owner, renewed));
  });

  it('keep their rule through a new master key', () => {
    const key = createStudyKey(engine);
    const rule = 'radiologist AND cardiology';
    const record = wrapStudyKeyFor(tools(administrator, policyFor(rule)), owner, key, rule);
    const newer = vaultSecretsOf(bytes(50));
    const to = tools({ ...administrator, vault: newer, earlierVault: vault }, policyFor(rule));
    expectSame(key, openStudyKey(to, owner, record));
    const renewed = rewrapStudyKey(to, to, owner, record, true);
    if (renewed === null) throw new Error('not renewed');
    expect(ruleOf(parseStudyRecord(renewed))).toBe(rule);
    expectSame(key, openStudyKey(tools({ ...administrator, vault: newer }), owner, renewed));
    expect(() => openStudyKey(tools(administrator), owner, renewed)).toThrow(failsWith('seal/wrong-key'));
  });

  it('under a rule open by rule and by break-glass, and say which rule otherwise', () => {
    const key = createStudyKey(engine);
    const record = wrapStudyKeyFor(tools(administrator, policyFor('x')), owner, key, 'a AND b');
    expectSame(key, openStudyKey(tools(radiologist, policyFor('a AND b')), owner, record));
    // Attributes without the role's key aren't enough: the wrap needs both.
    expect(() => openStudyKey(tools(technologist, policyFor('a AND b')), owner, record)).toThrow(
      failsWith('policy/not-met'),
    );
    const refused = () => openStudyKey(tools(radiologist, policyFor('other')), owner, record);
    expect(refused).toThrow(expect.objectContaining({ code: 'policy/not-met', details: { rule: 'a AND b' } }));
    const glass = { ...technologist, roles: [{ role: 'break-glass' as const, epoch: 1, seed: bytes(21) }] };
    expectSame(key, openStudyKey(tools(glass), owner, record));
    expect(() => wrapStudyKeyFor(tools(administrator), owner, key, 'a')).toThrow(failsWith('policy/no-rules'));
  });

  it('open for nobody when a wrap was altered, cut, renamed or moved', () => {
    const record = wrapStudyKeyFor(tools(technologist), owner, createStudyKey(engine), null);
    for (let at = 0; at < record.length; at += 149) {
      const altered = record.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      // Each wrap stands by itself: damage of another one doesn't keep this one from opening.
      for (const access of [radiologist, administrator])
        try {
          openStudyKey(tools(access), owner, altered);
        } catch (error) {
          expect(String((error as { code: string }).code)).toMatch(/^(seal\/|users\/not-a-recipient)/);
        }
      expect(() => openStudyKey(tools(stranger), owner, record.subarray(0, at))).toThrow();
    }
    const elsewhere = { ...owner, studyId: idFrom<StudyId>(bytes(3, 16)) };
    expect(() => openStudyKey(tools(radiologist), elsewhere, record)).toThrow(failsWith('seal/wrong-key'));
    const renamed = studyRecordBytes(
      parseStudyRecord(record).map(({ body }) => ({
        recipient: { kind: 'role', role: 'radiologist', epoch: 1 },
        body,
      })),
    );
    const glassOnly = { ...technologist, roles: [{ role: 'break-glass' as const, epoch: 1, seed: bytes(11) }] };
    expect(() => openStudyKey(tools(glassOnly), owner, renamed)).toThrow(failsWith('users/not-a-recipient'));
  });
});

describe('a study record', () => {
  it('is refused when it is of no known form', () => {
    expect(() => parseStudyRecord(bytes(0, 0))).toThrow(failsWith('seal/truncated'));
    expect(() => parseStudyRecord(bytes(3, 73))).toThrow(failsWith('seal/unknown-version'));
    expect(() => parseStudyRecord(bytes(1, 72))).toThrow(failsWith('seal/truncated'));
    expect(() => parseStudyRecord(bytes(2, 73))).toThrow(failsWith('seal/altered'));
    expect(() => parseStudyRecord(bytes(2, 1))).toThrow(failsWith('seal/altered'));
  });
});
