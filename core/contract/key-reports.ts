import { z } from 'zod';
import { id } from './catalogue.ts';
import { slotRow } from './keys.ts';
import { holds, retentionRules } from './retention.ts';
import { keychainStatus } from './session.ts';
import { certificateVerdict } from './shred.ts';

/** Documents that `vitrine keys|rotate|shred|retention … --json` print, version 1 (see command-line.ts). */

const kind = slotRow.shape.kind;

/** `vitrine keys list`. */
export const keysReport = z.strictObject({
  vaultId: id,
  slots: z.array(slotRow),
  keychain: keychainStatus,
  rotatingSince: z.iso.datetime().nullable(),
  resealPending: z.int().nonnegative(),
});
export type KeysReport = z.infer<typeof keysReport>;

/** `vitrine keys drill`. */
export const keyDrillReport = z.strictObject({ slotId: id, kind });

/** `vitrine keys passphrase|add-escrow|remove|keychain`: what the vault opens by now. */
export const keyChangeReport = z.strictObject({ slots: z.array(slotRow) });

/** `vitrine keys recovery`. The code is in it, in groups as printed: the only time that it is shown. */
export const keyRecoveryReport = z.strictObject({ recoveryCode: z.array(z.string()) });

/** `vitrine keys shares`. The shares themselves are in the file only. */
export const keySharesReport = z.strictObject({
  setId: z.string(),
  threshold: z.int(),
  count: z.int(),
  file: z.string(),
});

/** `vitrine keys escrow-keygen`. */
export const escrowKeysReport = z.strictObject({
  label: z.string(),
  fingerprint: z.string(),
  publicFile: z.string(),
  secretFile: z.string(),
});

/** `vitrine keys recover|escrow-recover`: by which way the vault opened, and whether a new passphrase was set. */
export const keyRecoverReport = z.strictObject({ opened: kind, passphraseSet: z.boolean() });

/** `vitrine rotate` and `vitrine rotate resume`. Null: the vault had no recovery code, or it was shown before. */
export const rotateReport = z.strictObject({
  recoveryCode: z.array(z.string()).nullable(),
  /** Share sets whose sheets are worth nothing from now on. */
  retiredSets: z.array(z.string()),
  studies: z.int().nonnegative(),
});
export type RotateReport = z.infer<typeof rotateReport>;

/** `vitrine rotate studies`. */
export const resealReport = z.strictObject({
  studies: z.int().nonnegative(),
  objects: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
});

/** `vitrine shred studies`: what was shredded, and where the certificates lie. */
export const shredReport = z.strictObject({
  studies: z.array(z.strictObject({ studyId: id, objects: z.int().nonnegative(), certificate: z.string() })),
});

/** `vitrine shred verify`. */
export const certificateReport = z.strictObject({
  certificates: z.array(
    z.strictObject({ studyId: id.nullable(), verdict: certificateVerdict, key: z.string().nullable() }),
  ),
});
export type CertificateReport = z.infer<typeof certificateReport>;

/** `vitrine retention rules|hold`. */
export const retentionReport = z.strictObject({ rules: retentionRules, holds });
export type RetentionReport = z.infer<typeof retentionReport>;
