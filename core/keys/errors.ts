import { VitrineError } from '../errors.ts';

/**
 * Why a vault's keys weren't had. The list is closed; the renderer owns the wording. None of them deletes anything.
 *
 * - `keys/wrong-passphrase`: the passphrase slot didn't open: another passphrase, or the slot was damaged (AEAD can't tell).
 * - `keys/empty-passphrase`: there is nothing in it; refused when a slot is made.
 * - `keys/wrong-recovery-code`: well-formed, its check group fits, and it is not this vault's.
 * - `keys/recovery-code-mistyped`: wrong length, a character outside the alphabet, or the check group doesn't fit.
 * - `keys/wrong-keychain-secret`: the keychain holds a secret that isn't this vault's.
 * - `keys/share-mistyped`: a share of wrong length, with a foreign character, or whose check doesn't fit; details: `share`
 *   (its place among those given, from 1) and `group` (from 1; 0 when it isn't known which).
 * - `keys/too-few-shares`: details: `have`, `need`.
 * - `keys/mixed-shares`: shares of more than one set, or two that claim the same place.
 * - `keys/unknown-shares`: the shares fit each other, and this vault has no such set.
 * - `keys/retired-shares`: the shares belong to a set that was replaced or removed; details: `retiredAt`.
 * - `keys/wrong-shares`: the set is this vault's and its secret doesn't open the slot: a share was altered.
 * - `keys/share-counts`: a set needs at least two of at most sixteen shares.
 * - `keys/not-an-escrow-key`: a file that is no escrow key of the kind that was asked for, or a key that no point fits.
 * - `keys/wrong-escrow-key`: a whole escrow key, and no slot of this vault was made for it.
 * - `keys/wrong-escrow-passphrase`: the escrow key's file didn't open: another passphrase, or the file was damaged.
 * - `keys/rotation-running`: the master key is being changed; the change must end before the next one.
 * - `keys/no-such-slot`: the header has no slot of the kind that was asked for.
 * - `keys/last-slot`: removing this slot would leave no way to the master key that a person holds.
 * - `keys/weak-parameters`: Argon2id below the floor; refused when a slot is made and when one is read.
 * - `keys/excessive-parameters`: Argon2id so dear that it can only be a trap; refused before a byte is allocated.
 * - `keys/header-damaged`: `vault.json` isn't a vault header, or one of its fields isn't what it must be.
 * - `keys/newer-version`: a header of a version that this Vitrine doesn't know; details: `version`.
 * - `keys/bad-argument`: a key or secret of the wrong length: a programming error.
 * - `keys/derivation-failed`: Argon2id itself failed, for instance for want of memory; cause kept.
 */
export type KeysCode =
  | 'keys/wrong-passphrase'
  | 'keys/empty-passphrase'
  | 'keys/wrong-recovery-code'
  | 'keys/recovery-code-mistyped'
  | 'keys/wrong-keychain-secret'
  | 'keys/share-mistyped'
  | 'keys/too-few-shares'
  | 'keys/mixed-shares'
  | 'keys/unknown-shares'
  | 'keys/retired-shares'
  | 'keys/wrong-shares'
  | 'keys/share-counts'
  | 'keys/not-an-escrow-key'
  | 'keys/wrong-escrow-key'
  | 'keys/wrong-escrow-passphrase'
  | 'keys/rotation-running'
  | 'keys/no-such-slot'
  | 'keys/last-slot'
  | 'keys/weak-parameters'
  | 'keys/excessive-parameters'
  | 'keys/header-damaged'
  | 'keys/newer-version'
  | 'keys/bad-argument'
  | 'keys/derivation-failed';

/**
 * Why the OS keychain gave no answer. The secret may well be there: the passphrase is offered and nothing is removed.
 *
 * - `keychain/locked`: it is there and locked, and nobody unlocked it.
 * - `keychain/cancelled`: the user dismissed the keychain's own dialog.
 * - `keychain/unavailable`: no keychain service, no answer in time, or the native module didn't load; cause kept.
 * - `keychain/plaintext-backend`: the only store on offer keeps secrets under a well-known password; refused.
 */
export type KeychainCode =
  | 'keychain/locked'
  | 'keychain/cancelled'
  | 'keychain/unavailable'
  | 'keychain/plaintext-backend';

/** Makes an error of this stage. */
export function keysError(
  code: KeysCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<KeysCode> {
  return new VitrineError(code, message, options);
}
