import { z } from 'zod';
import { classificationSchema, seenSquare } from './model.ts';

/** What is done to one image, and what the classifier says of it then. */

export const attackMethod = z.enum(['fgsm', 'bim', 'pgd', 'pgd-l2', 'deep-fool']);
export type AttackMethod = z.infer<typeof attackMethod>;

export const attackRequest = z.strictObject({
  method: attackMethod,
  /** Largest change of a pixel (Euclidean length for `pgd-l2`), the range of brightness being 0 … 1. Unused by DeepFool. */
  epsilon: z.number().min(0).max(8),
});
export type AttackRequest = z.infer<typeof attackRequest>;

const change = z.strictObject({ linf: z.number(), l2: z.number(), l0: z.number() });

/** `vitrine model attack`. The attacked image is in memory only: nothing writes it into the vault. */
export const modelAttackReport = z.strictObject({
  ...attackRequest.shape,
  /** Always true: what is described here is no image that anybody acquired. */
  manipulated: z.literal(true),
  before: classificationSchema,
  after: classificationSchema,
  /** The first class changed. */
  fooled: z.boolean(),
  /** The same after the attacked image was rounded to 8 bits: what an attacker can deliver. */
  fooledRounded: z.boolean(),
  change,
  seconds: z.number(),
});
export type ModelAttackReport = z.infer<typeof modelAttackReport>;

/** Bytes in memory of whatever kind. */
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** The same with what the window shows: pixels of what the model saw, row by row, 0 … 255. */
export const modelAttackView = z.strictObject({
  report: modelAttackReport,
  rows: z.int(),
  columns: z.int(),
  seen: seenSquare,
  original: bytes,
  attacked: bytes,
  /** Attacked minus original, scaled so that the largest change is black or white; 128 means unchanged. */
  difference: bytes,
});
export type ModelAttackView = z.infer<typeof modelAttackView>;
