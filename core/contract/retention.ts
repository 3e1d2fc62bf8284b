import { z } from 'zod';
import { id } from './catalogue.ts';

/** Rules by which studies are shredded when they are old enough, and what would happen by them. */

export const retentionRule = z.strictObject({
  ruleId: id,
  /** A modality as in (0008,0060); empty: every modality that has no rule of its own. */
  modality: z.string().regex(/^[A-Z0-9]{0,16}$/),
  /** Age in whole months of the calendar. */
  months: z.int().min(1).max(1200),
  /** From which day the age counts. A study without a date is never due by its study date. */
  since: z.enum(['studyDate', 'importedAt']),
});
export type RetentionRule = z.infer<typeof retentionRule>;

export const retentionRules = z.strictObject({
  rules: z.array(retentionRule).max(64),
  /** A study of somebody who was a minor on its day is kept until this age in years; null: as all others. */
  minorsUntil: z.int().min(18).max(120).nullable(),
});
export type RetentionRules = z.infer<typeof retentionRules>;

/** Why a study is kept although a rule's age has passed for it. */
export const keptReason = z.enum(['hold', 'minor', 'no-birth-date', 'no-date', 'other-modality']);
export type KeptReason = z.infer<typeof keptReason>;

export const dueStudy = z.strictObject({
  studyId: id,
  ruleId: id,
  /** The day from which it was due, YYYY-MM-DD. */
  dueSince: z.string(),
  patientName: z.string(),
  studyDate: z.string(),
  importedAt: z.string(),
  modalities: z.string(),
});
export type DueStudy = z.infer<typeof dueStudy>;

/** What a run would do today. */
export const retentionPlan = z.strictObject({
  /** YYYY-MM-DD. */
  day: z.string(),
  studies: z.int().nonnegative(),
  due: z.array(dueStudy),
  kept: z.array(z.strictObject({ studyId: id, reason: keptReason })),
});
export type RetentionPlan = z.infer<typeof retentionPlan>;

/** Studies that no rule touches, and since when. */
export const holds = z.array(z.strictObject({ studyId: id, at: z.iso.datetime(), by: z.string().max(256) }));
export type Holds = z.infer<typeof holds>;
