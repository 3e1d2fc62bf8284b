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

/** The part of dcmjs that writes files. Datasets are objects by keyword ("natural") or by tag ("denaturalised"). */
declare module 'dcmjs' {
  interface DicomDict {
    dict: object;
    /** The Part 10 file as an ArrayBuffer, preamble and File Meta Information included. */
    write(options?: { allowInvalidVRLength?: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    readonly data: {
      readonly DicomDict: new (meta: object) => DicomDict;
      readonly DicomMetaDictionary: { denaturalizeDataset(dataset: object): object };
    };
  };
  export default dcmjs;
}
