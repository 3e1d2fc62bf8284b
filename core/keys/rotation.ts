/**
 * A change of the master key. What hangs on it is many files, and none of them may be lost when the machine dies in
 * between; so the header changes first and whole: every slot under the new key, and the old key under the new one. From
 * then on whatever still hangs on the old key opens by both; when nothing does, the old key is dropped.
 *
 * The audit seed is carried over, not changed: a log that changed its signing key couldn't be held against the checkpoints
 * that others keep. Whoever had the old master key could sign as this log, before the change and after it.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { VaultId } from '../ids.ts';
import type { RandomFill } from '../seal/engine.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { createMasterKey, deriveVaultKeys, masterKeyFrom, wipeVaultKeys } from './derive.ts';
import { keysError } from './errors.ts';
import type { SlotChange } from './header.ts';
import { sealHeader } from './header-file.ts';
import { escrowedTo, retire } from './more-slots.ts';
import { DEFAULT_ARGON2 } from './passphrase.ts';
import { createRecoverySecret, formatRecoveryCode } from './recovery-code.ts';
import { shareSetId } from './shares.ts';
import {
  createEscrowSlot,
  createKeychainSlot,
  createPassphraseSlot,
  createRecoverySlot,
  type SlotMaterial,
} from './slots.ts';
import type { Argon2id, KeySlot, MasterKey, SharesSlot, VaultHeader, VaultKeys } from './types.ts';

const NONCE_LENGTH = 24;
const KEY_LENGTH = 32;
const SALT = utf8('vitrine/carried-key/v1');

/** What the header carries under the master key beside its slots. */
type Carried = 'previous-master' | 'audit-seed';

function cipher(master: MasterKey, what: Carried, vaultId: VaultId, nonce: Uint8Array) {
  const key = hkdf(sha384, master, SALT, utf8(what), KEY_LENGTH);
  return xchacha20poly1305(key, nonce, encodeFields(SALT, utf8(what), utf8(vaultId)));
}

function carry(master: MasterKey, what: Carried, vaultId: VaultId, bytes: Uint8Array, randomFill: RandomFill): string {
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
  const old = masterKeyFrom(carried(master, 'previous-master', vaultId, rotation.wrapped));
  const previous = deriveVaultKeys(old);
  wipe(old);
  return { keys, previous };
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

/** What a change of the master key takes. */
export interface MasterChange extends SlotChange {
  /** The owner's passphrase, from `passphraseBytes`: its slot is made anew. The caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly argon2id: Argon2id;
  /** A new secret, to be put into the keychain once the header is written; null: no keychain slot. */
  readonly keychainSecret: Uint8Array | null;
}

/** What came of it. */
export interface ChangedMaster {
  readonly header: VaultHeader;
  readonly masterKey: MasterKey;
  /** The new recovery code; null where the vault had none. */
  readonly recoveryCode: string | null;
  /** Share sets whose sheets are worth nothing from now on: new ones must be printed. */
  readonly retiredSets: readonly string[];
}

/**
 * The header under a new master key. Passphrase and recovery slots are made anew, escrow goes to the same public keys again,
 * shares can't be kept: their secret isn't known.
 * @throws VitrineError `keys/rotation-running`, `keys/derivation-failed`
 */
export async function changeMaster(header: VaultHeader, old: MasterKey, change: MasterChange): Promise<ChangedMaster> {
  if (header.rotation !== null) throw keysError('keys/rotation-running', 'a change is unfinished');
  const { randomFill, createdAt } = change;
  const { vaultId } = header;
  const masterKey = createMasterKey(randomFill);
  const material: SlotMaterial = { vaultId, masterKey, randomFill, createdAt };
  const { slots, recoveryCode } = await slotsUnder(header, material, change);
  const shares = header.slots.filter((slot): slot is SharesSlot => slot.kind === 'shares');
  const { keys } = vaultKeysOf(header, old);
  const fields = {
    ...header,
    slots,
    recoveryConfirmed: recoveryCode === null,
    rotation: { startedAt: createdAt, wrapped: carry(masterKey, 'previous-master', vaultId, old, randomFill) },
    auditSeed: carry(masterKey, 'audit-seed', vaultId, keys.auditSeed, randomFill),
    retiredSets: retire(header, shares, createdAt),
  };
  wipeVaultKeys(keys);
  return { header: sealHeader(fields, masterKey), masterKey, recoveryCode, retiredSets: shares.map(shareSetId) };
}

async function slotsUnder(header: VaultHeader, material: SlotMaterial, change: MasterChange) {
  const before = header.slots.find((slot) => slot.kind === 'passphrase');
  const { memoryKiB, iterations, parallelism } = before?.argon2id ?? DEFAULT_ARGON2;
  const cost = { memoryKiB, iterations, parallelism };
  const slots: KeySlot[] = [await createPassphraseSlot(material, change.passphrase, cost, change.argon2id)];
  if (change.keychainSecret !== null) slots.push(createKeychainSlot(material, change.keychainSecret));
  let recoveryCode: string | null = null;
  for (const slot of header.slots) {
    if (slot.kind === 'escrow') slots.push(createEscrowSlot(material, escrowedTo(slot)));
    if (slot.kind !== 'recovery') continue;
    const secret = createRecoverySecret(change.randomFill);
    slots.push(createRecoverySlot(material, secret));
    recoveryCode = formatRecoveryCode(secret);
    wipe(secret);
  }
  return { slots, recoveryCode };
}

/** Drops the old master key: nothing hangs on it any more. A header without a change under way stays as it is. */
export function endRotation(header: VaultHeader, master: MasterKey): VaultHeader {
  return header.rotation === null ? header : sealHeader({ ...header, rotation: null }, master);
}
