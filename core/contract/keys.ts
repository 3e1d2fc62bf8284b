import { z } from 'zod';
import { id } from './catalogue.ts';
import { keychainStatus } from './session.ts';

/** The ways into the vault, and what is done with its keys: what a window may ask about them. No key is in any of it. */

const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });
const passphrase = z.string().min(1).max(1024);
/** A handle for files that the person chose; main alone knows the paths. */
const source = z.string().max(64);

/**
 * Shows that the person who asks is the owner: the passphrase, or null where this unlock itself showed it (by recovery
 * code, key shares or escrow: whoever came in that way may have lost the passphrase).
 */
const ownerPassphrase = passphrase.nullable();

/** What a person opens a slot with: to unlock, or to prove in a drill that it would. */
export const wayIn = z.discriminatedUnion('with', [
  z.strictObject({ with: z.literal('keychain') }),
  z.strictObject({ with: z.literal('passphrase'), passphrase }),
  /** An account of this workstation. */
  z.strictObject({ with: z.literal('account'), user: z.string().min(1).max(64), passphrase }),
  z.strictObject({ with: z.literal('recovery'), recoveryCode: z.string().max(256) }),
  z.strictObject({ with: z.literal('shares'), shares: z.array(z.string().max(256)).min(1).max(16) }),
  /** `source`: the administrator's secret file, chosen by `keys.chooseFile`; the passphrase is the file's. */
  z.strictObject({ with: z.literal('escrow'), source, passphrase }),
]);

/** What `wayIn` answers where a secret isn't the slot's. */
export const WAY_IN_ERRORS = [
  'keys/wrong-passphrase',
  'users/no-such-user',
  'users/no-accounts',
  'users/file-damaged',
  'users/newer-version',
  'keys/wrong-recovery-code',
  'keys/recovery-code-mistyped',
  'keys/share-mistyped',
  'keys/too-few-shares',
  'keys/mixed-shares',
  'keys/unknown-shares',
  'keys/retired-shares',
  'keys/wrong-shares',
  'keys/not-an-escrow-key',
  'keys/wrong-escrow-key',
  'keys/wrong-escrow-passphrase',
  'keys/too-soon',
  'keys/passphrase-needed',
  'keys/no-such-slot',
  'keys/weak-parameters',
  'keys/excessive-parameters',
  'keys/derivation-failed',
  'keychain/missing',
  'keychain/changed',
  'keychain/locked',
  'keychain/unavailable',
  'keychain/cancelled',
  'keychain/plaintext-backend',
  'import/no-such-source',
] as const;

/** One way into the vault. */
export const slotRow = z.strictObject({
  slotId: id,
  kind: z.enum(['passphrase', 'keychain', 'recovery', 'shares', 'escrow']),
  createdAt: z.iso.datetime(),
  /** The last drill; null: never. */
  testedAt: z.iso.datetime().nullable(),
  /** False for the last way in that a person holds. */
  removable: z.boolean(),
  /** Shares: the set as printed, how many sheets there are, and how many of them open. Else null. */
  set: z.strictObject({ name: z.string(), count: z.int(), threshold: z.int() }).nullable(),
  /** Escrow: whose key it is and how two people compare it. Else null. */
  holder: z.strictObject({ label: z.string(), fingerprint: z.string() }).nullable(),
});
export type SlotRow = z.infer<typeof slotRow>;

/** The ways in, and what is under way. */
export const slotList = z.strictObject({
  slots: z.array(slotRow),
  keychain: keychainStatus,
  /** ISO 8601 of the beginning of a change of the master key that isn't finished, or null. */
  rotatingSince: z.iso.datetime().nullable(),
  /** Studies that are to be sealed anew under new keys. */
  resealPending: z.int().nonnegative(),
  /** Whether this unlock showed the owner already, so that `passphrase` may be null. */
  ownerShown: z.boolean(),
});
export type SlotList = z.infer<typeof slotList>;

const OWNER_ERRORS = [
  'keys/wrong-passphrase',
  'keys/passphrase-needed',
  'keys/too-soon',
  'keys/derivation-failed',
] as const;
const recoveryCode = z.array(z.string().max(8)).max(32);

export const keyOperations = {
  'keys.list': { request: nothing, response: slotList, errors: [] },
  /** Opens a slot and lets the key go again; notes the date. Nothing else changes. */
  'keys.drill': {
    request: wayIn,
    response: z.strictObject({ slotId: id }),
    errors: [...WAY_IN_ERRORS, 'vault/disk-full'],
  },
  'keys.changePassphrase': {
    request: z.strictObject({ passphrase: ownerPassphrase, newPassphrase: passphrase }),
    response: nothing,
    errors: [...OWNER_ERRORS, 'keys/weak-passphrase', 'vault/disk-full'],
  },
  /** A new code in the place of the one before; it is confirmed as at the first run. */
  'keys.renewRecovery': {
    request: z.strictObject({ passphrase: ownerPassphrase }),
    response: z.strictObject({ recoveryCode }),
    errors: [...OWNER_ERRORS, 'vault/disk-full'],
  },
  /**
   * Makes a set of shares and writes its sheets as a PDF where the person says; the set before it is worth nothing then.
   * `saved` is false when the dialog was closed: nothing has changed.
   */
  'keys.makeShares': {
    request: z.strictObject({
      passphrase: ownerPassphrase,
      threshold: z.int().min(2).max(16),
      count: z.int().min(2).max(16),
      language: z.enum(['en', 'de']),
    }),
    response: z.strictObject({ saved: z.boolean() }),
    errors: [...OWNER_ERRORS, 'keys/share-counts', 'vault/disk-full', 'export/not-written'],
  },
  /** Asks for one file. Null means that the dialog was closed. */
  'keys.chooseFile': { request: nothing, response: z.strictObject({ source: source.nullable() }), errors: [] },
  /** Reads an administrator's public file, so that two people can compare it before the vault is escrowed. */
  'keys.chooseEscrow': {
    request: nothing,
    /** Null means that the dialog was closed. */
    response: z.strictObject({
      chosen: z.strictObject({ source, label: z.string(), fingerprint: z.string() }).nullable(),
    }),
    errors: ['keys/not-an-escrow-key'],
  },
  'keys.addEscrow': {
    request: z.strictObject({ passphrase: ownerPassphrase, source }),
    response: nothing,
    errors: [...OWNER_ERRORS, 'keys/not-an-escrow-key', 'import/no-such-source', 'vault/disk-full'],
  },
  'keys.remove': {
    request: z.strictObject({ passphrase: ownerPassphrase, slotId: id }),
    response: nothing,
    errors: [...OWNER_ERRORS, 'keys/no-such-slot', 'keys/last-slot', 'vault/disk-full'],
  },
  /**
   * A new master key. Answers when the header is on disk: from then on the old ways in are dead, and the job moves the rest.
   * The recovery code is null where the vault had none; `retiredSets` are shares to be printed anew.
   */
  'keys.rotate': {
    request: z.strictObject({ passphrase }),
    response: z.strictObject({
      job: z.string(),
      recoveryCode: recoveryCode.nullable(),
      retiredSets: z.array(z.string()),
    }),
    errors: [...OWNER_ERRORS, 'keys/rotation-running', 'vault/disk-full'],
  },
  /** New study keys for all studies: each is sealed anew, one after the other. */
  'keys.reseal': { request: nothing, response: job, errors: [] },
} as const;
