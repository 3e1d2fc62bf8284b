import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { originOf } from '../../core/audit/checkpoint.ts';
import { deriveAuditKeys } from '../../core/audit/keys.ts';
import { openSnapshot, signSnapshot } from '../../core/audit/vault-notes.ts';
import { idFrom, type VaultId } from '../../core/ids.ts';
import { deriveVaultKeys } from '../../core/keys/derive.ts';
import { createEscrowFiles, openEscrowSecret, parseEscrowPublic } from '../../core/keys/escrow.ts';
import { createHeader, openWithPassphrase, openWithRecoveryCode } from '../../core/keys/header.ts';
import { addEscrow, openWithEscrowKey, openWithShares, replaceShares } from '../../core/keys/more-slots.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import type { UnlockedHeader, VaultHeader } from '../../core/keys/types.ts';
import { quiet } from '../../test/fixtures/care-vault.ts';
import { importPaths, listAll, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { writeStudy } from '../../test/study.ts';
import { PASSPHRASE } from '../../test/vault.ts';
import { createSigner, verifySignature } from '../audit/ed25519.ts';
import { argon2idDirect } from '../crypto/argon2.ts';
import { FileVault } from '../vault/file-vault.ts';
import { readHeader, writeHeader } from '../vault-header.ts';
import { finishBackup } from './keeper.ts';
import { readRestored, restore } from './restore.ts';

const randomFill = (out: Uint8Array): void => void randomFillSync(out);
const argon2Parameters = { memoryKiB: 46 * 1024, iterations: 1, parallelism: 1 };
const createdAt = new Date().toISOString();

let folder = '';
let recoveryCode = '';
let shares: string[] = [];
let escrowSecret = '';

const openVault = async (dir: string, unlocked: UnlockedHeader, header: VaultHeader) => {
  const { catalogueKey, wrappingKey, auditSeed } = deriveVaultKeys(unlocked.masterKey);
  const { signingSeed } = deriveAuditKeys(auditSeed);
  const signer = createSigner(originOf(header.vaultId), signingSeed);
  const open = { dir, vaultId: header.vaultId, catalogueKey, wrappingKey };
  return { open, signer };
};

/** A clinic's vault with every kind of slot, one study, and a backup of it; the vault itself is gone. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-slots-'));
  const dir = join(folder, 'vault');
  const vaultId = idFrom<VaultId>(randomFillSync(new Uint8Array(16)));
  const passphrase = passphraseBytes(PASSPHRASE);
  const made = await createHeader({
    ...{ vaultId, name: 'Clinic', createdAt, passphrase, argon2id: argon2idDirect, argon2Parameters, randomFill },
  });
  recoveryCode = made.recoveryCode;
  const shared = await replaceShares(made.header, made.masterKey, { createdAt, randomFill, threshold: 2, count: 3 });
  shares = shared.shares;
  const escrow = await createEscrowFiles({
    ...{ label: 'IT', createdAt, passphrase: passphraseBytes('of the administrator'), argon2id: argon2idDirect },
    ...{ argon2Parameters, randomFill },
  });
  escrowSecret = escrow.secretText;
  const to = parseEscrowPublic(escrow.publicText);
  const header = addEscrow(shared.header, made.masterKey, { createdAt, randomFill, to });
  const unlocked: UnlockedHeader = { masterKey: made.masterKey, slotId: '', headerIntact: true };
  const { open, signer } = await openVault(dir, unlocked, header);
  const vault = await FileVault.create(open);
  await writeHeader(dir, header);
  await writeStudy(join(folder, 'source'), { seed: 'slots', slices: 3, matrix: 64 });
  await importPaths(vault, [join(folder, 'source')]);
  await finishBackup(vault, join(folder, 'backup'), quiet, (report) => signSnapshot(vaultId, report, signer));
  await vault.dispose();
  await rm(dir, { recursive: true });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const ways: [string, (header: VaultHeader) => Promise<UnlockedHeader> | UnlockedHeader][] = [
  ['the passphrase', (header) => openWithPassphrase(header, passphraseBytes(PASSPHRASE), argon2idDirect)],
  ['the recovery code', (header) => openWithRecoveryCode(header, recoveryCode)],
  ['two of three shares', (header) => openWithShares(header, shares.slice(1))],
  [
    'the escrow key',
    async (header) =>
      openWithEscrowKey(
        header,
        await openEscrowSecret(escrowSecret, passphraseBytes('of the administrator'), argon2idDirect),
      ),
  ],
];

it.each(ways)('a backup that is restored elsewhere opens with %s', { timeout: 60_000 }, async (name, unlock) => {
  const to = join(folder, `restored by ${name}`);
  await restore(join(folder, 'backup'), to, { study: null, snapshot: null }, quiet);
  const header = await readHeader(to);
  if (header === null) throw new Error('no header was restored');
  const unlocked = await unlock(header);
  expect(unlocked.headerIntact).toBe(true);
  const { open, signer } = await openVault(to, unlocked, header);
  const { vault } = await FileVault.open(open);
  expect((await verifyAll(vault)).problems).toEqual([]);
  expect(await listAll(vault)).toMatchObject([{ instanceCount: 3 }]);
  await vault.dispose();
  const note = (await readRestored(to))?.note ?? '';
  expect(openSnapshot(header.vaultId, note, signer.key, verifySignature)).toMatchObject({ number: 1 });
});
