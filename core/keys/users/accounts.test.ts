import { createHash, randomFillSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../bytes.ts';
import { idFrom, type StudyId, type VaultId } from '../../ids.ts';
import { createNobleEngine } from '../../seal/noble-engine.ts';
import { createStudyKey } from '../../seal/study-key.ts';
import { createPolicyCipher } from '../abe/policy-cipher.ts';
import { openStudyKey, rewrapStudyKey, type StudyKeyTools, studyAccess, wrapStudyKeyFor } from '../study-access.ts';
import type { Argon2id, MasterKey } from '../types.ts';
import {
  addAccount,
  changeAccount,
  changeOwnPassphrase,
  createUsers,
  openAccount,
  openRing,
  rekeyUsers,
  removeAccount,
  resetPassphrase,
  setImportRule,
  settleEpochs,
} from './accounts.ts';
import { type ChangeTools, masterMember, memberOf } from './entitlements.ts';
import { deriveGlassKey, openGlass } from './glass.ts';
import { openKeyring } from './keyring.ts';
import type { Role, UsersFile } from './types.ts';
import { parseUsers, serialiseUsers, signUsers } from './users-file.ts';

const randomFill = (bytes: Uint8Array) => void randomFillSync(bytes);
const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);
const argon2id: Argon2id = async (password, salt) => createHash('sha256').update(password).update(salt).digest();
const failsWith = (code: string) => expect.objectContaining({ code });
const vaultId = idFrom<VaultId>(bytes(1, 16));
const owner = { vaultId, studyId: idFrom<StudyId>(bytes(2, 16)) };
const root = {
  vaultId,
  master: bytes(3) as MasterKey,
  catalogueKey: bytes(4),
  wrappingKey: bytes(5),
  auditSeed: bytes(6),
};
const tools: ChangeTools = { root, randomFill, now: '2026-11-25T11:00:00Z', pause: async () => undefined };
const engine = createNobleEngine(randomFill);
const secret = (text: string) => ({ passphrase: utf8(text), argon2id });

async function withAccount(file: UsersFile, id: string, roles: Role[], attributes: string[] = []) {
  return addAccount(file, { id, displayName: id.toUpperCase(), roles, attributes }, secret(`${id} passphrase`), tools);
}
/** What the session of an account, or of the owner, works on study keys with. */
async function sessionOf(file: UsersFile, id: string | null): Promise<StudyKeyTools> {
  const member =
    id === null
      ? masterMember(file, openKeyring(file, root.master), root.wrappingKey)
      : memberOf(file, (await openAccount(file, id, utf8(`${id} passphrase`), argon2id)).ring);
  const access = studyAccess(id === null ? root.wrappingKey : null, null, member);
  return { engine, access, policy: access.policy && createPolicyCipher(access.policy, randomFill) };
}

let team: UsersFile;
beforeAll(async () => {
  team = createUsers(tools);
  team = await withAccount(team, 'rita', ['radiologist'], ['cardiology']);
  team = await withAccount(team, 'tom', ['technologist']);
  team = await withAccount(team, 'ada', ['administrator']);
  team = await withAccount(team, 'aud', ['auditor']);
}, 60_000);

