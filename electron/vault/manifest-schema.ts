import { z } from 'zod';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

/**
 * What one import added to one study. Sealed, counted, and written before the catalogue says that the import is done, so
 * that the catalogue can be rebuilt to the same state. `studies` is how many manifests the import wrote in all: an import
 * of which some are missing was cut short while it committed.
 */
export const manifestSchema = z.strictObject({
  format: z.literal('vitrine-manifest'),
  version: z.literal(1),
  importId: hex(32),
  /** Counts the vault's imports. */
  importNumber: z.int().positive(),
  importedAt: z.string(),
  studies: z.int().positive(),
  objects: z.array(z.strictObject({ id: hex(32), sha256: hex(64), size: z.int().nonnegative() })),
});

export type Manifest = z.infer<typeof manifestSchema>;
