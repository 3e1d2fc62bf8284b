/**
 * The robustness report of a model: what attacks, noise and lesser images do to it, measured on that model's own weights.
 * It lies beside the manifest, which names it by its hash; a model without one isn't admitted to clinical use.
 */
import { z } from 'zod';
import { shareSchema } from './manifest.ts';

const change = z.strictObject({
  /** Largest change of a number of the input, whose range is 0 … 1. */
  linf: z.number(),
  l2: z.number(),
  /** Share of the numbers that changed. */
  l0: z.number(),
});

const row = z.strictObject({
  method: z.enum(['fgsm', 'bim', 'pgd-linf', 'pgd-l2', 'deep-fool', 'noise']),
  /** Radius in units of the input; null for an attack that looks for the smallest change. */
  epsilon: z.number().nullable(),
  /** Images that keep their class, of those that the model had right. */
  robust: shareSchema,
  /** The same after rounding to 8 bits: what an attacker can deliver. */
  robustRounded: shareSchema,
  /** Over the images that were fooled; null where none was. */
  change: z.strictObject({ mean: change, max: change, medianL2: z.number() }).nullable(),
  secondsPerImage: z.number(),
});

const corruption = z.strictObject({
  kind: z.enum(['noise', 'blur', 'contrast']),
  /** Standard deviation of the noise or the blur (pixels), or the factor of the contrast. */
  strength: z.number(),
  accuracy: shareSchema,
});

export const robustnessSchema = z.strictObject({
  version: z.literal(1),
  model: z.string(),
  release: z.string(),
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Which images, and how they were told from those of the training. */
  data: z.string(),
  images: z.int().positive(),
  clean: shareSchema,
  rows: z.array(row).min(1),
  corruptions: z.array(corruption),
  /** Share of gradients that are zero everywhere: attacks that use gradients say nothing there. */
  zeroGradients: z.number().min(0).max(1),
  seed: z.int(),
  backEnd: z.string(),
  pgd: z.strictObject({ steps: z.int(), restarts: z.int() }),
});
export type Robustness = z.infer<typeof robustnessSchema>;
export type RobustnessRow = z.infer<typeof row>;
