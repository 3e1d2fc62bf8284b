import { bigEndian, utf8 } from '../../bytes.ts';
import { sealError } from '../errors.ts';
import type { ObjectContext } from '../types.ts';

const KIND = /^[a-z][a-z0-9-]{0,31}$/;
const LABEL = utf8('vitrine/seal/v1/object');
const ID = /^[0-9a-f]{32}$/;

/**
 * Joins fields so that no two lists give the same bytes: each one is preceded by its length in four bytes.
 */
export function encodeFields(...fields: readonly Uint8Array[]): Uint8Array {
  // Written for the objects of a study, which come by the thousand: one piece of memory, no pieces in between.
  let length = 0;
  for (const field of fields) length += 4 + field.length;
  const joined = new Uint8Array(length);
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint32(at, field.length);
    joined.set(field, at + 4);
    at += 4 + field.length;
  }
  return joined;
}

/** The fields that `encodeFields` joined, as views of `bytes`; null when `bytes` is no such joining. */
export function decodeFields(bytes: Uint8Array): Uint8Array[] | null {
  const fields: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 4) return null;
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return null;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * Associated data of a sealed object of version 1. It binds the format version, the vault, the study, the object, its kind
 * and the version of its plaintext, so that sealed objects can't be swapped, renamed, moved to another study or vault, or
 * read as something else.
 */
export function objectContext(context: ObjectContext): Uint8Array {
  const { vaultId, studyId, objectId, kind, version } = context;
  if (!ID.test(vaultId) || !ID.test(studyId) || !ID.test(objectId)) throw sealError('seal/bad-argument', 'not an id');
  if (!KIND.test(kind)) throw sealError('seal/bad-argument', 'not an object kind');
  if (!Number.isInteger(version) || version < 0 || version > 0xffffffff)
    throw sealError('seal/bad-argument', 'not an object version');
  return encodeFields(LABEL, utf8(vaultId), utf8(studyId), utf8(objectId), utf8(kind), bigEndian(version, 4));
}
