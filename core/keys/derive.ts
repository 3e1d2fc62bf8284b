import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { utf8, wipe } from '../bytes.ts';
import type { RandomFill } from '../seal/engine.ts';
import { wrappingKeyFrom } from '../seal/study-key.ts';
import { keysError } from './errors.ts';
import type { MasterKey, VaultKeys } from './types.ts';

const KEY_LENGTH = 32;
/** RFC 5869, 3.1: a fixed salt strengthens the extraction; this one also names the scheme and its version. */
const SALT = utf8('vitrine/vault-keys/v1');

/** A new vault's root key. */
export function createMasterKey(randomFill: RandomFill): MasterKey {
  const key = new Uint8Array(KEY_LENGTH);
  randomFill(key);
  return key as MasterKey;
}

/** Takes a master key that came from where types don't reach (a KeyObject, a port). Not a copy. */
export function masterKeyFrom(bytes: Uint8Array): MasterKey {
  if (bytes.length !== KEY_LENGTH) throw keysError('keys/bad-argument', 'a master key has 32 bytes');
  return bytes as MasterKey;
}

/** The keys below the master key: HKDF-SHA-384 (RFC 5869), one label per use, so that none says anything of another. */
export function deriveVaultKeys(master: MasterKey): VaultKeys {
  const key = (label: string) => hkdf(sha384, master, SALT, utf8(label), KEY_LENGTH);
  return {
    catalogueKey: key('catalogue'),
    wrappingKey: wrappingKeyFrom(key('study-key-wrapping')),
    blindIndexKey: key('blind-index'),
    auditSeed: key('audit-seed'),
    headerKey: key('header'),
  };
}

/** Ends all derived keys at once, at lock. */
export function wipeVaultKeys(keys: VaultKeys): void {
  wipe(keys.catalogueKey, keys.wrappingKey, keys.blindIndexKey, keys.auditSeed, keys.headerKey);
}
