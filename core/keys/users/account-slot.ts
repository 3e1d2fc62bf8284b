/**
 * An account's private key under its passphrase: Argon2id and XChaCha20-Poly1305, as the vault's own passphrase slot. The
 * associated data names the authority that signs the accounts' file: whoever opens the slot knows by his passphrase alone
 * whose signature to trust, so that nobody can put another authority, and with it other keys to wrap to, in its place.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, utf8, wipe } from '../../bytes.ts';
import type { VaultId } from '../../ids.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { encodeFields } from '../../seal/v1/context.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import { keysError } from '../errors.ts';
import { checkArgon2Parameters, DEFAULT_ARGON2 } from '../passphrase.ts';
import type { Argon2id, Argon2Parameters } from '../types.ts';
import type { AccountSlot } from './types.ts';

const NONCE_LENGTH = 24;
const SALT_LENGTH = 16;

/** Whose slot it is. */
export interface SlotOwner {
  readonly vaultId: VaultId;
  readonly id: string;
  /** Base64, as the file has it. */
  readonly authority: string;
}

function aad(owner: SlotOwner, { memoryKiB, iterations, parallelism, salt }: AccountSlot['argon2id']): Uint8Array {
  const fields = [owner.vaultId, owner.id, owner.authority, `${memoryKiB}`, `${iterations}`, `${parallelism}`, salt];
  return encodeFields(utf8('vitrine/account-slot/v1'), ...fields.map(utf8));
}

async function keyOf(passphrase: Uint8Array, cost: AccountSlot['argon2id'], argon2id: Argon2id): Promise<Uint8Array> {
  const { salt, ...parameters } = cost;
  checkArgon2Parameters(parameters);
  try {
    return await argon2id(passphrase, fromBase64(salt), parameters, 32);
  } catch (cause) {
    throw keysError('keys/derivation-failed', 'Argon2id failed', { cause });
  }
}

/**
 * @param passphrase from `passphraseBytes`; the caller wipes it and the seed
 * @throws VitrineError `keys/empty-passphrase`, `keys/derivation-failed`
 */
export async function createAccountSlot(
  owner: SlotOwner,
  seed: Uint8Array,
  passphrase: Uint8Array,
  argon2id: Argon2id,
  randomFill: RandomFill,
  parameters: Argon2Parameters = DEFAULT_ARGON2,
): Promise<AccountSlot> {
  if (passphrase.length === 0) throw keysError('keys/empty-passphrase', 'the passphrase is empty');
  const random = new Uint8Array(SALT_LENGTH + NONCE_LENGTH);
  randomFill(random);
  const cost = { ...parameters, salt: toBase64(random.subarray(0, SALT_LENGTH)) };
  const nonce = random.subarray(SALT_LENGTH);
  const key = await keyOf(passphrase, cost, argon2id);
  const sealed = xchacha20poly1305(key, nonce, aad(owner, cost)).encrypt(seed);
  wipe(key);
  return { argon2id: cost, wrapped: toBase64(concatBytes(nonce, sealed)) };
}

/** The account's private key; null when the passphrase isn't this slot's. @throws as `createAccountSlot` */
export async function openAccountSlot(
  owner: SlotOwner,
  slot: AccountSlot,
  passphrase: Uint8Array,
  argon2id: Argon2id,
): Promise<Uint8Array | null> {
  const key = await keyOf(passphrase, slot.argon2id, argon2id);
  try {
    const bytes = fromBase64(slot.wrapped);
    const cipher = xchacha20poly1305(key, bytes.subarray(0, NONCE_LENGTH), aad(owner, slot.argon2id));
    return cipher.decrypt(bytes.subarray(NONCE_LENGTH));
  } catch {
    return null;
  } finally {
    wipe(key);
  }
}
