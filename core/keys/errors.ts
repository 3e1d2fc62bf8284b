import { VitrineError } from '../errors.ts';

/**
 * Why a vault's keys weren't had. The list is closed; the renderer owns the wording. None of them deletes anything.
 *
 * - `keys/wrong-passphrase`: the passphrase slot didn't open: another passphrase, or the slot was damaged (AEAD can't tell).
 * - `keys/empty-passphrase`: there is nothing in it; refused when a slot is made.
 * - `keys/wrong-recovery-code`: well-formed, its check group fits, and it is not this vault's.
 * - `keys/recovery-code-mistyped`: wrong length, a character outside the alphabet, or the check group doesn't fit.
 * - `keys/wrong-keychain-secret`: the keychain holds a secret that isn't this vault's.
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