describe('an account', () => {
  it('holds the keys of its roles and no others', async () => {
    const namesOf = async (id: string) =>
      [...(await openAccount(team, id, utf8(`${id} passphrase`), argon2id)).ring.keys()].sort();
    expect(await namesOf('aud')).toEqual(['audit']);
    expect(await namesOf('ada')).toEqual(['audit', 'master']);
    expect(await namesOf('tom')).toEqual(['audit', 'catalogue', 'sender/1', 'vault-sender']);
    expect(await namesOf('rita')).toEqual(
      ['audit', 'catalogue', 'glass/1', 'policy', 'role/radiologist/1', 'sender/1', 'vault-sender'].sort(),
    );
  });

  it('opens by its own passphrase alone', async () => {
    await expect(openAccount(team, 'rita', utf8('tom passphrase'), argon2id)).rejects.toThrow(
      failsWith('keys/wrong-passphrase'),
    );
    await expect(openAccount(team, 'nobody', utf8('x'), argon2id)).rejects.toThrow(failsWith('users/no-such-user'));
  });

  it('changes its passphrase by itself, and gets a new one from an administrator', async () => {
    const { seed, ring } = await openAccount(team, 'rita', utf8('rita passphrase'), argon2id);
    const own = await changeOwnPassphrase(team, 'rita', seed, secret('another one'), tools);
    const again = await openAccount(own, 'rita', utf8('another one'), argon2id);
    expect([...again.ring.keys()]).toEqual([...ring.keys()]);
    await expect(openAccount(own, 'rita', utf8('rita passphrase'), argon2id)).rejects.toThrow(
      failsWith('keys/wrong-passphrase'),
    );
    const reset = await resetPassphrase(team, 'tom', secret('a third one'), tools);
    expect((await openAccount(reset, 'tom', utf8('a third one'), argon2id)).ring.has('catalogue')).toBe(true);
  });

  it('is refused with a taken or strange name, without a role, with too much', async () => {
    await expect(withAccount(team, 'tom', ['auditor'])).rejects.toThrow(failsWith('users/exists'));
    await expect(withAccount(team, 'Tom!', ['auditor'])).rejects.toThrow(failsWith('users/bad-name'));
    await expect(withAccount(team, 'new', [])).rejects.toThrow(failsWith('users/no-role'));
    await expect(withAccount(team, 'new', ['auditor'], ['Not One'])).rejects.toThrow(failsWith('policy/bad-rule'));
  });
});

describe('the accounts’ file', () => {
  it('is read as it was written, and refused when it was altered', async () => {
    const text = serialiseUsers(team);
    const again = parseUsers(text, vaultId);
    expect(again).toEqual(team);
    expect(() => parseUsers(text, idFrom<VaultId>(bytes(9, 16)))).toThrow(failsWith('users/file-damaged'));
    expect(() => parseUsers(text.replace('"version": 1', '"version": 2'), vaultId)).toThrow(
      failsWith('users/newer-version'),
    );
    const raised = { ...team, accounts: team.accounts.map((a) => ({ ...a, roles: ['administrator'] as const })) };
    await expect(openAccount(raised, 'tom', utf8('tom passphrase'), argon2id)).rejects.toThrow(
      failsWith('users/file-damaged'),
    );
    expect(() => openKeyring(raised, root.master)).toThrow(failsWith('users/file-damaged'));
  });

  it('isn’t believed when another authority signed it', async () => {
    const foreign = createUsers({ ...tools, root: { ...root, master: bytes(77) as MasterKey } });
    const seed = openKeyring(foreign, bytes(77) as MasterKey).get('authority') ?? bytes(0);
    const forged = signUsers({ ...team, authority: foreign.authority, vaultKey: foreign.vaultKey }, seed);
    await expect(openAccount(forged, 'tom', utf8('tom passphrase'), argon2id)).rejects.toThrow(
      failsWith('keys/wrong-passphrase'),
    );
    expect(() => openKeyring(forged, root.master)).toThrow(failsWith('users/file-damaged'));
  });
});

