import { z } from 'zod';
import { journalEntry } from '../../core/contract/annotations.ts';

/** What a `.note` object holds: the entries of one append, and their place in the study's journal. */
export const noteSchema = z.strictObject({
  format: z.literal('vitrine-note'),
  version: z.literal(1),
  sequence: z.int().positive(),
  savedAt: z.string(),
  entries: z.array(journalEntry),
});
