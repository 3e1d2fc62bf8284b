import { randomFillSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainArgon2 } from '../../test/fixtures/plain-argon2.ts';
import { toHex } from '../bytes.ts';
import { idFrom, type VaultId } from '../ids.ts';
import { deriveVaultKeys } from './derive.ts';
import {
  confirmRecovery,
  createHeader,
  openWithKeychainSecret,
  openWithPassphrase,
  openWithRecoveryCode,
  parseHeader,
  removeSlot,
  replaceKeychainSlot,
  replacePassphrase,
  replaceRecovery,
  sealHeader,
  serialiseHeader,
  verifyHeaderMac,
} from './header.ts';
import { passphraseBytes } from './passphrase.ts';
import { createKeychainSecret } from './slots.ts';
import type { Argon2id, MasterKey, VaultHeader } from './types.ts';

const randomFill = (out: Uint8Array) => void randomFillSync(out);
const createdAt = '2026-01-02T03:04:05.678Z';
const passphrase = passphraseBytes('correct horse');
const keychainSecret = createKeychainSecret(randomFill);

let header: VaultHeader;
let masterKey: MasterKey;
let recoveryCode: string;

const newVault = () =>
  createHeader({
    vaultId: idFrom<VaultId>(new Uint8Array(16).fill(7)),
    name: 'Clinic A',
    createdAt,
    passphrase,
    argon2id: plainArgon2,
    randomFill,
    keychainSecret,
  });
const failsWith = (code: string) => expect.objectContaining({ code });

beforeAll(async () => {
  ({ header, masterKey, recoveryCode } = await newVault());
});

describe('vault header', () => {
  it('opens by passphrase, recovery code and keychain, through its text', async () => {
    const read = parseHeader(serialiseHeader(header));
    expect(read).toEqual(header);
    const opened = [
      await openWithPassphrase(read, passphrase, plainArgon2),
      openWithRecoveryCode(read, recoveryCode.toLowerCase()),
      openWithKeychainSecret(read, keychainSecret),
    ];
    for (const unlocked of opened) {
      expect(unlocked.masterKey).toEqual(masterKey);
      expect(unlocked.headerIntact).toBe(true);
    }
    expect(opened.map(({ slotId }) => slotId).sort()).toEqual(read.slots.map(({ id }) => id).sort());
  });

  it('holds no secret in the clear', () => {
    const text = serialiseHeader(header).toLowerCase();
    expect(text).not.toContain(toHex(masterKey));
    expect(text).not.toContain(Buffer.from(masterKey).toString('base64').toLowerCase());
    expect(text).not.toContain(recoveryCode.slice(0, 9).toLowerCase());
  });

  it('refuses what is wrong, each by its own code', async () => {
    const wrong = openWithPassphrase(header, passphraseBytes('battery staple'), plainArgon2);
    await expect(wrong).rejects.toEqual(failsWith('keys/wrong-passphrase'));
    await expect(openWithPassphrase(header, new Uint8Array(0), plainArgon2)).rejects.toEqual(
      failsWith('keys/wrong-passphrase'),
    );
    const other = (await newVault()).recoveryCode;
    expect(() => openWithRecoveryCode(header, other)).toThrow(failsWith('keys/wrong-recovery-code'));
    expect(() => openWithRecoveryCode(header, `${recoveryCode}X`)).toThrow(failsWith('keys/recovery-code-mistyped'));
    expect(() => openWithKeychainSecret(header, new Uint8Array(32))).toThrow(failsWith('keys/wrong-keychain-secret'));
    const bare = { ...header, slots: [] };
    expect(() => openWithKeychainSecret(bare, keychainSecret)).toThrow(failsWith('keys/no-such-slot'));
  });

  it('refuses an empty passphrase and a name of no length', async () => {
    const wanted = { vaultId: header.vaultId, createdAt, argon2id: plainArgon2, randomFill };
    const empty = createHeader({ ...wanted, name: 'x', passphrase: new Uint8Array(0) });
    await expect(empty).rejects.toEqual(failsWith('keys/empty-passphrase'));
    await expect(createHeader({ ...wanted, name: '', passphrase })).rejects.toEqual(failsWith('keys/bad-argument'));
  });

  it('keeps what Argon2id failed of as the cause', async () => {
    const cause = new Error('out of memory');
    const failing = openWithPassphrase(header, passphrase, () => Promise.reject(cause));
    await expect(failing).rejects.toEqual(expect.objectContaining({ code: 'keys/derivation-failed', cause }));
  });
});

