import { bigEndian, concatBytes, utf8 } from '../../bytes.ts';
import { sealError } from '../errors.ts';
import type { ObjectContext } from '../types.ts';

const KIND = /^[a-z][a-z0-9-]{0,31}$/;
const ID = /^[0-9a-f]{32}$/;

/**
 * Joins fields so that no two lists give the same bytes: each one is preceded by its length in four bytes.
 */
export function encodeFields(...fields: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...fields.flatMap((field) => [bigEndian(field.length, 4), field]));
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
  return encodeFields(
    utf8('vitrine/seal/v1/object'),
    utf8(vaultId),
    utf8(studyId),
    utf8(objectId),
    utf8(kind),
    bigEndian(version, 4),
  );
}
