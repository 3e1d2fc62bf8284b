/**
 * What the vault itself keeps of its accounts, sealed under a key of the master key: the authority's signing key, the roles'
 * private keys of all epochs that a study may still be wrapped to, the secret of FAME. Names: `authority`, `policy`,
 * `role/<role>/<epoch>`, `sender/<epoch>`.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, equalBytes, utf8, wipe } from '../../bytes.ts';
import type { VaultId } from '../../ids.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { encodeFields } from '../../seal/v1/context.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import { createHybridSeed, hybridPublicKey } from '../hybrid.ts';
import type { ReadingRole } from '../study-record.ts';
import type { MasterKey } from '../types.ts';
import { deriveUsersKey } from './derive.ts';
import { usersError } from './errors.ts';
import { parseRing, type Ring, ringBytes, wipeRing } from './ring.ts';
import type { UsersFile } from './types.ts';
import { isSigned } from './users-file.ts';

const NONCE_LENGTH = 24;
/** Roles that have key pairs: those that open studies. */
const READING_ROLES: readonly ReadingRole[] = ['radiologist', 'break-glass'];

function aad(vaultId: VaultId): Uint8Array {
  return encodeFields(utf8('vitrine/users-keyring/v1'), utf8(vaultId));
}

/** The keyring under the master key, as the file has it. */
export function sealKeyring(keyring: Ring, vaultId: VaultId, master: MasterKey, randomFill: RandomFill): string {
  const nonce = new Uint8Array(NONCE_LENGTH);
  randomFill(nonce);
  const key = deriveUsersKey(master);
  const bytes = ringBytes(keyring);
  const sealed = xchacha20poly1305(key, nonce, aad(vaultId)).encrypt(bytes);
  wipe(key, bytes);
  return toBase64(concatBytes(nonce, sealed));
}

/**
 * Opens the keyring and holds the file to it: its authority must be the keyring's, and have signed. The caller wipes it.
 * @throws VitrineError `users/file-damaged`
 */
export function openKeyring(file: UsersFile, master: MasterKey): Ring {
  const key = deriveUsersKey(master);
  try {
    const bytes = fromBase64(file.keyring);
    const cipher = xchacha20poly1305(key, bytes.subarray(0, NONCE_LENGTH), aad(file.vaultId));
    const keyring = parseRing(cipher.decrypt(bytes.subarray(NONCE_LENGTH)));
    const authority = keyring?.get('authority');
    if (!keyring || !authority) throw new RangeError('no keyring');
    if (!equalBytes(ed25519.getPublicKey(authority), fromBase64(file.authority)) || !isSigned(file))
      throw new RangeError('not signed by the vault');
    return keyring;
  } catch (cause) {
    throw usersError('users/file-damaged', 'the accounts’ file was not written by this vault', { cause });
  } finally {
    wipe(key);
  }
}

/** Whether this master key is the one that the file hangs on. */
export function isKeyringOf(file: UsersFile, master: MasterKey): boolean {
  try {
    wipeRing(openKeyring(file, master));
    return true;
  } catch {
    return false;
  }
}

/** A key of a ring that must be there. @throws VitrineError `users/file-damaged` */
export function keyIn(ring: Ring, name: string): Uint8Array {
  const key = ring.get(name);
  if (!key) throw usersError('users/file-damaged', 'a key of the ring is missing');
  return key;
}

/** Key pairs of a new epoch: the keyring with them, and the public keys as the file has them. */
export function withEpoch(
  keyring: Ring,
  epoch: number,
  randomFill: RandomFill,
): { keyring: Ring; recipients: UsersFile['recipients'] } {
  const sender = createHybridSeed(randomFill);
  const seeds = READING_ROLES.map((role) => ({ role, seed: createHybridSeed(randomFill) }));
  const added = seeds.map(({ role, seed }) => [`role/${role}/${epoch}`, seed] as const);
  return {
    keyring: new Map([...keyring, ...added, [`sender/${epoch}`, sender] as const]),
    recipients: seeds.map(({ role, seed }) => ({ role, publicKey: toBase64(hybridPublicKey(seed)) })),
  };
}

/** The keyring without the keys of epochs before `oldest`. */
export function withoutEpochs(keyring: Ring, oldest: number): Ring {
  return new Map(
    [...keyring].filter(([name]) => {
      const epoch = /^(?:role\/[a-z-]+|sender)\/(\d+)$/.exec(name)?.[1];
      return epoch === undefined || Number(epoch) >= oldest;
    }),
  );
}
