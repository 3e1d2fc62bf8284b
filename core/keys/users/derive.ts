import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { utf8 } from '../../bytes.ts';
import type { MasterKey } from '../types.ts';

const KEY_LENGTH = 32;

/** Seals the accounts' side of the vault (`users.json`) for whoever has the master key. The caller wipes it. */
export function deriveUsersKey(master: MasterKey): Uint8Array {
  return hkdf(sha384, master, utf8('vitrine/users-keys/v1'), utf8('keyring'), KEY_LENGTH);
}