describe('studies of several users', () => {
  it('are imported by a technologist who can’t read them', async () => {
    const tom = await sessionOf(team, 'tom');
    const record = wrapStudyKeyFor(tom, owner, createStudyKey(engine), null);
    expect(() => openStudyKey(tom, owner, record)).toThrow(failsWith('users/not-a-recipient'));
    openStudyKey(await sessionOf(team, 'rita'), owner, record);
    openStudyKey(await sessionOf(team, null), owner, record);
  });

  it('open to nobody who left, once they are wrapped anew', { timeout: 60_000 }, async () => {
    const record = wrapStudyKeyFor(await sessionOf(team, 'tom'), owner, createStudyKey(engine), null);
    const two = await withAccount(team, 'rolf', ['radiologist']);
    const rolf = await sessionOf(two, 'rolf');
    openStudyKey(rolf, owner, record);
    const { file, newEpoch } = await removeAccount(two, 'rolf', tools);
    expect([newEpoch, file.epoch, file.oldestEpoch]).toEqual([true, 2, 1]);
    // What he has still opens what was wrapped for his epoch: that is what the app says.
    openStudyKey(rolf, owner, record);
    const master = await sessionOf(file, null);
    const renewed = rewrapStudyKey(master, master, owner, record);
    if (renewed === null) throw new Error('not renewed');
    expect(() => openStudyKey(rolf, owner, renewed)).toThrow(failsWith('users/not-a-recipient'));
    const rita = await sessionOf(file, 'rita');
    openStudyKey(rita, owner, renewed);
    openStudyKey(rita, owner, record);
    const settled = await settleEpochs(file, tools);
    expect(settled.oldestEpoch).toBe(2);
    const { ring } = await openAccount(settled, 'rita', utf8('rita passphrase'), argon2id);
    expect([...ring.keys()].filter((name) => name.endsWith('/1'))).toEqual([]);
  });

  it('under a rule open to its attributes, and to others by break-glass alone', { timeout: 60_000 }, async () => {
    let file = await withAccount(team, 'rolf', ['radiologist']);
    file = await setImportRule(file, 'radiologist and cardiology', tools);
    expect(file.importRule).toBe('radiologist AND cardiology');
    const record = wrapStudyKeyFor(
      await sessionOf(file, 'tom'),
      owner,
      createStudyKey(engine),
      (await sessionOf(file, 'tom')).access.recipients?.importRule ?? null,
    );
    openStudyKey(await sessionOf(file, 'rita'), owner, record);
    const rolf = await sessionOf(file, 'rolf');
    expect(() => openStudyKey(rolf, owner, record)).toThrow(failsWith('policy/not-met'));
    const { ring } = await openAccount(file, 'rolf', utf8('rolf passphrase'), argon2id);
    const sealed = ring.get('glass/1') ?? bytes(0);
    expect(openGlass(deriveGlassKey(bytes(0)), 1, sealed)).toBeNull();
    expect(openGlass(deriveGlassKey(root.auditSeed), 2, sealed)).toBeNull();
    const seed = openGlass(deriveGlassKey(root.auditSeed), 1, sealed);
    if (seed === null) throw new Error('the glass does not break');
    const broken = { ...rolf.access, roles: [...rolf.access.roles, { role: 'break-glass' as const, epoch: 1, seed }] };
    openStudyKey({ ...rolf, access: broken }, owner, record);
    // The attribute is taken away: a new epoch, in which the rule isn't met any more.
    const taken = await changeAccount(
      file,
      'rita',
      { displayName: 'R', roles: ['radiologist'], attributes: [] },
      tools,
    );
    expect(taken.newEpoch).toBe(true);
    const master = await sessionOf(taken.file, null);
    const renewed = rewrapStudyKey(master, master, owner, record);
    if (renewed === null) throw new Error('not renewed');
    expect(() => openStudyKey(rolf, owner, renewed)).toThrow(failsWith('policy/not-met'));
    const before = await sessionOf(file, 'rita');
    expect(() => openStudyKey(before, owner, renewed)).toThrow(failsWith('policy/not-met'));
  });

  it('keep their accounts through a new master key', async () => {
    const newer = { ...root, master: bytes(33) as MasterKey, catalogueKey: bytes(34), wrappingKey: bytes(35) };
    const file = await rekeyUsers(team, root.master, { ...tools, root: newer });
    expect(() => openKeyring(file, root.master)).toThrow(failsWith('users/file-damaged'));
    expect(openKeyring(file, newer.master).has('authority')).toBe(true);
    const tom = await openAccount(file, 'tom', utf8('tom passphrase'), argon2id);
    expect(tom.ring.get('catalogue')).toEqual(bytes(34));
    const ada = await openAccount(file, 'ada', utf8('ada passphrase'), argon2id);
    expect(ada.ring.get('master')).toEqual(newer.master);
    expect(openRing(file, 'tom', tom.seed).size).toBe(tom.ring.size);
  });
});
