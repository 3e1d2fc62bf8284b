import type { ErrorWords, UsersFaultCode } from '../codes.ts';

const INTACT = 'Nothing was changed or lost.';
const SEALED = 'The study is sealed and untouched.';

/** English words for why an account, a role or a rule doesn't let somebody. */
export const usersFaults: Pick<ErrorWords['faults'], UsersFaultCode> = {
  'users/not-permitted': [
    'None of your account’s roles may do this.',
    INTACT,
    'Ask an administrator for the role, or let somebody do it who has it.',
  ],
  'users/not-a-recipient': [
    'This study is sealed for others than your account’s roles.',
    SEALED,
    'An administrator can wrap the studies for today’s accounts (Vault, Users).',
  ],
  'users/no-such-user': ['There is no account of this name.', INTACT, 'Choose another account.'],
  'users/exists': ['There is an account of this name already.', INTACT, 'Choose another name.'],
  'users/bad-name': [
    'This cannot be the name of an account.',
    INTACT,
    'Use up to 32 small letters, digits, dots and hyphens, and a display name of up to 80 characters.',
  ],
  'users/no-role': ['An account needs at least one role.', INTACT, 'Choose a role.'],
  'users/own-account': [
    'You cannot remove your own account or your own administrator role.',
    INTACT,
    'Let another administrator or the owner do it.',
  ],
  'users/no-accounts': ['This vault has no accounts.', INTACT, 'Add an account first (Vault, Users).'],
  'users/too-many': [
    'These are more accounts or attributes than a vault takes.',
    INTACT,
    'A vault takes 200 accounts with 16 attributes each.',
  ],
  'users/file-damaged': [
    'The file of the accounts is damaged, or older than the vault’s keys.',
    'Studies are sealed and untouched; the owner’s passphrase opens the vault.',
    'Restore users.json from a backup, or let the owner add the accounts again.',
  ],
  'users/newer-version': [
    'The accounts were written by a newer Vitrine.',
    'Studies are sealed and untouched; the owner’s passphrase opens the vault.',
    'Update Vitrine on this computer.',
  ],
  'policy/not-met': [
    'This study is under a rule that your account does not satisfy: {{rule}}.',
    SEALED,
    'Ask an administrator for the attributes, or break the glass with a reason.',
  ],
  'policy/no-rules': ['This vault has no accounts, so no rule can be satisfied.', INTACT, 'Add accounts first.'],
  'policy/bad-rule': [
    'The rule cannot be read.',
    INTACT,
    'Write it like this: (radiologist AND cardiology) OR attending.',
  ],
  'policy/no-break-glass': [
    'This study has no break-glass way for your account.',
    SEALED,
    'Ask an administrator, who opens every study.',
  ],
  'policy/no-reason': [
    'A reason needs ten characters at least, and 300 at most.',
    SEALED,
    'Say in a sentence why you must open the study now.',
  ],
};
