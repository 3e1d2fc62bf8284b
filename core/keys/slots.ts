/**
 * Key slots, as LUKS has them: each wraps the same master key under another secret. What wraps is always
 * XChaCha20-Poly1305 under a 32-byte key; the kinds differ in how that key comes from the secret. The associated data binds
 * vault, slot, kind and cost, so that a slot can't be moved, renamed or made cheaper.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, toHex, utf8, wipe } from '../bytes.ts';
import type { VaultId } from '../ids.ts';
import type { RandomFill } from '../seal/engine.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { masterKeyFrom } from './derive.ts';
import { keysError } from './errors.ts';
import { checkArgon2Parameters } from './passphrase.ts';
import { checkShareCounts } from './share-set.ts';
import type {
  Argon2id,
  Argon2Parameters,
  KeychainSlot,
  KeySlot,
  MasterKey,
  PassphraseSlot,
  RecoverySlot,
  SharesSlot,
} from './types.ts';

const NONCE_LENGTH = 24;
const SALT_LENGTH = 16;
const WRAP_KEY_LENGTH = 32;
const KEYCHAIN_SECRET_LENGTH = 32;

/** What every new slot takes beside its secret. */
export interface SlotMaterial {
  readonly vaultId: VaultId;
  readonly masterKey: MasterKey;
  readonly randomFill: RandomFill;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** A secret for the OS keychain: 32 random bytes. */
export function createKeychainSecret(randomFill: RandomFill): Uint8Array {
  const secret = new Uint8Array(KEYCHAIN_SECRET_LENGTH);
  randomFill(secret);
  return secret;
}

function draw(randomFill: RandomFill, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  randomFill(bytes);
  return bytes;
}

/** A slot before its key is wrapped. */
type Unwrapped<Slot extends KeySlot = KeySlot> = Slot extends KeySlot ? Omit<Slot, 'wrapped'> : never;

/** What a kind has beside what all slots have. Kinds have different numbers of fields, and the kind itself is bound. */
function ownFields(slot: Unwrapped): string[] {
  switch (slot.kind) {
    case 'passphrase': {
      const { memoryKiB, iterations, parallelism, salt } = slot.argon2id;
      return [`${memoryKiB}`, `${iterations}`, `${parallelism}`, salt];
    }
    case 'shares':
      return [`${slot.threshold}`, `${slot.count}`];
    case 'escrow':
      return [slot.label, slot.publicKey, slot.encapsulated];
    case 'keychain':
    case 'recovery':
      return [];
  }
}

/** All of a slot that isn't the wrapped key, in one unambiguous byte string; but for the drill's date, which changes. */
function slotAad(vaultId: VaultId, slot: Unwrapped): Uint8Array {
  const fields = [vaultId, slot.id, slot.kind, slot.createdAt, ...ownFields(slot)];
  return encodeFields(utf8('vitrine/key-slot/v1'), ...fields.map(utf8));
}

/** Wraps the master key for a slot, and ends the wrapping key. */
export function wrap(material: SlotMaterial, slot: Unwrapped, key: Uint8Array): string {
  const nonce = draw(material.randomFill, NONCE_LENGTH);
  const sealed = xchacha20poly1305(key, nonce, slotAad(material.vaultId, slot)).encrypt(material.masterKey);
  wipe(key);
  return toBase64(concatBytes(nonce, sealed));
}

/** Null when the slot doesn't open under this key. Ends the wrapping key. */
export function unwrap(vaultId: VaultId, slot: KeySlot, key: Uint8Array): MasterKey | null {
  try {
    const bytes = fromBase64(slot.wrapped);
    const nonce = bytes.subarray(0, NONCE_LENGTH);
    return masterKeyFrom(xchacha20poly1305(key, nonce, slotAad(vaultId, slot)).decrypt(bytes.subarray(NONCE_LENGTH)));
  } catch {
    return null;
  } finally {
    wipe(key);
  }
}

/**
 * Keychain secrets, recovery codes, shared secrets are random and long (160 bits at least), so no guess is made cheaper by
 * a fast derivation: HKDF is enough where a passphrase needs Argon2id.
 */
function keyFromRandomSecret(kind: 'keychain' | 'recovery' | 'shares', secret: Uint8Array): Uint8Array {
  return hkdf(sha384, secret, utf8('vitrine/key-slot/v1'), utf8(kind), WRAP_KEY_LENGTH);
}

async function keyFromPassphrase(
  passphrase: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2Parameters,
  argon2id: Argon2id,
): Promise<Uint8Array> {
  checkArgon2Parameters(parameters);
  try {
    return await argon2id(passphrase, salt, parameters, WRAP_KEY_LENGTH);
  } catch (cause) {
    throw keysError('keys/derivation-failed', 'Argon2id failed', { cause });
  }
}

/** What a new slot of any kind has. */
export function newSlot<Kind extends KeySlot['kind']>(material: SlotMaterial, kind: Kind) {
  return { kind, id: toHex(draw(material.randomFill, 16)), createdAt: material.createdAt, testedAt: null };
}

/** @throws VitrineError `keys/bad-argument` unless the secret has 32 bytes */
export function createKeychainSlot(material: SlotMaterial, secret: Uint8Array): KeychainSlot {
  if (secret.length !== KEYCHAIN_SECRET_LENGTH) throw keysError('keys/bad-argument', 'a keychain secret has 32 bytes');
  const slot = newSlot(material, 'keychain');
  return { ...slot, wrapped: wrap(material, slot, keyFromRandomSecret('keychain', secret)) };
}

/** Null when the secret isn't this slot's. */
export function openKeychainSlot(vaultId: VaultId, slot: KeychainSlot, secret: Uint8Array): MasterKey | null {
  return unwrap(vaultId, slot, keyFromRandomSecret('keychain', secret));
}

export function createRecoverySlot(material: SlotMaterial, secret: Uint8Array): RecoverySlot {
  const slot = newSlot(material, 'recovery');
  return { ...slot, wrapped: wrap(material, slot, keyFromRandomSecret('recovery', secret)) };
}

/** Null when the code's secret isn't this slot's. */
export function openRecoverySlot(vaultId: VaultId, slot: RecoverySlot, secret: Uint8Array): MasterKey | null {
  return unwrap(vaultId, slot, keyFromRandomSecret('recovery', secret));
}

/** @throws VitrineError `keys/empty-passphrase`, `keys/weak-parameters`, `keys/excessive-parameters`, `keys/derivation-failed` */
export async function createPassphraseSlot(
  material: SlotMaterial,
  passphrase: Uint8Array,
  parameters: Argon2Parameters,
  argon2id: Argon2id,
): Promise<PassphraseSlot> {
  if (passphrase.length === 0) throw keysError('keys/empty-passphrase', 'the passphrase is empty');
  const salt = draw(material.randomFill, SALT_LENGTH);
  const key = await keyFromPassphrase(passphrase, salt, parameters, argon2id);
  const { memoryKiB, iterations, parallelism } = parameters;
  const slot = {
    ...newSlot(material, 'passphrase'),
    argon2id: { memoryKiB, iterations, parallelism, salt: toBase64(salt) },
  };
  return { ...slot, wrapped: wrap(material, slot, key) };
}

/** Null when the passphrase isn't this slot's. @throws as `createPassphraseSlot`, but for an empty passphrase */
export async function openPassphraseSlot(
  vaultId: VaultId,
  slot: PassphraseSlot,
  passphrase: Uint8Array,
  argon2id: Argon2id,
): Promise<MasterKey | null> {
  const { salt, ...parameters } = slot.argon2id;
  const key = await keyFromPassphrase(passphrase, fromBase64(salt), parameters, argon2id);
  return unwrap(vaultId, slot, key);
}

/**
 * A slot whose secret is to be shared out (`splitIntoShares`) and then wiped.
 * @throws VitrineError `keys/share-counts`
 */
export function createSharesSlot(
  material: SlotMaterial,
  set: { readonly threshold: number; readonly count: number },
): { slot: SharesSlot; secret: Uint8Array } {
  const { threshold, count } = set;
  checkShareCounts(threshold, count);
  const secret = draw(material.randomFill, WRAP_KEY_LENGTH);
  const slot = { ...newSlot(material, 'shares'), threshold, count };
  return { slot: { ...slot, wrapped: wrap(material, slot, keyFromRandomSecret('shares', secret)) }, secret };
}

/** Null when the secret isn't this slot's. */
export function openSharesSlot(vaultId: VaultId, slot: SharesSlot, secret: Uint8Array): MasterKey | null {
  return unwrap(vaultId, slot, keyFromRandomSecret('shares', secret));
}
