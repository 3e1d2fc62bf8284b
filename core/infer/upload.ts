/**
 * The upload path of the published systems [112] and [113]: a client encrypts an image, a server decrypts it, classifies it
 * and encrypts its answer. It protects what lies stored and what travels, and nothing else: the server sees every image.
 *
 * A study has a data key, wrapped under a key of the user that the server holds too; every object is sealed once under it.
 * Which mode the papers use could not be found: GCM is our choice, because a mode without authentication would let anybody
 * alter an image unseen.
 */
import { concatBytes, utf8 } from '../bytes.ts';
import { inferError } from './errors.ts';

/** AES-GCM of the platform; the length of the key says which (16 or 32 bytes). */
export interface Gcm {
  /** @param nonce 12 bytes @returns ciphertext and tag (16 bytes) */
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array;
  /** Null when the tag doesn't fit. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  randomFill(out: Uint8Array): void;
}

/** Where an object belongs; bound to it, and readable by whoever carries it: never a patient's data. */
export interface UploadPlace {
  readonly study: string;
  readonly image: string;
}

/** What travels to the server. */
export interface Upload {
  readonly place: UploadPlace;
  /** The study's data key under the user's key. */
  readonly wrappedKey: Uint8Array;
  /** The image's file, sealed. */
  readonly sealed: Uint8Array;
}

const NONCE_LENGTH = 12;

function bound(purpose: string, ids: readonly string[]): Uint8Array {
  return utf8(JSON.stringify(['vitrine/upload/v1', purpose, ...ids]));
}

/** A fresh random nonce each time, in front. */
function sealed(gcm: Gcm, key: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  gcm.randomFill(nonce);
  return concatBytes(nonce, gcm.seal(key, nonce, aad, plain));
}

function opened(gcm: Gcm, key: Uint8Array, aad: Uint8Array, bytes: Uint8Array): Uint8Array {
  const plain = gcm.open(key, bytes.subarray(0, NONCE_LENGTH), aad, bytes.subarray(NONCE_LENGTH));
  if (plain === null)
    throw inferError('infer/payload', 'what arrived does not open: another key, another place, or an altered byte');
  return plain;
}

/** A new study's data key, as long as the user's. */
export function studyDataKey(gcm: Gcm, userKey: Uint8Array): Uint8Array {
  const key = new Uint8Array(userKey.length);
  gcm.randomFill(key);
  return key;
}

/** Encrypts an image's file for the server. */
export function sealUpload(
  gcm: Gcm,
  keys: { readonly user: Uint8Array; readonly study: Uint8Array },
  place: UploadPlace,
  file: Uint8Array,
): Upload {
  return {
    place,
    wrappedKey: sealed(gcm, keys.user, bound('study-key', [place.study]), keys.study),
    sealed: sealed(gcm, keys.study, bound('image', [place.study, place.image]), file),
  };
}

/** What the server gets: the data key for its answer, and the image in the clear. @throws VitrineError infer/payload */
export function openUpload(
  gcm: Gcm,
  userKey: Uint8Array,
  { place, wrappedKey, sealed: bytes }: Upload,
): { readonly studyKey: Uint8Array; readonly file: Uint8Array } {
  const studyKey = opened(gcm, userKey, bound('study-key', [place.study]), wrappedKey);
  return { studyKey, file: opened(gcm, studyKey, bound('image', [place.study, place.image]), bytes) };
}

/** Encrypts the server's answer. */
export function sealAnswer(gcm: Gcm, studyKey: Uint8Array, place: UploadPlace, answer: Uint8Array): Uint8Array {
  return sealed(gcm, studyKey, bound('answer', [place.study, place.image]), answer);
}

/** @throws VitrineError infer/payload */
export function openAnswer(gcm: Gcm, studyKey: Uint8Array, place: UploadPlace, answer: Uint8Array): Uint8Array {
  return opened(gcm, studyKey, bound('answer', [place.study, place.image]), answer);
}
