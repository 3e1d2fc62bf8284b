import { createSecretKey, type KeyObject } from 'node:crypto';
import { wipe } from '../core/bytes.ts';
import { VitrineError } from '../core/errors.ts';
import { type CurrentKeys, vaultKeysOf, wipeCurrentKeys } from '../core/keys/current-keys.ts';
import { masterKeyFrom } from '../core/keys/derive.ts';
import type { MasterKey, VaultHeader } from '../core/keys/types.ts';
import type { OpenVault } from './vault/protocol.ts';

/**
 * The unlocked master key rests as a native KeyObject: outside the JavaScript heap, in memory that OpenSSL (or BoringSSL)
 * overwrites when the last reference goes. It becomes bytes only for the length of one call.
 */
export type HeldKey = KeyObject;

/** Takes the master key over: the caller's bytes are wiped. */
export function holdMasterKey(masterKey: MasterKey): HeldKey {
  const held = createSecretKey(masterKey);
  wipe(masterKey);
  return held;
}

/** Runs `use` with the bytes of the key and wipes them, whatever happens. */
export async function withMasterKey<T>(held: HeldKey, use: (masterKey: MasterKey) => T | Promise<T>): Promise<T> {
  const bytes = held.export();
  try {
    return await use(masterKeyFrom(bytes));
  } finally {
    wipe(bytes);
  }
}

/**
 * Runs `use` with what the vault process needs to open the vault, and with the seed of the audit log; wipes the derived
 * keys afterwards.
 */
export function withOpenVault<T>(
  held: HeldKey,
  vault: { folder: string; header: VaultHeader },
  use: (open: OpenVault, auditSeed: Uint8Array) => Promise<T>,
): Promise<T> {
  return withMasterKey(held, async (masterKey) => {
    const current = vaultKeysOf(vault.header, masterKey);
    try {
      return await use(openVaultOf(vault.folder, vault.header, current), current.keys.auditSeed);
    } finally {
      wipeCurrentKeys(current);
    }
  });
}

/** What the vault process opens the vault with. Its keys are those given, not copies. */
function openVaultOf(dir: string, { vaultId }: VaultHeader, { keys, previous }: CurrentKeys): OpenVault {
  const { catalogueKey, wrappingKey } = keys;
  const earlier = previous && { catalogueKey: previous.catalogueKey, wrappingKey: previous.wrappingKey };
  return { dir, vaultId, catalogueKey, wrappingKey, previous: earlier };
}

/** The master key of a session that takes it. @throws users/not-permitted for an account that doesn't hold it */
export function heldOf(key: HeldKey | null): HeldKey {
  if (key !== null) return key;
  const needs = { details: { needs: 'administrator' } };
  throw new VitrineError('users/not-permitted', 'the account does not hold the master key', needs);
}
