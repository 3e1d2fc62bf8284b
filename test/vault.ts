import { randomBytes, randomFillSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { idFrom, type VaultId } from '../core/ids.ts';
import { deriveVaultKeys } from '../core/keys/derive.ts';
import { createHeader } from '../core/keys/header.ts';
import { passphraseBytes } from '../core/keys/passphrase.ts';
import { argon2idDirect } from '../electron/crypto/argon2.ts';
import { FileVault } from '../electron/vault/file-vault.ts';
import type { OpenVault } from '../electron/vault/protocol.ts';
import { writeHeader } from '../electron/vault-header.ts';

/** What tests type. */
export const PASSPHRASE = 'correct horse battery staple';

/**
 * A vault as the product makes it, with the cheapest passphrase slot that the floor allows, closed again.
 * @returns what opens it without the passphrase
 */
export async function createTestVault(dir: string): Promise<OpenVault> {
  const vaultId = idFrom<VaultId>(randomBytes(16));
  const { header, masterKey } = await createHeader({
    vaultId,
    name: 'Test',
    createdAt: new Date().toISOString(),
    passphrase: passphraseBytes(PASSPHRASE),
    argon2id: argon2idDirect,
    argon2Parameters: { memoryKiB: 46 * 1024, iterations: 1, parallelism: 1 },
    randomFill: (out) => void randomFillSync(out),
  });
  const { catalogueKey, wrappingKey } = deriveVaultKeys(masterKey);
  const open: OpenVault = { dir, vaultId, catalogueKey, wrappingKey };
  const vault = await FileVault.create(open);
  await writeHeader(dir, header);
  await vault.dispose();
  return open;
}

/** A file with the passphrase, as the command line takes it. */
export async function writePassphrase(path: string): Promise<string> {
  await writeFile(path, `${PASSPHRASE}\n`, { mode: 0o600 });
  return path;
}
