import { randomFillSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainArgon2 } from '../../test/fixtures/plain-argon2.ts';
import { idFrom, type VaultId } from '../ids.ts';
import { createEscrowFiles, escrowFingerprint, openEscrowSecret, parseEscrowPublic } from './escrow.ts';
import { ENCAPSULATED, PUBLIC_KEY } from './file-fields.ts';
import { createHeader, parseHeader, serialiseHeader } from './header.ts';
import { ENCAPSULATED_LENGTH, HYBRID_PUBLIC_KEY_LENGTH } from './hybrid.ts';
import { addEscrow, openWithEscrowKey } from './more-slots.ts';
import { passphraseBytes } from './passphrase.ts';

const randomFill = (out: Uint8Array) => void randomFillSync(out);
const createdAt = '2026-01-02T03:04:05.678Z';
const fails = (code: string) => expect.objectContaining({ code });
const passphrase = passphraseBytes('administrator of the house');
const pair = (label = 'Clinic IT') =>
  createEscrowFiles({ label, createdAt, passphrase, argon2id: plainArgon2, randomFill });

let files: Awaited<ReturnType<typeof pair>>;
let vault: Awaited<ReturnType<typeof createHeader>>;
beforeAll(async () => {
  files = await pair();
  const vaultId = idFrom<VaultId>(new Uint8Array(16).fill(7));
  vault = await createHeader({ vaultId, name: 'A', createdAt, passphrase, argon2id: plainArgon2, randomFill });
});

describe('an escrow key', () => {
  it('has the lengths that a header is read with', () => {
    expect([PUBLIC_KEY, ENCAPSULATED]).toEqual([HYBRID_PUBLIC_KEY_LENGTH, ENCAPSULATED_LENGTH]);
  });

  it('opens the vault that was escrowed to its public half, through both texts', async () => {
    const to = parseEscrowPublic(files.publicText);
    expect(to.label).toBe('Clinic IT');
    expect(escrowFingerprint(to.publicKey)).toBe(files.fingerprint);
    const header = parseHeader(
      serialiseHeader(addEscrow(vault.header, vault.masterKey, { to, randomFill, createdAt })),
    );
    const key = await openEscrowSecret(files.secretText, passphrase, plainArgon2);
    const opened = openWithEscrowKey(header, key);
    expect(opened).toMatchObject({ masterKey: vault.masterKey, headerIntact: true });
    expect(header.slots.find(({ id }) => id === opened.slotId)).toMatchObject({ kind: 'escrow', label: 'Clinic IT' });
  });

  it('replaces its own slot, and stands beside another administrator’s', async () => {
    const change = { randomFill, createdAt };
    const to = parseEscrowPublic(files.publicText);
    const second = await pair('Second');
    let header = addEscrow(vault.header, vault.masterKey, { to, ...change });
    header = addEscrow(header, vault.masterKey, { to, ...change });
    header = addEscrow(header, vault.masterKey, { to: parseEscrowPublic(second.publicText), ...change });
    expect(header.slots.filter(({ kind }) => kind === 'escrow')).toHaveLength(2);
    for (const { secretText } of [files, second]) {
      const key = await openEscrowSecret(secretText, passphrase, plainArgon2);
      expect(openWithEscrowKey(header, key).masterKey).toEqual(vault.masterKey);
    }
  });

  it('of somebody else, in the wrong file, or with another passphrase is refused by its own code', async () => {
    const to = parseEscrowPublic(files.publicText);
    const header = addEscrow(vault.header, vault.masterKey, { to, randomFill, createdAt });
    const other = await openEscrowSecret((await pair()).secretText, passphrase, plainArgon2);
    expect(() => openWithEscrowKey(header, other)).toThrow(fails('keys/wrong-escrow-key'));
    // The right public half with another secret: the slot is tried and doesn't open.
    expect(() => openWithEscrowKey(header, { ...other, publicKey: to.publicKey })).toThrow(
      fails('keys/wrong-escrow-key'),
    );
    expect(() => parseEscrowPublic(files.secretText)).toThrow(fails('keys/not-an-escrow-key'));
    expect(() => parseEscrowPublic('no JSON')).toThrow(fails('keys/not-an-escrow-key'));
    const wrong = passphraseBytes('guess');
    await expect(openEscrowSecret(files.secretText, wrong, plainArgon2)).rejects.toThrow(
      fails('keys/wrong-escrow-passphrase'),
    );
    await expect(openEscrowSecret(files.publicText, passphrase, plainArgon2)).rejects.toThrow(
      fails('keys/not-an-escrow-key'),
    );
    const relabelled = files.secretText.replace('Clinic IT', 'Clinic XX');
    await expect(openEscrowSecret(relabelled, passphrase, plainArgon2)).rejects.toThrow(
      fails('keys/wrong-escrow-passphrase'),
    );
  });

  it('that is no point of the curve and no ML-KEM key wraps nothing', () => {
    const to = { label: 'x', publicKey: new Uint8Array(1216).fill(0xff) };
    expect(() => addEscrow(vault.header, vault.masterKey, { to, randomFill, createdAt })).toThrow(
      fails('keys/not-an-escrow-key'),
    );
  });
});
