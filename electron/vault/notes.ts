import type { JournalEntry } from '../../core/annotate/annotation.ts';
import { utf8 } from '../../core/bytes.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import type { NoteRecord } from './annotation-rows.ts';
import type { ObjectStore } from './objects.ts';
import { reach } from './write-points.ts';

/** Seals and writes one note; durable, name included, when it resolves. */
export async function writeNote(
  store: ObjectStore,
  studyId: StudyId,
  note: { readonly sequence: number; readonly savedAt: string; readonly entries: readonly JournalEntry[] },
): Promise<ObjectId> {
  const objectId = store.newId<ObjectId>();
  const text = JSON.stringify({ format: 'vitrine-note', version: 1, ...note });
  await store.writeSmall(studyId, objectId, 'note', utf8(text));
  await store.syncStudy(studyId);
  reach('annotate.note');
  return objectId;
}

/** Opens a note. One that doesn't open becomes a record without entries: it is counted, never dropped in silence. */
export async function readNote(store: ObjectStore, studyId: StudyId, objectId: ObjectId): Promise<NoteRecord> {
  try {
    // Read after a crash only: the schemas are no part of a start.
    const { noteSchema } = await import('./note-schema.ts');
    const bytes = await store.readSmall(studyId, objectId, 'note');
    const { sequence, savedAt, entries } = noteSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { objectId, sequence, savedAt, entries };
  } catch {
    return { objectId, sequence: Number.MAX_SAFE_INTEGER, savedAt: '', entries: null };
  }
}
