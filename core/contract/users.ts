import { z } from 'zod';
import { id } from './catalogue.ts';

/** Accounts, access rules and break-glass: what a window may ask about them. No key is in any of it. */

const nothing = z.strictObject({});
const passphrase = z.string().min(1).max(1024);
const job = z.strictObject({ job: z.string() });

export const role = z.enum(['radiologist', 'technologist', 'administrator', 'auditor']);
export type AccountRole = z.infer<typeof role>;

/** Name of an account as it is typed; what a name may look like is the handler's to refuse, with a code. */
const user = z.string().min(1).max(64);
const wish = {
  displayName: z.string().max(200),
  roles: z.array(role).max(8),
  attributes: z.array(z.string().max(64)).max(64),
};

/** Whom the unlock screen offers: nothing of what they may do is in it. */
export const accountChoice = z.strictObject({ user: z.string(), displayName: z.string() });

/** Who is at the workstation; the owner by the vault's own slots is null. */
export const signedIn = z.strictObject({ user: z.string(), displayName: z.string(), roles: z.array(role) });

export const accountRow = z.strictObject({
  user: z.string(),
  displayName: z.string(),
  roles: z.array(role),
  attributes: z.array(z.string()),
  createdAt: z.iso.datetime(),
});
export type AccountRow = z.infer<typeof accountRow>;

export const accountList = z.strictObject({
  accounts: z.array(accountRow),
  /** Grows whenever somebody leaves or loses a role or an attribute; 0: the vault has no accounts yet. */
  epoch: z.int().nonnegative(),
  /** Studies may still be wrapped to keys from this epoch on; equal to `epoch` when all are wrapped anew. */
  oldestEpoch: z.int().nonnegative(),
  /** Rule for imported studies; null: every radiologist opens them. */
  importRule: z.string().nullable(),
});
export type AccountList = z.infer<typeof accountList>;

/** What a change of accounts came to. `job` wraps the studies anew; null when that isn't needed. */
export const accountsChanged = z.strictObject({ list: accountList, job: z.string().nullable() });
export type AccountsChanged = z.infer<typeof accountsChanged>;

/** Who opens a study. */
export const studyAccess = z.strictObject({
  /** Null: its roles open it. */
  rule: z.string().nullable(),
  /** Whether breaking the glass opens it to this account. */
  glass: z.boolean(),
});
export type StudyAccessFacts = z.infer<typeof studyAccess>;

/** One time that somebody went past a rule. */
export const glassEntry = z.strictObject({
  time: z.string(),
  user: z.string(),
  studyId: z.string(),
  reason: z.string(),
});
export type GlassEntry = z.infer<typeof glassEntry>;

const CHANGE_ERRORS = [
  'users/not-permitted',
  'users/no-such-user',
  'users/exists',
  'users/bad-name',
  'users/no-role',
  'users/own-account',
  'users/too-many',
  'users/file-damaged',
  'users/newer-version',
  'policy/bad-rule',
  'keys/weak-passphrase',
  'keys/derivation-failed',
  'vault/disk-full',
] as const;

export const userOperations = {
  'users.list': { request: nothing, response: accountList, errors: ['users/not-permitted', 'users/file-damaged'] },
  /** The first account makes the vault one of several users: its studies are wrapped to the radiologists' role then. */
  'users.add': {
    request: z.strictObject({ user, ...wish, passphrase }),
    response: accountsChanged,
    errors: CHANGE_ERRORS,
  },
  'users.change': { request: z.strictObject({ user, ...wish }), response: accountsChanged, errors: CHANGE_ERRORS },
  'users.remove': { request: z.strictObject({ user }), response: accountsChanged, errors: CHANGE_ERRORS },
  /** A new passphrase for somebody who forgot his. */
  'users.resetPassphrase': {
    request: z.strictObject({ user, passphrase }),
    response: accountList,
    errors: CHANGE_ERRORS,
  },
  /** The passphrase of the account that is signed in. */
  'users.changeOwnPassphrase': {
    request: z.strictObject({ current: passphrase, passphrase }),
    response: nothing,
    errors: ['keys/wrong-passphrase', 'keys/too-soon', 'users/no-accounts', ...CHANGE_ERRORS],
  },
  /** Wraps all studies to the keys of this epoch; goes on where it was stopped. */
  'users.rewrap': { request: nothing, response: job, errors: ['users/not-permitted', 'users/no-accounts'] },
  /** Times that somebody broke the glass, newest first; at most 500. */
  'users.glassLog': {
    request: nothing,
    response: z.strictObject({ entries: z.array(glassEntry) }),
    errors: ['users/not-permitted'],
  },
  /** Reads a rule, and answers it as it will be kept. */
  'policy.check': {
    request: z.strictObject({ rule: z.string().max(2000) }),
    response: z.strictObject({ rule: z.string() }),
    errors: ['policy/bad-rule'],
  },
  'policy.of': {
    request: z.strictObject({ studyId: id }),
    response: studyAccess,
    errors: ['vault/no-such-study', 'vault/object-missing'],
  },
  /** Puts studies under a rule, or with null under their roles again. */
  'policy.set': {
    request: z.strictObject({ studyIds: z.array(id).min(1).max(500), rule: z.string().max(2000).nullable() }),
    response: job,
    errors: ['users/not-permitted', 'users/no-accounts', 'policy/bad-rule', 'vault/no-such-study'],
  },
  /** Rule for studies that are imported from now on; null: none. */
  'policy.setImport': {
    request: z.strictObject({ rule: z.string().max(2000).nullable() }),
    response: accountList,
    errors: ['users/no-accounts', ...CHANGE_ERRORS],
  },
  /** Opens a study past its rule. The audit log has the reason, durably, before the study's key is had. */
  'policy.breakGlass': {
    request: z.strictObject({ studyId: id, reason: z.string().max(500) }),
    response: z.strictObject({ handle: z.string() }),
    errors: [
      'users/not-permitted',
      'policy/no-break-glass',
      'policy/no-reason',
      'vault/no-such-study',
      'vault/disk-full',
    ],
  },
} as const;
