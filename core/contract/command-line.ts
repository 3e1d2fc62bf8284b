import { z } from 'zod';
import { id, studyDetails, studyRow } from './catalogue.ts';

/**
 * Documents that `vitrine … --json` prints, version 1 (import and pixels: import.ts). A field is
 * never renamed or removed within a version; readers ignore fields that they don't know.
 */

/** `vitrine create --json`. The recovery code is in it, in groups as printed: the only time that it is shown. */
export const createReport = z.strictObject({
  vaultId: id,
  name: z.string(),
  recoveryCode: z.array(z.string()),
  keychain: z.string(),
});
export type CreateReport = z.infer<typeof createReport>;

/** `vitrine list --json`. */
export const listReport = z.strictObject({
  /** Studies in the vault, whatever the search. */
  all: z.int().nonnegative(),
  studies: z.array(studyRow),
});
export type ListReport = z.infer<typeof listReport>;

/** `vitrine show --json`: the study, and the rule that it stands under; null: its roles open it. */
export const showReport = z.strictObject({ ...studyDetails.shape, rule: z.string().nullable() });
export type ShowReport = z.infer<typeof showReport>;

/**
 * `vitrine export --json`. `studies`: what lies in the clear on the disk now. `refused`: an object of a study that was
 * written without it, or with both ids null a whole study.
 */
export const exportReport = z.strictObject({
  studies: z.array(z.strictObject({ studyId: id, folder: z.string(), files: z.int(), bytes: z.int() })),
  refused: z.array(
    z.strictObject({
      studyId: id,
      objectId: id.nullable(),
      sopInstanceUid: z.string().nullable(),
      code: z.string(),
      reason: z.string(),
    }),
  ),
});
export type ExportReport = z.infer<typeof exportReport>;

const careProblems = z.array(
  z.strictObject({
    kind: z.enum(['missing', 'altered', 'unknown-object', 'half-study', 'manifest', 'catalogue']),
    studyId: z.string(),
    objectId: z.string().nullable(),
  }),
);
const count = z.int().nonnegative();

/** `vitrine backup --json`. A problem whose `kept` is true: the backup has a sound copy of an earlier run. */
export const backupReport = z.strictObject({
  number: count,
  at: z.string(),
  studies: count,
  files: count,
  bytes: count,
  copied: count,
  copiedBytes: count,
  unchecked: count,
  shredded: count,
  problems: z.array(careProblems.element.extend({ kept: z.boolean() })),
  /** With --check: files that differ from what was written. */
  damaged: z.array(z.string()),
});

/** `vitrine backup check --json`. */
export const backupCheckReport = z.strictObject({
  number: count,
  at: z.string(),
  files: count,
  bytes: count,
  damaged: z.array(z.string()),
});

/** `vitrine backup drill --json`. */
export const drillReport = z.strictObject({
  number: count,
  at: z.string(),
  objects: count,
  bytes: count,
  catalogueOpened: z.boolean(),
  sameHeader: z.boolean(),
  problems: careProblems,
  damaged: z.array(z.string()),
});

/** `vitrine restore --json`. */
export const restoreReport = z.strictObject({
  number: count,
  at: z.string(),
  studies: count,
  files: count,
  bytes: count,
  damaged: z.array(z.string()),
});

/** `vitrine scrub --json`. */
export const scrubReport = z.strictObject({
  finished: z.boolean(),
  objects: count,
  bytes: count,
  problems: careProblems,
});

/** `vitrine repair --json`. */
export const repairReport = z.strictObject({ found: careProblems, repaired: careProblems, lost: careProblems });

/** `vitrine state --json`. `older`: what is missing of the state that is remembered; null: nothing. */
export const stateReport = z.strictObject({
  counter: count,
  root: z.string(),
  studies: count,
  images: count,
  notes: count,
  older: z
    .strictObject({ by: z.string(), rememberedAt: z.string(), studies: count, images: count, notes: count })
    .nullable(),
});
export type StateReport = z.infer<typeof stateReport>;

/** `vitrine verify --json`. */
export const verifyReport = z.strictObject({
  objects: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  problems: careProblems,
});

/** Printed by every command with `--json` that ends with exit code 2. */
export const failureReport = z.strictObject({
  error: z.strictObject({ code: z.string(), reason: z.string() }),
});
