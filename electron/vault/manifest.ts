import { z } from 'zod';
import { utf8 } from '../../core/bytes.ts';
import type { StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { manifestId, type ObjectStore } from './objects.ts';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

/**
 * What one import added to one study. Sealed, counted, and written before the catalogue says that the import is done, so
 * that the catalogue can be rebuilt to the same state. `studies` is how many manifests the import wrote in all: an import
 * of which some are missing was cut short while it committed.
 */
const manifestSchema = z.strictObject({
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

/** Seals and writes manifest `number` of a study; the folder is flushed too. */
export async function writeManifest(store: ObjectStore, studyId: StudyId, number: number, manifest: Manifest) {
  await store.writeSmall(studyId, manifestId(number), 'manifest', utf8(JSON.stringify(manifest)));
  await store.syncStudy(studyId);
}

/** @throws seal/…, vault/object-missing, vault/io when it opens but isn't a manifest. */
export async function readManifest(store: ObjectStore, studyId: StudyId, number: number): Promise<Manifest> {
  const bytes = await store.readSmall(studyId, manifestId(number), 'manifest');
  const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw vaultError('vault/io', 'not a manifest', { cause: parsed.error });
  return parsed.data;
}
