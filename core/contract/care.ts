import { z } from 'zod';
import { id } from './catalogue.ts';

/** Backup, verification, scrub, repair and roll-back as the window shows them. Folders are named, their paths stay in main. */

const time = z.string().max(40);
const count = z.number().int().nonnegative();
const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });
/** A folder that the person chose; null: the one of the last backup. */
const source = z.string().max(64).nullable();

/** Something that is wrong with a sealed object, a study (`objectId` null) or the vault (`studyId` empty). */
export const careProblem = z.strictObject({
  kind: z.enum(['missing', 'altered', 'unknown-object', 'half-study', 'manifest', 'catalogue']),
  studyId: id.or(z.literal('')),
  objectId: id.nullable(),
});
export type CareProblem = z.infer<typeof careProblem>;

/** The vault is older than what is remembered of it. */
export const olderCopy = z.strictObject({
  /** Where the newer state is remembered. */
  by: z.enum(['vault', 'computer', 'keychain']),
  rememberedAt: time,
  /** How many of each are missing; negative numbers don't occur. */
  studies: count,
  images: count,
  notes: count,
  /** When the newest import that is still there was made; null: none is. */
  lastImport: time.nullable(),
  /** The copy came from a backup that was made then; null: it wasn't restored by Vitrine. */
  restoredFrom: time.nullable(),
});
export type OlderCopyState = z.infer<typeof olderCopy>;

export const careStatus = z.strictObject({
  studies: count,
  images: count,
  older: olderCopy.nullable(),
  backup: z
    .strictObject({
      at: time,
      /** What the person called the place; not where it is. */
      place: z.string().max(255),
      /** The place is there now: its disk is connected. */
      isThere: z.boolean(),
      studies: count,
      bytes: count,
      copied: count,
      problems: count,
    })
    .nullable(),
  /** Changes of the vault that the last backup doesn't hold; null: there is no backup. */
  changesSince: count.nullable(),
  /** No backup for longer than the settings say, and something to lose. */
  backupDue: z.boolean(),
  verify: z.strictObject({ at: time, full: z.boolean(), objects: count, problems: count }).nullable(),
  drill: z.strictObject({ at: time, ok: z.boolean(), objects: count }).nullable(),
  scrub: z.strictObject({
    lastPass: time.nullable(),
    since: time.nullable(),
    done: count,
    total: count,
    damaged: z.array(careProblem).max(1000),
  }),
});
export type CareStatus = z.infer<typeof careStatus>;

/** What a finished job of care found, one by one. */
export const careResult = z.strictObject({
  /** A drill and a check of the backup: names of files that are damaged there. */
  damaged: z.array(z.string().max(512)).max(1000),
  problems: z.array(careProblem.extend({ state: z.enum(['found', 'kept', 'repaired', 'lost']) })).max(1000),
});
export type CareResult = z.infer<typeof careResult>;

const TARGET = [
  'backup/no-target',
  'import/no-such-source',
  'backup/not-a-backup',
  'backup/other-vault',
  'backup/newer-version',
] as const;

/** The kinds of the jobs that these operations start. */
export const CARE_JOBS = [
  'vault.verify',
  'care.backup',
  'care.check',
  'care.drill',
  'care.scrub',
  'care.repair',
] as const;

export const careOperations = {
  'care.status': { request: nothing, response: careStatus, errors: [] },
  'care.verify': { request: z.strictObject({ full: z.boolean() }), response: job, errors: [] },
  /** Null means the person closed the dialog. */
  'care.chooseFolder': {
    request: nothing,
    response: z.strictObject({ source, place: z.string().max(255) }),
    errors: [],
  },
  /** @param check reads back what was written */
  'care.backup': {
    request: z.strictObject({ source, check: z.boolean() }),
    response: job,
    errors: [...TARGET, 'vault/rolled-back'],
  },
  'care.drill': { request: z.strictObject({ source }), response: job, errors: [...TARGET] },
  'care.check': { request: z.strictObject({ source }), response: job, errors: [...TARGET] },
  'care.scrub': { request: nothing, response: job, errors: [] },
  /** From a backup, or from files and folders that hold the originals. */
  'care.repair': {
    request: z.strictObject({ from: z.enum(['backup', 'files']), source }),
    response: job,
    errors: [...TARGET],
  },
  /** Makes the catalogue anew from the sealed objects: the vault closes and opens again. */
  'care.rebuild': { request: nothing, response: nothing, errors: [] },
  /** This copy is the vault from now on. */
  'care.acceptCopy': { request: nothing, response: nothing, errors: [] },
  /** Null: the job isn't done, failed, or was forgotten. */
  'care.result': { request: job, response: z.strictObject({ result: careResult.nullable() }), errors: [] },
} as const;
