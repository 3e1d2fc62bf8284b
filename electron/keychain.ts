import { wipe } from '../core/bytes.ts';
import type { KeychainStatus } from '../core/contract/session.ts';
import { hasCode, VitrineError } from '../core/errors.ts';
import { openWithKeychainSecret } from '../core/keys/header.ts';
import { createKeychainSecret } from '../core/keys/slots.ts';
import type { SecretStore, UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import { randomFill } from './random.ts';

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

export function hasKeychainSlot(header: VaultHeader): boolean {
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

/**
 * What the unlock screen says of the keychain. May take as long as the keychain's own dialog stands.
 * @param use takes the key over that the keychain gave; without it the key is wiped.
 */
export async function probeKeychain(
  header: VaultHeader,
  secrets: SecretStore,
  use: (unlocked: UnlockedHeader) => void = ({ masterKey }) => wipe(masterKey),
): Promise<KeychainStatus> {
  if (!hasKeychainSlot(header)) return 'not-used';
  try {
    use(await openWithKeychain(header, secrets));
    return 'ok';
  } catch (error) {
    return statusOf(error);
  }
}

/** Stores a fresh secret for the vault and answers it; the caller wipes it. @throws what the secret store throws */
export async function storeNewSecret(secrets: SecretStore, account: string): Promise<Uint8Array> {
  const secret = createKeychainSecret(randomFill);
  await secrets.set(account, secret);
  return secret;
}
