/**
 * The keys of an open vault, as its header means them: derived from the master key, but for those that the header carries from
 * before a change of it (rotation.ts).
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { VaultId } from '../ids.ts';
import type { RandomFill } from '../seal/engine.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { deriveVaultKeys, masterKeyFrom, wipeVaultKeys } from './derive.ts';
import { keysError } from './errors.ts';
import type { MasterKey, VaultHeader, VaultKeys } from './types.ts';

const NONCE_LENGTH = 24;
const KEY_LENGTH = 32;
const SALT = utf8('vitrine/carried-key/v1');

/** What the header carries under the master key beside its slots. */
type Carried = 'previous-master' | 'audit-seed';

function cipher(master: MasterKey, what: Carried, vaultId: VaultId, nonce: Uint8Array) {
  const key = hkdf(sha384, master, SALT, utf8(what), KEY_LENGTH);
  return xchacha20poly1305(key, nonce, encodeFields(SALT, utf8(what), utf8(vaultId)));
}

/** Seals what the header carries under the master key. */
export function carry(
  master: MasterKey,
  what: Carried,
  vaultId: VaultId,
  bytes: Uint8Array,
  randomFill: RandomFill,
): string {
  const nonce = new Uint8Array(NONCE_LENGTH);
  randomFill(nonce);
  return toBase64(concatBytes(nonce, cipher(master, what, vaultId, nonce).encrypt(bytes)));
}

/** @throws VitrineError `keys/header-damaged`: the slot opened, so the header was edited there */
function carried(master: MasterKey, what: Carried, vaultId: VaultId, text: string): Uint8Array {
  const bytes = fromBase64(text);
  const nonce = bytes.subarray(0, NONCE_LENGTH);
  try {
    return cipher(master, what, vaultId, nonce).decrypt(bytes.subarray(NONCE_LENGTH));
  } catch (cause) {
    throw keysError('keys/header-damaged', 'a key that the header carries does not open', { cause });
  }
}

/** The keys of an open vault. `previous` is not null while a change of the master key is unfinished. */
export interface CurrentKeys {
  readonly keys: VaultKeys;
  readonly previous: VaultKeys | null;
}

/**
 * The keys below the master key, as this header means them: use it wherever a vault is opened. The caller wipes both
 * (`wipeCurrentKeys`).
 * @throws VitrineError `keys/header-damaged`
 */
export function vaultKeysOf(header: VaultHeader, master: MasterKey): CurrentKeys {
  const derived = deriveVaultKeys(master);
  const { vaultId, auditSeed, rotation } = header;
  const keys = auditSeed === null ? derived : withSeed(derived, carried(master, 'audit-seed', vaultId, auditSeed));
  if (rotation === null) return { keys, previous: null };
  const old = previousMasterOf(header, master);
  const previous = old && deriveVaultKeys(old);
  if (old !== null) wipe(old);
  return { keys, previous };
}

/** The master key before a change that isn't finished; null when none is under way. The caller wipes it. */
export function previousMasterOf(header: VaultHeader, master: MasterKey): MasterKey | null {
  const { rotation, vaultId } = header;
  return rotation && masterKeyFrom(carried(master, 'previous-master', vaultId, rotation.wrapped));
}

function withSeed(derived: VaultKeys, auditSeed: Uint8Array): VaultKeys {
  wipe(derived.auditSeed);
  return { ...derived, auditSeed };
}

/** Ends what `vaultKeysOf` gave. */
export function wipeCurrentKeys({ keys, previous }: CurrentKeys): void {
  wipeVaultKeys(keys);
  if (previous !== null) wipeVaultKeys(previous);
}
