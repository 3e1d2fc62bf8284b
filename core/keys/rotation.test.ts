import { randomFillSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { HEADER_V1 } from '../../test/fixtures/header-v1.ts';
import { plainArgon2 } from '../../test/fixtures/plain-argon2.ts';
import { idFrom, type VaultId } from '../ids.ts';
import { vaultKeysOf } from './current-keys.ts';
import { deriveVaultKeys } from './derive.ts';
import { createEscrowFiles, openEscrowSecret, parseEscrowPublic } from './escrow.ts';
import {
  createHeader,
  openWithKeychainSecret,
  openWithPassphrase,
  openWithRecoveryCode,
  parseHeader,
  sealHeader,
  serialiseHeader,
  verifyHeaderMac,
} from './header.ts';
import { addEscrow, openWithEscrowKey, openWithShares, replaceShares } from './more-slots.ts';
import { passphraseBytes } from './passphrase.ts';
import { changeMaster, endRotation } from './rotation.ts';
import { createKeychainSecret } from './slots.ts';
import type { MasterKey, VaultHeader } from './types.ts';

const randomFill = (out: Uint8Array) => void randomFillSync(out);
const createdAt = '2026-01-02T03:04:05.678Z';
const fails = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });
const passphrase = passphraseBytes('correct horse');

let header: VaultHeader;
let masterKey: MasterKey;
let recoveryCode: string;
beforeEach(async () => {
  const vaultId = idFrom<VaultId>(new Uint8Array(16).fill(7));
  const keychainSecret = createKeychainSecret(randomFill);
  const wanted = { vaultId, name: 'A', createdAt, passphrase, argon2id: plainArgon2, randomFill, keychainSecret };
  ({ header, masterKey, recoveryCode } = await createHeader(wanted));
});

const change = (keychainSecret: Uint8Array | null = null) =>
  changeMaster(header, masterKey, { passphrase, argon2id: plainArgon2, keychainSecret, randomFill, createdAt });
const through = (written: VaultHeader): VaultHeader => parseHeader(serialiseHeader(written));

describe('a change of the master key', () => {
  it('opens by the same passphrase, a new code, a new keychain secret, and no longer by the old ones', async () => {
    const secret = createKeychainSecret(randomFill);
    const changed = await change(secret);
    const read = through(changed.header);
    expect(changed.masterKey).not.toEqual(masterKey);
    const opened = [
      await openWithPassphrase(read, passphrase, plainArgon2),
      openWithRecoveryCode(read, changed.recoveryCode ?? ''),
      openWithKeychainSecret(read, secret),
    ];
    for (const one of opened) expect(one).toMatchObject({ masterKey: changed.masterKey, headerIntact: true });
    expect(() => openWithRecoveryCode(read, recoveryCode)).toThrow(fails('keys/wrong-recovery-code'));
    expect(read.recoveryConfirmed).toBe(false);
    expect(verifyHeaderMac(read, masterKey)).toBe(false);
  });

  it('keeps the old keys at hand until it is finished, and the audit seed for good', async () => {
    const before = deriveVaultKeys(masterKey);
    const changed = await change();
    const during = vaultKeysOf(through(changed.header), changed.masterKey);
    expect(during.previous).toEqual(before);
    expect(during.keys.auditSeed).toEqual(before.auditSeed);
    for (const name of ['catalogueKey', 'wrappingKey', 'blindIndexKey', 'headerKey'] as const)
      expect(during.keys[name]).not.toEqual(before[name]);
    const ended = through(endRotation(changed.header, changed.masterKey));
    const after = vaultKeysOf(ended, changed.masterKey);
    expect(after).toEqual({ keys: during.keys, previous: null });
    expect(verifyHeaderMac(ended, changed.masterKey)).toBe(true);
    // A second change carries the same seed on.
    header = ended;
    masterKey = changed.masterKey;
    const again = await change();
    expect(vaultKeysOf(again.header, again.masterKey).keys.auditSeed).toEqual(before.auditSeed);
  });

  it('escrows to the same administrator again, and says which shares are worth nothing', async () => {
    const wanted = { label: 'IT', createdAt, passphrase, argon2id: plainArgon2, randomFill };
    const files = await createEscrowFiles(wanted);
    const to = parseEscrowPublic(files.publicText);
    header = addEscrow(header, masterKey, { to, randomFill, createdAt });
    const set = await replaceShares(header, masterKey, { threshold: 2, count: 3, randomFill, createdAt });
    header = set.header;
    expect((await openWithShares(header, set.shares.slice(1))).masterKey).toEqual(masterKey);
    const changed = await change();
    expect(changed.retiredSets).toEqual([set.setId]);
    const key = await openEscrowSecret(files.secretText, passphrase, plainArgon2);
    expect(openWithEscrowKey(changed.header, key).masterKey).toEqual(changed.masterKey);
    await expect(openWithShares(changed.header, set.shares)).rejects.toThrow(
      fails('keys/retired-shares', { retiredAt: createdAt }),
    );
  });

  it('does not begin while another is unfinished', async () => {
    const changed = await change();
    header = changed.header;
    masterKey = changed.masterKey;
    await expect(change()).rejects.toThrow(fails('keys/rotation-running'));
  });

  it('refuses a header whose carried keys were edited or exchanged', async () => {
    const { header: changed, masterKey: master } = await change();
    const other = await change();
    const planted = sealHeader({ ...changed, rotation: other.header.rotation }, master);
    expect(() => vaultKeysOf(planted, master)).toThrow(fails('keys/header-damaged'));
    const swapped = sealHeader({ ...changed, auditSeed: changed.rotation?.wrapped ?? null }, master);
    expect(() => vaultKeysOf(swapped, master)).toThrow(fails('keys/header-damaged'));
  });
});

describe('a header of version 1', () => {
  it('opens as ever, is whole by its own MAC, and becomes version 2 with the next change', async () => {
    const old = parseHeader(HEADER_V1.text);
    expect(old).toMatchObject({ version: 1, rotation: null, auditSeed: null, retiredSets: [] });
    const opened = await openWithPassphrase(old, passphraseBytes(HEADER_V1.passphrase), plainArgon2);
    expect(opened.headerIntact).toBe(true);
    expect(openWithRecoveryCode(old, HEADER_V1.recoveryCode).masterKey).toEqual(opened.masterKey);
    expect(openWithKeychainSecret(old, HEADER_V1.keychainSecret).headerIntact).toBe(true);
    expect(JSON.parse(serialiseHeader(old))).toEqual(JSON.parse(HEADER_V1.text));
    const now = sealHeader(old, opened.masterKey);
    expect(now.version).toBe(2);
    expect(
      (await openWithPassphrase(through(now), passphraseBytes(HEADER_V1.passphrase), plainArgon2)).headerIntact,
    ).toBe(true);
  });

  it('can not be given the fields of version 2', () => {
    const mixed = { ...JSON.parse(HEADER_V1.text), rotation: null };
    expect(() => parseHeader(JSON.stringify(mixed))).toThrow(fails('keys/header-damaged'));
  });
});
