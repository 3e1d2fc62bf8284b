import { z } from 'zod';

/** A backup becomes this workstation's vault, where there is none yet: asked by the start screen, before anybody holds a key. */

/** What a backup holds, as its newest snapshot says. The folder itself stays in main. */
export const backupContents = z.strictObject({
  /** Handle of the folder that was chosen. */
  source: z.string().max(64),
  /** What the person called the folder; not where it is. */
  place: z.string().max(255),
  /** When the snapshot was taken, ISO 8601. */
  at: z.string().max(40),
  studies: z.int().nonnegative(),
  bytes: z.number().nonnegative(),
});
export type BackupContents = z.infer<typeof backupContents>;

export const restoreOperations = {
  /** Asks for a backup's folder and looks into it; null: the dialog was closed. */
  'restore.choose': {
    request: z.strictObject({}),
    response: z.strictObject({ backup: backupContents.nullable() }),
    errors: ['backup/not-a-backup', 'backup/newer-version', 'vault/io'],
  },
  /** Starts the job `care.restore`. When it has ended well there is a vault, locked: any of its slots opens it. */
  'restore.start': {
    request: z.strictObject({ source: z.string().max(64) }),
    response: z.strictObject({ job: z.string() }),
    errors: ['vault/exists', 'import/no-such-source'],
  },
} as const;
