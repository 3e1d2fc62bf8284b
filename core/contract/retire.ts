import { z } from 'zod';
import { id } from './catalogue.ts';
import { holds, retentionRules } from './retention.ts';
import { shredReason } from './shred.ts';

/** Shredding and retention: what a window may ask. */

const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });
const studyIds = z.array(id).min(1).max(100_000);

/** A certificate's line in the list. */
const certificateRow = z.strictObject({
  studyId: id,
  startedAt: z.iso.datetime(),
  /** Null while it is under way. */
  finishedAt: z.iso.datetime().nullable(),
  user: z.string(),
  objects: z.int().nonnegative(),
  reason: shredReason,
  isSigned: z.boolean(),
});

export const retireOperations = {
  /** The person was asked before. Each study is gone for good as soon as its key is. */
  'shred.start': { request: z.strictObject({ studyIds }), response: job, errors: [] },
  'shred.certificates': {
    request: nothing,
    /** Newest first. */
    response: z.strictObject({ certificates: z.array(certificateRow) }),
    errors: [],
  },
  /** Writes every certificate into one file where the person says. `saved` is false when the dialog was closed. */
  'shred.export': {
    request: nothing,
    response: z.strictObject({ saved: z.boolean() }),
    errors: ['export/not-written', 'vault/disk-full'],
  },
  'retention.get': {
    request: nothing,
    response: z.strictObject({ rules: retentionRules, holds }),
    errors: [],
  },
  'retention.set': { request: retentionRules, response: retentionRules, errors: ['vault/disk-full'] },
  /** Shreds those of the named studies that the rules still say are due. */
  'retention.run': { request: z.strictObject({ studyIds }), response: job, errors: [] },
  'retention.hold': {
    request: z.strictObject({ studyId: id, held: z.boolean() }),
    response: z.strictObject({ holds }),
    errors: ['vault/no-such-study', 'vault/disk-full'],
  },
} as const;
