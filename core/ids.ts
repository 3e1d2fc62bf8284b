/**
 * Identifiers are branded strings: a study id can't be passed where an object id is meant. Vitrine's own ids are 16
 * random bytes in lower-case hexadecimal, so that a file name says nothing about the patient.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One vault on disk. */
export type VaultId = Branded<'VaultId'>;
/** One study inside a vault (not the DICOM Study Instance UID). */
export type StudyId = Branded<'StudyId'>;
/** One sealed object: an instance, an annotation entry, a manifest. */
export type ObjectId = Branded<'ObjectId'>;

const ID_PATTERN = /^[0-9a-f]{32}$/;

/** Parses an id that came from outside. @throws RangeError unless it is 32 lower-case hexadecimal digits. */
export function parseId<Id extends VaultId | StudyId | ObjectId>(text: string): Id {
  if (!ID_PATTERN.test(text)) throw new RangeError('not an id');
  return text as Id;
}

/** Makes an id from 16 random bytes. */
export function idFrom<Id extends VaultId | StudyId | ObjectId>(random: Uint8Array): Id {
  if (random.length !== 16) throw new RangeError('an id takes 16 bytes');
  let text = '';
  for (const byte of random) text += byte.toString(16).padStart(2, '0');
  return text as Id;
}
