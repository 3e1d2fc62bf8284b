/** Types of the two pure packages that ship none. Only what Vitrine calls. */
declare module 'dcmjs/dictionary' {
  /** Attributes by `(GGGG,EEEE)`; repeating groups as `(6000-60FF,EEEE)`; private ones by creator. */
  const dictionary: Readonly<Record<string, { readonly vr: string; readonly name: string }>>;
  export default dictionary;
}

declare module 'dicom-character-set' {
  /** Decodes `bytes` by a Specific Character Set value (terms joined by a backslash). Throws on an unknown term. */
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options?: { vr?: string }): string;
}
