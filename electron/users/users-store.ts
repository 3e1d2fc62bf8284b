/** `users.json` on disk. It is loaded when there is one: a vault without accounts doesn't wait for its schema. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { wipe } from '../../core/bytes.ts';
import { VitrineError } from '../../core/errors.ts';
import type { VaultId } from '../../core/ids.ts';
import { previousMasterOf, vaultKeysOf, wipeCurrentKeys } from '../../core/keys/current-keys.ts';
import type { MasterKey, VaultHeader } from '../../core/keys/types.ts';
import type { ChangeTools } from '../../core/keys/users/entitlements.ts';
import type { UsersFile } from '../../core/keys/users/types.ts';
import { replaceFile } from '../durable-file.ts';
import { USERS_FILE } from '../paths.ts';
import { randomFill } from '../random.ts';

/**
 * Whether several people use this vault: then its keychain slot, which opens it to whoever sits at this computer, opens it
 * to nobody.
 */
export function hasAccounts(folder: string): boolean {
  return existsSync(join(folder, USERS_FILE));
}

/** The accounts of the vault in `folder`; null when it has none. @throws users/file-damaged, users/newer-version */
export async function readUsers(folder: string, vaultId: VaultId): Promise<UsersFile | null> {
  const path = join(folder, USERS_FILE);
  if (!existsSync(path)) return null;
  const { parseUsers } = await import('../../core/keys/users/users-file.ts');
  return parseUsers(await readFile(path, 'utf8'), vaultId);
}

/** Durable when it resolves. @throws vault/disk-full, or the file system's error */
export async function writeUsers(folder: string, file: UsersFile): Promise<void> {
  const { serialiseUsers } = await import('../../core/keys/users/users-file.ts');
  await replaceFile(join(folder, USERS_FILE), serialiseUsers(file)).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new VitrineError('vault/disk-full', 'the accounts could not be written', { cause });
    throw cause;
  });
}

/** Forgets how often an account's passphrase was tried: the account is gone. */
export async function forgetAttempts(folder: string, id: string): Promise<void> {
  await rm(join(folder, attemptsName(id)), { force: true });
}

/** The file that counts an account's failed tries. */
export function attemptsName(id: string): string {
  return `unlock-attempts-${id}.json`;
}

/** Runs a change of accounts with the keys that it takes, and wipes them. */
export async function withChangeTools<T>(
  header: VaultHeader,
  master: MasterKey,
  use: (tools: ChangeTools) => Promise<T>,
): Promise<T> {
  const current = vaultKeysOf(header, master);
  const { catalogueKey, wrappingKey, auditSeed } = current.keys;
  const root = { vaultId: header.vaultId, master, catalogueKey, wrappingKey, auditSeed };
  try {
    return await use({ root, randomFill, now: new Date().toISOString(), pause: () => pause() });
  } finally {
    wipeCurrentKeys(current);
  }
}

/**
 * While a change of the master key is under way: puts the accounts under the new one. Does nothing where there are none or
 * it is done already, so that it may be run again.
 */
export async function moveAccounts(folder: string, header: VaultHeader, master: MasterKey): Promise<void> {
  const old = previousMasterOf(header, master);
  const file = await readUsers(folder, header.vaultId);
  if (old === null || file === null) return;
  try {
    const { isKeyringOf } = await import('../../core/keys/users/keyring.ts');
    if (isKeyringOf(file, master)) return;
    const { rekeyUsers } = await import('../../core/keys/users/accounts.ts');
    await writeUsers(folder, await withChangeTools(header, master, (tools) => rekeyUsers(file, old, tools)));
  } finally {
    wipe(old);
  }
}
