import { z } from 'zod';
import { accountChoice, signedIn } from './users.ts';

/** What the OS keychain says about this vault's entry. `changed` means an entry is there that doesn't open the slot. */
export const keychainStatus = z.enum(['ok', 'not-used', 'missing', 'locked', 'changed', 'unavailable', 'plaintext']);
export type KeychainStatus = z.infer<typeof keychainStatus>;

/**
 * What the last unlock found and set right; the person must hear of it. `header-edited`: the vault header was changed
 * from outside. `catalogue-rebuilt`: the study list was made anew from the sealed objects. `import-undone`: an import that
 * a crash had cut short was taken back. `objects-unreadable`: sealed objects that could not be opened; they are kept.
 * `rolled-back`: the vault is an older copy of itself and takes no changes. `header-older`, `accounts-older`, `log-older`: its
 * header, its accounts, its audit log are. `restored`, `restored-unsigned`: it came from a backup, which this vault's key signed or did not.
 * `damage-found`: the scrub found objects that don't open. `backup-due`: there was no backup for too long.
 */
export const vaultNotice = z.enum([
  'rolled-back',
  'header-edited',
  'header-older',
  'accounts-older',
  'log-older',
  'restored',
  'restored-unsigned',
  'catalogue-rebuilt',
  'import-undone',
  'objects-unreadable',
  'damage-found',
  'backup-due',
]);
export type VaultNotice = z.infer<typeof vaultNotice>;

export const sessionState = z.strictObject({
  state: z.enum(['no-vault', 'locked', 'unlocked']),
  /** Null means no vault. */
  vaultName: z.string().nullable(),
  keychain: keychainStatus,
  /** True until the person has typed back a part of the recovery code: the app then shows a new code first. */
  recoveryPending: z.boolean(),
  /** ISO 8601 of the lock that the person, idleness or the system asked for, a restart ago even; null: no such lock. */
  lockedAt: z.string().nullable(),
  /** Milliseconds until the next passphrase is accepted; 0 means now. */
  retryAfterMs: z.int().nonnegative(),
  /** Import jobs that the lock paused or that run now. */
  jobs: z.int().nonnegative(),
  /** Code of the problem that keeps the vault from opening at all, or null. */
  problem: z.string().nullable(),
  /** Empty while locked. */
  notices: z.array(vaultNotice),
  /** Whom the unlock screen offers beside the vault's own passphrase; empty in a vault without accounts. */
  accounts: z.array(accountChoice),
  /** Who is signed in; null while locked, and for the owner, who came in by the vault's own slots. */
  user: signedIn.nullable(),
});
export type SessionState = z.infer<typeof sessionState>;

export const settings = z.strictObject({
  /** Minutes without input until the vault locks itself; 0 is not offered. */
  autoLockMinutes: z.int().min(1).max(240),
  theme: z.enum(['dark', 'high-contrast']),
  /** `system` follows the operating system's language, English where that is neither. */
  language: z.enum(['system', 'en', 'de']),
  overlays: z.enum(['full', 'minimal', 'off']),
  keyProfile: z.enum(['vitrine', 'weasis', 'ohif']),
  /** Days without a backup after which the window says so. */
  backupDays: z.int().min(1).max(365),
  /** Sealed objects are read through while nobody works, so that damage is found before it is needed. */
  scrub: z.boolean(),
  /** Days between the end of one such pass and the begin of the next. */
  scrubDays: z.int().min(1).max(365),
  /** Command id → key chord; what the person changed only. */
  keys: z.record(z.string(), z.string()),
});
export type Settings = z.infer<typeof settings>;

export const appInfo = z.strictObject({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  node: z.string(),
  platform: z.string(),
  /** Engine that seals: native, platform, noble. */
  sealEngine: z.string(),
  /** Free bytes on the vault's volume, or null when it can't be told. */
  freeBytes: z.number().nullable(),
});
export type AppInfo = z.infer<typeof appInfo>;
