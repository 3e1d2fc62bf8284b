import { z } from 'zod';
import { id } from './catalogue.ts';

/**
 * Long work that the window started and may leave: it goes on when the page is reloaded, says how far it is, and can be
 * cancelled. What a job made is asked for by the operation that its kind belongs to.
 */

/** Every kind of long work. Its name on the screen is the text `job.<kind>`. */
export const jobKind = z.enum([
  'private.forecast',
  'vault.verify',
  'care.backup',
  'care.check',
  'care.drill',
  'care.restore',
  'care.scrub',
  'care.repair',
  'vault.shred',
  'keys.rotate',
  'keys.reseal',
  'lab.run',
  'lab.attack',
  'lab.compare',
  'model.run',
  'model.series',
  'model.file',
  'model.attack',
  'audit.verify',
  'users.rewrap',
  'users.rule',
]);
export type JobKind = z.infer<typeof jobKind>;

/** Facts of a finished job for its line on the screen: counts and codes, nothing of a patient. */
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type JobFacts = z.infer<typeof facts>;

const base = {
  job: z.string().max(64),
  kind: jobKind,
  /** The study that it is about; null when it is about the vault or a sample. */
  studyId: id.nullable(),
};

export const jobProgress = z.strictObject({
  ...base,
  state: z.enum(['queued', 'running', 'cancelling']),
  /** How much is done, in `unit`. */
  done: z.number().nonnegative(),
  /** Null while it isn't known. */
  total: z.number().nonnegative().nullable(),
  unit: z.enum(['items', 'bytes', 'steps']),
  /** Units a second over the last seconds; 0 while unknown. */
  rate: z.number().nonnegative(),
  /** Null for the first three seconds and while unknown. */
  secondsLeft: z.number().nonnegative().nullable(),
});
export type JobProgress = z.infer<typeof jobProgress>;

export const jobFinished = z.strictObject({
  ...base,
  outcome: z.enum(['done', 'cancelled', 'failed']),
  /** What ended a failed job, else null. */
  code: z.string().nullable(),
  /** Of the failure, or the facts of what was done. */
  facts,
  seconds: z.number().nonnegative(),
});
export type JobFinished = z.infer<typeof jobFinished>;

export const jobList = z.strictObject({ running: z.array(jobProgress), finished: z.array(jobFinished) });
export type JobList = z.infer<typeof jobList>;
