import { wipe } from '../core/bytes.ts';
import type { KeychainStatus } from '../core/contract/session.ts';
import { hasCode, VitrineError } from '../core/errors.ts';
import { openWithKeychainSecret } from '../core/keys/header.ts';
import { createKeychainSecret } from '../core/keys/slots.ts';
import type { SecretStore, UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import { randomFill } from './random.ts';

/** A keychain that waits for its own password dialog must not hold the unlock screen back. */
const PROBE_LIMIT_MS = 3000;

/**
 * Opens the vault's keychain slot. Reads only: whatever is wrong, nothing in the keychain or the header changes.
 * @throws keychain/missing (no slot, or no entry), keychain/changed (an entry that doesn't open the slot), and what the
 *   secret store throws.
 */
export async function openWithKeychain(header: VaultHeader, secrets: SecretStore): Promise<UnlockedHeader> {
  if (!hasKeychainSlot(header)) throw new VitrineError('keychain/missing', 'the vault has no keychain slot');
  const secret = await secrets.get(header.vaultId);
  if (secret === null) throw new VitrineError('keychain/missing', 'the keychain has no entry of this vault');
  try {
    return openWithKeychainSecret(header, secret);
  } catch (cause) {
    throw new VitrineError('keychain/changed', 'the keychain entry does not open its slot', { cause });
  } finally {
    wipe(secret);
  }
}

function hasKeychainSlot(header: VaultHeader): boolean {
  return header.slots.some((slot) => slot.kind === 'keychain');
}

/** The state that an error of the keychain stands for. */
export function statusOf(error: unknown): KeychainStatus {
  if (hasCode(error, 'keychain/missing')) return 'missing';
  if (hasCode(error, 'keychain/changed')) return 'changed';
  if (hasCode(error, 'keychain/locked', 'keychain/cancelled')) return 'locked';
  if (hasCode(error, 'keychain/plaintext-backend')) return 'plaintext';
  return 'unavailable';
}

/** What the unlock screen says of the keychain. A store that doesn't answer in time counts as locked. */
export async function probeKeychain(header: VaultHeader, secrets: SecretStore): Promise<KeychainStatus> {
  if (!hasKeychainSlot(header)) return 'not-used';
  const probe = openWithKeychain(header, secrets).then(
    ({ masterKey }): KeychainStatus => {
      wipe(masterKey);
      return 'ok';
    },
    (error: unknown) => statusOf(error),
  );
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<KeychainStatus>((resolve) => {
    timer = setTimeout(() => resolve('locked'), PROBE_LIMIT_MS);
  });
  try {
    return await Promise.race([probe, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Stores a fresh secret for the vault and answers it; the caller wipes it. @throws what the secret store throws */
export async function storeNewSecret(secrets: SecretStore, account: string): Promise<Uint8Array> {
  const secret = createKeychainSecret(randomFill);
  await secrets.set(account, secret);
  return secret;
}
