import { VitrineError } from '../../errors.ts';

/**
 * Why an account, a role or a rule doesn't let somebody do what he asked for. The list is closed; the renderer owns the
 * wording.
 *
 * - `users/not-permitted`: none of the account's roles may do this; details: `needs` (role names, joined by a comma).
 * - `users/not-a-recipient`: the study's key is wrapped for others than this account's roles.
 * - `users/no-such-user`: no account of that name; details: `user`.
 * - `users/exists`: there is an account of that name.
 * - `users/bad-name`: a name or display name that no account may have.
 * - `users/no-role`: an account needs at least one role.
 * - `users/own-account`: an administrator removes neither himself nor his own administrator role.
 * - `users/no-accounts`: the vault has no accounts.
 * - `users/too-many`: more accounts or attributes than the file takes.
 * - `users/file-damaged`: `users.json` was altered, is of another vault, or can't be read: the vault's own passphrase opens
 *   the vault all the same.
 * - `users/newer-version`: `users.json` of a version that this Vitrine doesn't know; details: `version`.
 * - `policy/not-met`: the account's attributes don't satisfy the study's rule; details: `rule`, which isn't secret.
 * - `policy/no-rules`: no rules were set up in this vault.
 * - `policy/bad-rule`: a rule that can't be read; details: `at` (place of the first wrong character, from 0), `expected`.
 * - `policy/no-break-glass`: the study has no break-glass way, or it is open to the account as it is.
 * - `policy/no-reason`: breaking the glass needs a reason of at least ten characters.
 */
export type UsersCode =
  | 'users/not-permitted'
  | 'users/not-a-recipient'
  | 'users/no-such-user'
  | 'users/exists'
  | 'users/bad-name'
  | 'users/no-role'
  | 'users/own-account'
  | 'users/no-accounts'
  | 'users/too-many'
  | 'users/file-damaged'
  | 'users/newer-version'
  | 'policy/not-met'
  | 'policy/no-rules'
  | 'policy/bad-rule'
  | 'policy/no-break-glass'
  | 'policy/no-reason';

/** Makes an error of accounts, roles and rules. */
export function usersError(
  code: UsersCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<UsersCode> {
  return new VitrineError(code, message, options);
}
