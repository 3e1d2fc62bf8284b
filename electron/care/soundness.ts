import { createHash } from 'node:crypto';
import { hasCode, VitrineError } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import { manifestId, type ObjectKind, type ObjectStore } from '../vault/objects.ts';
import { stopIfAborted } from './copy-file.ts';

/** A sealed object by its file's name. */
export interface NamedObject {
  readonly objectId: ObjectId;
  readonly kind: ObjectKind;
}

/** Null for a name that no sealed object has. */
export function objectOf(name: string): NamedObject | null {
  const match = /^([0-9a-f]{32})\.(instance|note)$/.exec(name);
  if (match?.[1] !== undefined) return { objectId: parseId<ObjectId>(match[1]), kind: match[2] as ObjectKind };
  const number = /^([1-9]\d{0,8})\.manifest$/.exec(name)?.[1];
  return number === undefined ? null : { objectId: manifestId(Number(number)), kind: 'manifest' };
}

/** What opening an object in full says. `unchecked`: this session may not open the study. */
export type Soundness = 'sound' | 'altered' | 'missing' | 'unchecked';

export interface Reading {
  readonly state: Soundness;
  /** SHA-256 of what was sealed, hexadecimal; null unless it was read. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/** Codes that say that the study's key is there and is not for this session. */
const NOT_OURS = ['policy/not-met', 'users/not-a-recipient', 'policy/no-rules'] as const;

/** Opens every segment of an object and hashes what was sealed. Failures of the operating system are thrown. */
export async function readObject(
  store: ObjectStore,
  studyId: StudyId,
  { objectId, kind }: NamedObject,
  signal: AbortSignal | null = null,
): Promise<Reading> {
  try {
    const { reader, close } = await store.open(studyId, objectId, kind);
    const hash = createHash('sha256');
    try {
      for await (const chunk of reader.chunks()) {
        if (signal !== null) stopIfAborted(signal);
        hash.update(chunk);
        chunk.fill(0);
      }
      return { state: 'sound', sha256: hash.digest('hex'), bytes: reader.length };
    } finally {
      await close();
    }
  } catch (error) {
    return { state: stateOf(error), sha256: null, bytes: 0 };
  }
}

/** @throws what isn't about the object */
function stateOf(error: unknown): Soundness {
  if (hasCode(error, ...NOT_OURS)) return 'unchecked';
  if (hasCode(error, 'vault/object-missing')) return 'missing';
  if (error instanceof VitrineError && error.code.startsWith('seal/')) return 'altered';
  throw error;
}
