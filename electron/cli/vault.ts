import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wipe } from '../../core/bytes.ts';
import { VitrineError } from '../../core/errors.ts';
import { deriveVaultKeys, wipeVaultKeys } from '../../core/keys/derive.ts';
import type { MasterKey, SecretStore, VaultHeader } from '../../core/keys/types.ts';
import { AttemptsFile } from '../attempts.ts';
import { argon2idDirect } from '../crypto/argon2.ts';
import { chooseArgon2, hardenProcess } from '../crypto/choose-engine.ts';
import { newVault, unlockHeader } from '../unlock.ts';
import { FileVault } from '../vault/file-vault.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { readHeader, removeHeader, writeHeader } from '../vault-header.ts';
import { cliError } from './errors.ts';
import { readPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command about a vault has. */
export interface VaultOptions {
  readonly vault?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

/** The vault's folder. @throws cli/no-vault */
export function vaultFolder(options: VaultOptions): string {
  const folder = options.vault ?? process.env['VITRINE_VAULT'] ?? '';
  if (folder === '') throw cliError('cli/no-vault');
  return resolve(folder);
}

async function keychain(): Promise<SecretStore> {
  const { createKeytarStore } = await import('../../native/keychain/keytar-store.ts');
  return createKeytarStore();
}

/** Waits out the delay that failed tries have left, instead of failing: a script has no one to come back later. */
async function awaitTurn(attempts: AttemptsFile, terminal: Terminal): Promise<void> {
  const wait = await attempts.wait();
  if (wait === 0) return;
  terminal.note(
    `vitrine: wrong passphrases were tried before; the next one is accepted in ${Math.ceil(wait / 1000)} s`,
  );
  await sleep(wait, undefined, { signal: terminal.signal }).catch((cause: unknown) => {
    throw new VitrineError('vault/cancelled', 'cancelled while waiting', { cause });
  });
}

async function openWith(
  masterKey: MasterKey,
  place: { dir: string; vaultId: string },
  open: (vault: OpenVault) => Promise<FileVault>,
): Promise<{ vault: FileVault; close(): Promise<void> }> {
  const keys = deriveVaultKeys(masterKey);
  wipe(masterKey);
  try {
    const vault = await open({ ...place, catalogueKey: keys.catalogueKey, wrappingKey: keys.wrappingKey });
    const close = async (): Promise<void> => {
      await vault.dispose();
      wipeVaultKeys(keys);
    };
    return { vault, close };
  } catch (error) {
    wipeVaultKeys(keys);
    throw error;
  }
}

/** Opens the vault with its passphrase, runs `use`, and closes it whatever happens. */
export async function withVault<T>(
  options: VaultOptions,
  terminal: Terminal,
  use: (vault: FileVault, header: VaultHeader) => Promise<T>,
): Promise<T> {
  const dir = vaultFolder(options);
  hardenProcess();
  const header = await readHeader(dir);
  if (header === null) throw new VitrineError('vault/not-a-vault', 'no vault in this folder');
  const passphrase = await readPassphrase(options, terminal);
  const attempts = new AttemptsFile(dir);
  await awaitTurn(attempts, terminal);
  const method = { with: 'passphrase', passphrase } as const;
  const secrets = await keychain();
  const { masterKey, headerIntact } = await unlockHeader(header, method, {
    attempts,
    argon2id: chooseArgon2(() => argon2idDirect),
    secrets,
  });
  if (!headerIntact) terminal.note('vitrine: warning: vault.json was edited by something other than Vitrine');
  const opened = await openWith(masterKey, { dir, vaultId: header.vaultId }, async (open) => {
    const { vault, recovered } = await FileVault.open(open);
    if (recovered.catalogueRebuilt) terminal.note('vitrine: the catalogue was rebuilt from the sealed objects');
    if (recovered.importsUndone > 0) terminal.note('vitrine: an import that was cut short was taken back');
    return vault;
  });
  try {
    return await use(opened.vault, header);
  } finally {
    await opened.close();
  }
}

/** Makes a vault and closes it again. @throws vault/exists, keys/weak-passphrase, vault/disk-full */
export async function createVault(
  options: VaultOptions & { readonly name: string; readonly keychain: boolean },
  terminal: Terminal,
): Promise<{ header: VaultHeader; recoveryCode: string; keychain: string }> {
  const dir = vaultFolder(options);
  hardenProcess();
  if ((await readHeader(dir)) !== null) throw new VitrineError('vault/exists', 'there is a vault in this folder');
  const passphrase = await readPassphrase(options, terminal, true);
  const wanted = { name: options.name, passphrase, useKeychain: options.keychain };
  const made = await newVault(wanted, { argon2id: chooseArgon2(() => argon2idDirect), secrets: await keychain() });
  await writeHeader(dir, made.header);
  try {
    const opened = await openWith(made.masterKey, { dir, vaultId: made.header.vaultId }, (open) =>
      FileVault.create(open),
    );
    await opened.close();
  } catch (error) {
    await removeHeader(dir);
    throw error;
  }
  return { header: made.header, recoveryCode: made.recoveryCode, keychain: made.keychain };
}
