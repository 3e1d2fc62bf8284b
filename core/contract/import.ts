import { z } from 'zod';

/** Import reports. The window's version names files as the person sees them; the command line's version has paths. */

const counts = z.strictObject({
  imported: z.int().nonnegative(),
  known: z.int().nonnegative(),
  conflicts: z.int().nonnegative(),
  refused: z.int().nonnegative(),
});

export const importProgress = z.strictObject({
  job: z.string(),
  phase: z.enum(['counting', 'reading', 'committing']),
  filesDone: z.int().nonnegative(),
  /** Null while still counting. */
  filesTotal: z.int().nonnegative().nullable(),
  bytesDone: z.int().nonnegative(),
  bytesTotal: z.int().nonnegative().nullable(),
  /** Bytes a second over the last seconds. */
  rate: z.number().nonnegative(),
  /** Null for the first three seconds and while unknown. */
  secondsLeft: z.number().nonnegative().nullable(),
  counts,
});
export type ImportProgress = z.infer<typeof importProgress>;

/** Files that something is to be said of. Their names can name a patient: the window asks the vault process for them. */
export const importNames = z.strictObject({
  refused: z.array(z.strictObject({ name: z.string(), code: z.string() })),
  conflicts: z.array(z.strictObject({ name: z.string() })),
  warnings: z.array(z.strictObject({ name: z.string(), code: z.string() })),
});
export type ImportNames = z.infer<typeof importNames>;

export const importOutcome = z.strictObject({
  job: z.string(),
  /** `failed` carries the code that ended it; nothing of a cancelled or failed import stays. */
  outcome: z.enum(['done', 'cancelled', 'failed']),
  code: z.string().nullable(),
  counts,
  bytes: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  studyIds: z.array(z.string()),
  ...importNames.shape,
});
export type ImportOutcome = z.infer<typeof importOutcome>;

/** How an import ended, as main knows and tells it. */
export const importEnd = importOutcome.omit({ refused: true, conflicts: true, warnings: true });
export type ImportEnd = z.infer<typeof importEnd>;

/** `vitrine import --json`, version 1. `path` is the file as given, or `archive.zip!entry`. */
export const importReport = z.strictObject({
  imported: z.array(z.strictObject({ path: z.string(), sopInstanceUid: z.string() })),
  known: z.array(z.strictObject({ path: z.string(), sopInstanceUid: z.string() })),
  conflicts: z.array(z.strictObject({ path: z.string(), sopInstanceUid: z.string() })),
  refused: z.array(z.strictObject({ path: z.string(), code: z.string(), reason: z.string() })),
  warnings: z.array(z.strictObject({ path: z.string(), code: z.string(), reason: z.string() })),
});
export type ImportReport = z.infer<typeof importReport>;

/** `vitrine pixels --json`, version 1. `sha256` is over the stored values of all frames, little endian, before rescale. */
export const pixelsReport = z.strictObject({
  images: z.array(
    z.strictObject({
      file: z.string(),
      sopInstanceUid: z.string(),
      rows: z.int(),
      columns: z.int(),
      frames: z.int(),
      samples: z.int(),
      type: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  refused: z.array(z.strictObject({ file: z.string(), code: z.string(), reason: z.string() })),
});
export type PixelsReport = z.infer<typeof pixelsReport>;
