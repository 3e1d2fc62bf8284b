import { z } from 'zod';

/** An operation's answer on the wire: a thrown error keeps its code and details, never its message or stack. */
export const failure = z.strictObject({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Failure = z.infer<typeof failure>;
