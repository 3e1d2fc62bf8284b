/** How the pixels of a transfer syntax are encoded. */
export type PixelCoding =
  | 'native'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'jpeg-xl'
  | 'rle'
  | 'deflated-frames'
  | 'encapsulated-native';

/** What Vitrine must know of a transfer syntax (PS3.5 section 10 and Annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly coding: PixelCoding;
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  /** The whole dataset is one raw deflate stream. */
  readonly deflated: boolean;
  /** False where decoding loses nothing of what was stored. */
  readonly lossy: boolean;
}

export const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG = '1.2.840.10008.1.2.2';

type Row = readonly [suffix: string, name: string, coding: PixelCoding, lossy: boolean];

const ENCAPSULATED: readonly Row[] = [
  ['1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'encapsulated-native', false],
  ['4.50', 'JPEG Baseline (Process 1)', 'jpeg', true],
  ['4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg', true],
  ['4.53', 'JPEG Spectral Selection (Process 6 and 8, retired)', 'jpeg', true],
  ['4.55', 'JPEG Full Progression (Process 10 and 12, retired)', 'jpeg', true],
  ['4.57', 'JPEG Lossless (Process 14)', 'jpeg-lossless', false],
  ['4.70', 'JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)', 'jpeg-lossless', false],
  ['4.80', 'JPEG-LS Lossless', 'jpeg-ls', false],
  ['4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls', true],
  ['4.90', 'JPEG 2000 Lossless Only', 'jpeg-2000', false],
  ['4.91', 'JPEG 2000', 'jpeg-2000', true],
  ['4.110', 'JPEG XL Lossless', 'jpeg-xl', false],
  ['4.111', 'JPEG XL JPEG Recompression', 'jpeg-xl', true],
  ['4.112', 'JPEG XL', 'jpeg-xl', true],
  ['4.201', 'High-Throughput JPEG 2000 Lossless Only', 'htj2k', false],
  ['4.202', 'High-Throughput JPEG 2000 with RPCL Lossless Only', 'htj2k', false],
  ['4.203', 'High-Throughput JPEG 2000', 'htj2k', true],
  ['5', 'RLE Lossless', 'rle', false],
  ['8.1', 'Deflated Image Frame Compression', 'deflated-frames', false],
];

function native(uid: string, name: string, explicit: boolean, bigEndian: boolean, deflated: boolean): TransferSyntax {
  return { uid, name, coding: 'native', explicit, bigEndian, deflated, lossy: false };
}

const KNOWN: ReadonlyMap<string, TransferSyntax> = new Map(
  [
    native(IMPLICIT_LITTLE, 'Implicit VR Little Endian', false, false, false),
    native(EXPLICIT_LITTLE, 'Explicit VR Little Endian', true, false, false),
    native(`${EXPLICIT_LITTLE}.99`, 'Deflated Explicit VR Little Endian', true, false, true),
    native(EXPLICIT_BIG, 'Explicit VR Big Endian (retired)', true, true, false),
    ...ENCAPSULATED.map(
      ([suffix, name, coding, lossy]): TransferSyntax => ({
        uid: `${IMPLICIT_LITTLE}.${suffix}`,
        name,
        coding,
        explicit: true,
        bigEndian: false,
        deflated: false,
        lossy,
      }),
    ),
  ].map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax of that UID, or null for one that Vitrine doesn't read (video, JPIP, private ones). */
export function transferSyntax(uid: string): TransferSyntax | null {
  return KNOWN.get(uid) ?? null;
}

/** JPEG baseline and extended, JPEG-LS near lossless: there is no lossless way to write them. */
export function isAlwaysLossy(uid: string): boolean {
  return transferSyntax(uid)?.coding === 'jpeg' || uid === '1.2.840.10008.1.2.4.81';
}
