import { z } from 'zod';
import { annotation, journalEntry, paintedSegment, report } from './annotations.ts';
import { id, studyDetails, studyPage, studyQuery } from './catalogue.ts';
import { keptFindingOperations } from './findings.ts';
import { importNames } from './import.ts';
import { retentionPlan } from './retention.ts';

/**
 * The operations whose requests or answers say something of a patient. They are declared here and nowhere else, because
 * their place decides their way: between the page and the vault process by the vault's own port, where main, which
 * hands the ports out, never sees them. test/arch/contract.test.ts finds an operation that belongs here and isn't.
 */
export const patientOperations = {
  'studies.search': { request: studyQuery, response: studyPage, errors: [] },
  'studies.details': {
    request: z.strictObject({ studyId: id }),
    response: studyDetails,
    errors: ['vault/no-such-study'],
  },
  /** Files of an import by name: what `import.finished` only counts. Empty for an import of before the last unlock. */
  'import.names': { request: z.strictObject({ job: z.string().max(64) }), response: importNames, errors: [] },
  'annotations.load': {
    request: z.strictObject({ studyId: id }),
    response: z.strictObject({
      annotations: z.array(annotation),
      /** The last version of each report, in the order in which they were begun. */
      reports: z.array(report),
      /** Painted segments, in the order in which they were begun. */
      segments: z.array(paintedSegment),
      /** Journal entries that could not be opened: said to the reader, never hidden. */
      unreadable: z.int().nonnegative(),
    }),
    errors: ['vault/no-such-study'],
  },
  /** Answers only after the entries are durable on disk. */
  'annotations.append': {
    request: z.strictObject({ studyId: id, entries: z.array(journalEntry).min(1).max(64) }),
    response: z.strictObject({ savedAt: z.iso.datetime() }),
    errors: ['vault/no-such-study', 'vault/disk-full'],
  },
  /** What a run of the retention rules would shred today, by name, and what it would keep. Changes nothing. */
  'retention.plan': { request: z.strictObject({}), response: retentionPlan, errors: [] },
  ...keptFindingOperations,
} as const;

export type PatientOperationName = keyof typeof patientOperations;
