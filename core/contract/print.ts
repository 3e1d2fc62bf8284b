import { z } from 'zod';
import { id } from './catalogue.ts';

/**
 * Printing the view on screen: a readable copy leaves the vault, so the person was asked before, and the audit log names
 * the studies that are on it. A PDF is written where the person says, and nowhere else.
 */
export const printOperations = {
  'print.view': {
    request: z.strictObject({
      to: z.enum(['paper', 'pdf']),
      /** The studies whose images are on the view: the one that is read, and a prior beside it. */
      studyIds: z.array(id).min(1).max(16),
    }),
    /** `cancelled`: the person closed the system's dialog. `failed`: the printer or the system refused. */
    response: z.strictObject({ outcome: z.enum(['done', 'cancelled', 'failed']) }),
    errors: ['vault/disk-full', 'export/not-written'],
  },
} as const;
