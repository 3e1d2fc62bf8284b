import { utf8 } from '../../core/bytes.ts';
import type { StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { Manifest } from './manifest-schema.ts';
import { manifestId, type ObjectStore } from './objects.ts';

/** Seals and writes manifest `number` of a study; the folder is flushed too. */
export async function writeManifest(store: ObjectStore, studyId: StudyId, number: number, manifest: Manifest) {
  await store.writeSmall(studyId, manifestId(number), 'manifest', utf8(JSON.stringify(manifest)));
  await store.syncStudy(studyId);
}

/** @throws seal/…, vault/object-missing, vault/io when it opens but isn't a manifest. */
export async function readManifest(store: ObjectStore, studyId: StudyId, number: number): Promise<Manifest> {
  const bytes = await store.readSmall(studyId, manifestId(number), 'manifest');
  // Read by repairs only: the schema is no part of a start.
  const { manifestSchema } = await import('./manifest-schema.ts');
  const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw vaultError('vault/io', 'not a manifest', { cause: parsed.error });
  return parsed.data;
}
