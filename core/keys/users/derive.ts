import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { utf8, wipe } from '../../bytes.ts';
import { deriveVaultKeys, wipeVaultKeys } from '../derive.ts';
import type { VaultSecrets } from '../study-access.ts';
import type { MasterKey } from '../types.ts';

const KEY_LENGTH = 32;
const SALT = utf8('vitrine/users-keys/v1');

function key(master: MasterKey, label: string): Uint8Array {
  return hkdf(sha384, master, SALT, utf8(label), KEY_LENGTH);
}

/** What the master key opens study keys with. The caller wipes it (`wipeVaultSecrets`). */
export function deriveVaultSecrets(master: MasterKey): VaultSecrets {
  const keys = deriveVaultKeys(master);
  const wrappingKey = Uint8Array.from(keys.wrappingKey);
  wipeVaultKeys(keys);
  return {
    wrappingKey,
    recipientSeed: key(master, 'study-key-recipient'),
    senderKey: key(master, 'study-key-sender'),
  };
}

/** Ends what `deriveVaultSecrets` gave. */
export function wipeVaultSecrets({ wrappingKey, recipientSeed, senderKey }: VaultSecrets): void {
  wipe(wrappingKey, recipientSeed, senderKey);
}

/** Seals the accounts' side of the vault (`users.json`) for whoever has the master key. The caller wipes it. */
export function deriveUsersKey(master: MasterKey): Uint8Array {
  return key(master, 'users-keyring');
}
