/**
 * Keys below the vault's wrapping key: each study has a random key, wrapped under the wrapping key and kept beside its
 * objects; each object has a key derived from the study's. Deleting the wrapped study key shreds the study.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, utf8 } from '../bytes.ts';
import type { ObjectId, StudyId, VaultId } from '../ids.ts';
import type { AeadEngine } from './engine.ts';
import { sealError } from './errors.ts';
import { keyBytes, withHeld } from './held-key.ts';
import type { KeyMaterial, ObjectKey, StudyKey, WrappingKey } from './types.ts';
import { encodeFields } from './v1/context.ts';

const KEY_LENGTH = 32;
const NONCE_LENGTH = 24;
const TAG_LENGTH = 16;
const WRAP_VERSION = 1;
/** Version, nonce, ciphertext, tag. */
const WRAPPED_LENGTH = 1 + NONCE_LENGTH + KEY_LENGTH + TAG_LENGTH;

/** Whose key is wrapped; authenticated, not stored. */
export interface StudyKeyOwner {
  readonly vaultId: VaultId;
  readonly studyId: StudyId;
}

/** Takes a wrapping key that came over a port from the process that derived it. Not a copy. */
export function wrappingKeyFrom(bytes: Uint8Array): WrappingKey & Uint8Array {
  if (bytes.length !== KEY_LENGTH) throw sealError('seal/bad-argument', 'a wrapping key has 32 bytes');
  return bytes as WrappingKey & Uint8Array;
}

/** Gives a wrapping key to an engine that holds keys, as a copy; another engine works with the given one itself. */
export function holdWrappingKey(engine: AeadEngine, key: WrappingKey & Uint8Array): WrappingKey {
  return engine.bulk ? (engine.bulk.holdKey(key) as WrappingKey) : key;
}

/** A new study's key. */
export function createStudyKey(engine: AeadEngine): StudyKey {
  if (engine.bulk) return engine.bulk.generateKey() as StudyKey;
  const key = new Uint8Array(KEY_LENGTH);
  engine.randomFill(key);
  return key as StudyKey & Uint8Array;
}

/** What the wrap of version 1 is bound to. */
export function ownerAad(owner: StudyKeyOwner): Uint8Array {
  return encodeFields(utf8('vitrine/study-key/v1'), utf8(owner.vaultId), utf8(owner.studyId));
}

/**
 * A study key under another key: nonce, ciphertext and tag, 72 bytes. XChaCha20-Poly1305, whose long nonce may be random
 * for any number of studies.
 * @param aad binds whose key it is and for whom
 */
export function wrapUnder(
  engine: AeadEngine,
  wrappingKey: WrappingKey,
  aad: Uint8Array,
  studyKey: StudyKey,
): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  engine.randomFill(nonce);
  const { bulk } = engine;
  const sealed = bulk
    ? withHeld(bulk, wrappingKey, (wrapping) =>
        withHeld(bulk, studyKey, (key) => bulk.wrapKey(wrapping, nonce, aad, key)),
      )
    : xchacha20poly1305(keyBytes(wrappingKey), nonce, aad).encrypt(keyBytes(studyKey));
  return concatBytes(nonce, sealed);
}

/** Opens what `wrapUnder` made. Null when the tag doesn't fit: another key, another purpose, altered or cut bytes. */
export function openUnder(
  { bulk }: AeadEngine,
  wrappingKey: WrappingKey,
  aad: Uint8Array,
  wrapped: Uint8Array,
): StudyKey | null {
  if (wrapped.length !== WRAPPED_LENGTH - 1) return null;
  const nonce = wrapped.subarray(0, NONCE_LENGTH);
  const sealed = wrapped.subarray(NONCE_LENGTH);
  if (bulk)
    return withHeld(bulk, wrappingKey, (wrapping) => bulk.unwrapKey(wrapping, nonce, aad, sealed)) as StudyKey | null;
  const cipher = xchacha20poly1305(keyBytes(wrappingKey), nonce, aad);
  try {
    return cipher.decrypt(sealed) as KeyMaterial as StudyKey;
  } catch {
    return null;
  }
}

/** The 73 bytes of a `study.key` of version 1: its version and the key under the vault's wrapping key. */
export function wrapStudyKey(
  engine: AeadEngine,
  wrappingKey: WrappingKey,
  owner: StudyKeyOwner,
  studyKey: StudyKey,
): Uint8Array {
  return concatBytes(new Uint8Array([WRAP_VERSION]), wrapUnder(engine, wrappingKey, ownerAad(owner), studyKey));
}

/**
 * @throws VitrineError `seal/wrong-key` (another wrapping key, study or vault, or altered bytes), `seal/unknown-version`,
 *   `seal/truncated`
 */
export function unwrapStudyKey(
  engine: AeadEngine,
  wrappingKey: WrappingKey,
  owner: StudyKeyOwner,
  wrapped: Uint8Array,
): StudyKey {
  const version = wrapped[0];
  if (version === undefined) throw sealError('seal/truncated', 'an empty study key');
  if (version !== WRAP_VERSION)
    throw sealError('seal/unknown-version', 'study key of another version', { details: { version } });
  if (wrapped.length !== WRAPPED_LENGTH) throw sealError('seal/truncated', 'a wrapped study key has 73 bytes');
  const key = openUnder(engine, wrappingKey, ownerAad(owner), wrapped.subarray(1));
  if (key === null) throw sealError('seal/wrong-key', 'the study key does not open');
  return key;
}

const OBJECT_KEY = utf8('vitrine/object-key/v1');

/** The key of one object. A study key is random and uniform, so HKDF's extract step isn't needed (RFC 5869, 3.3). */
export function deriveObjectKey(
  engine: AeadEngine,
  studyKey: StudyKey,
  object: { readonly objectId: ObjectId; readonly kind: string },
): ObjectKey {
  const info = encodeFields(OBJECT_KEY, utf8(object.objectId), utf8(object.kind));
  const { bulk } = engine;
  if (bulk) return withHeld(bulk, studyKey, (held) => bulk.deriveKey(held, info)) as ObjectKey;
  return engine.hkdfExpandSha384(keyBytes(studyKey), info, KEY_LENGTH) as ObjectKey & Uint8Array;
}