describe('an edited header', () => {
  const edits: Record<string, (h: VaultHeader) => VaultHeader> = {
    'another name': (h) => ({ ...h, name: 'Clinic B' }),
    'a flag turned': (h) => ({ ...h, recoveryConfirmed: true }),
    'a slot removed': (h) => ({ ...h, slots: h.slots.filter(({ kind }) => kind !== 'keychain') }),
    'another order': (h) => ({ ...h, slots: [...h.slots].reverse() }),
    'another date': (h) => ({ ...h, createdAt: '2027-01-02T03:04:05.678Z' }),
  };
  it.each(Object.entries(edits))('is seen after unlocking and still opens: %s', (_, edit) => {
    const opened = openWithRecoveryCode(parseHeader(serialiseHeader(edit(header))), recoveryCode);
    expect(opened.headerIntact).toBe(false);
    expect(opened.masterKey).toEqual(masterKey);
    expect(verifyHeaderMac(sealHeader(edit(header), opened.masterKey), masterKey)).toBe(true);
  });

  it('has slots that open for their own vault, id, date and cost only', async () => {
    const change = (edit: (slot: VaultHeader['slots'][number]) => object): VaultHeader =>
      ({ ...header, slots: header.slots.map((slot) => ({ ...slot, ...edit(slot) })) }) as VaultHeader;
    const edited = [
      { ...header, vaultId: idFrom<VaultId>(new Uint8Array(16)) },
      change(() => ({ id: '0'.repeat(32) })),
      change(() => ({ createdAt: '2020-01-01T00:00:00.000Z' })),
    ];
    for (const one of edited) {
      expect(() => openWithRecoveryCode(one, recoveryCode)).toThrow(failsWith('keys/wrong-recovery-code'));
      expect(() => openWithKeychainSecret(one, keychainSecret)).toThrow(failsWith('keys/wrong-keychain-secret'));
      const opening = openWithPassphrase(one, passphrase, plainArgon2);
      await expect(opening).rejects.toEqual(failsWith('keys/wrong-passphrase'));
    }
  });

  it.each([
    ['weak', { memoryKiB: 1024 }, 'keys/weak-parameters'],
    ['excessive', { memoryKiB: 0xffffffff }, 'keys/excessive-parameters'],
  ])('with %s parameters is refused before Argon2id runs', async (_, cost, code) => {
    const slots = header.slots.map((slot) =>
      slot.kind === 'passphrase' ? { ...slot, argon2id: { ...slot.argon2id, ...cost } } : slot,
    );
    const never: Argon2id = () => Promise.reject(new Error('ran'));
    await expect(openWithPassphrase({ ...header, slots }, passphrase, never)).rejects.toEqual(failsWith(code));
  });
});

describe('header text', () => {
  it('is refused as damaged wherever it is cut', () => {
    const text = serialiseHeader(header).trimEnd();
    for (let length = 0; length < text.length; length++)
      expect(() => parseHeader(text.slice(0, length))).toThrow(failsWith('keys/header-damaged'));
  });

  it('is refused as damaged when a field is foreign, missing or of another shape', () => {
    const fields = JSON.parse(serialiseHeader(header)) as Record<string, unknown>;
    const damaged = [
      null,
      [],
      {},
      { ...fields, format: 'other' },
      { ...fields, version: 0 },
      { ...fields, extra: 1 },
      { ...fields, vaultId: '../../etc' },
      { ...fields, slots: [{ kind: 'other' }] },
      { ...fields, mac: 'AAAA' },
      ...Object.keys(fields).map((name) => ({ ...fields, [name]: undefined })),
    ];
    for (const one of damaged) expect(() => parseHeader(JSON.stringify(one))).toThrow(failsWith('keys/header-damaged'));
  });

  it('of a newer version is told apart, whatever else it holds', () => {
    const newer = JSON.stringify({ format: 'vitrine-vault', version: 3, anything: true });
    expect(() => parseHeader(newer)).toThrow(
      expect.objectContaining({ code: 'keys/newer-version', details: { version: 3 } }),
    );
  });
});

describe('changing slots', () => {
  const change = { randomFill, createdAt };

  it('replaces the passphrase', async () => {
    const next = passphraseBytes('next');
    const changed = await replacePassphrase(header, masterKey, { ...change, passphrase: next, argon2id: plainArgon2 });
    expect((await openWithPassphrase(changed, next, plainArgon2)).masterKey).toEqual(masterKey);
    await expect(openWithPassphrase(changed, passphrase, plainArgon2)).rejects.toEqual(
      failsWith('keys/wrong-passphrase'),
    );
    expect(changed.slots.map(({ kind }) => kind)).toEqual(header.slots.map(({ kind }) => kind));
  });

  it('replaces the recovery code, which is unconfirmed again', () => {
    const confirmed = confirmRecovery(header, masterKey);
    expect(openWithRecoveryCode(confirmed, recoveryCode).headerIntact).toBe(true);
    expect(confirmed.recoveryConfirmed).toBe(true);
    const changed = replaceRecovery(confirmed, masterKey, change);
    expect(changed.header.recoveryConfirmed).toBe(false);
    expect(openWithRecoveryCode(changed.header, changed.recoveryCode).headerIntact).toBe(true);
    expect(() => openWithRecoveryCode(changed.header, recoveryCode)).toThrow(failsWith('keys/wrong-recovery-code'));
  });

  it('replaces, removes and adds the keychain slot, and never leaves the keychain alone', () => {
    const secret = createKeychainSecret(randomFill);
    const changed = replaceKeychainSlot(header, masterKey, { ...change, secret });
    expect(openWithKeychainSecret(changed, secret).headerIntact).toBe(true);
    const idOf = (of: VaultHeader, kind: string) => of.slots.find((slot) => slot.kind === kind)?.id ?? '';
    const without = removeSlot(changed, masterKey, idOf(changed, 'keychain'), createdAt);
    expect(without.slots).toHaveLength(2);
    const again = replaceKeychainSlot(without, masterKey, { ...change, secret });
    expect(openWithKeychainSecret(again, secret).headerIntact).toBe(true);
    const noPassphrase = removeSlot(again, masterKey, idOf(again, 'passphrase'), createdAt);
    expect(() => removeSlot(noPassphrase, masterKey, idOf(noPassphrase, 'recovery'), createdAt)).toThrow(
      failsWith('keys/last-slot'),
    );
    expect(() => removeSlot(header, masterKey, 'none', createdAt)).toThrow(failsWith('keys/no-such-slot'));
  });
});

describe('vault keys', () => {
  it('are five different keys, the same each time', () => {
    const keys = Object.values(deriveVaultKeys(masterKey)).map(toHex);
    expect(new Set(keys).size).toBe(5);
    expect(Object.values(deriveVaultKeys(masterKey)).map(toHex)).toEqual(keys);
  });
});
