/**
 * The words that the rest of Vitrine uses for a DICOM file. Everything here is plain data: it survives structured clone
 * between threads and JSON in the catalogue.
 */
import type { DicomWarning } from './errors.ts';

/** A person name in its three component groups (PS3.5 6.2.1.2). Groups that are absent are left out. */
export interface DicomPersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

/** One value of the DICOM JSON model. `null` stands for an empty value inside a list (PS3.18 F.2.5). */
export type DicomJsonValue = string | number | null | DicomPersonName | DicomJson;

/**
 * One attribute of the DICOM JSON model (PS3.18 F.2.2). Binary values up to 64 KiB are `InlineBinary` (base64);
 * longer ones are left out and only `vr` remains. Lookup-table data is always kept, as numbers in `Value`.
 */
export interface DicomJsonElement {
  vr: string;
  Value?: DicomJsonValue[];
  InlineBinary?: string;
}

/** A dataset as PS3.18 Annex F writes it; keys are eight upper-case hexadecimal digits (`00100010`). */
export interface DicomJson {
  [tag: string]: DicomJsonElement;
}

/**
 * What the catalogue keeps of an instance. Text is decoded by the instance's Specific Character Set; `null` means that
 * the attribute is absent or empty. Values are as stored: nothing is trimmed of meaning, nothing is escaped, so hostile
 * text (`<script>`, `=cmd()`) arrives as text and must be shown as text.
 */
export interface InstanceSummary {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string | null;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** Alphabetic group, raw: `DOE^Jane`. */
  readonly patientName: string | null;
  /** Ideographic group, raw; null for most patients. */
  readonly patientNameIdeographic: string | null;
  readonly patientId: string | null;
  readonly issuerOfPatientId: string | null;
  /** DA, `YYYYMMDD`. */
  readonly patientBirthDate: string | null;
  readonly patientSex: string | null;
  readonly patientAge: string | null;
  readonly studyDate: string | null;
  /** TM, `HHMMSS.FFFFFF` or shorter. */
  readonly studyTime: string | null;
  readonly studyId: string | null;
  readonly studyDescription: string | null;
  readonly accessionNumber: string | null;
  readonly referringPhysicianName: string | null;
  readonly institutionName: string | null;
  readonly manufacturer: string | null;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string | null;
  readonly seriesDate: string | null;
  readonly seriesTime: string | null;
  readonly bodyPart: string | null;
  readonly laterality: string | null;
  readonly protocolName: string | null;
  readonly frameOfReferenceUid: string | null;
  readonly instanceNumber: number | null;
  readonly acquisitionNumber: number | null;
  readonly rows: number | null;
  readonly columns: number | null;
  /** 1 where the attribute is absent. */
  readonly numberOfFrames: number;
  readonly samplesPerPixel: number | null;
  readonly bitsAllocated: number | null;
  readonly bitsStored: number | null;
  readonly highBit: number | null;
  /** 0 unsigned, 1 two's complement. */
  readonly pixelRepresentation: number | null;
  readonly planarConfiguration: number | null;
  readonly photometricInterpretation: string | null;
  /** Image Position (Patient), mm, of the instance or of its first frame. */
  readonly imagePositionPatient: readonly [number, number, number] | null;
  /** Image Orientation (Patient), direction cosines of row and column. */
  readonly imageOrientationPatient: readonly [number, number, number, number, number, number] | null;
  /** Pixel Spacing, mm, between rows and between columns; null when absent or not positive: then no lengths in mm. */
  readonly pixelSpacing: readonly [number, number] | null;
  readonly sliceThickness: number | null;
}

/** The attributes of the Image Pixel module (PS3.3 C.7.6.3) that say how stored values lie. */
export type ImageSummary = Pick<
  InstanceSummary,
  | 'rows'
  | 'columns'
  | 'numberOfFrames'
  | 'samplesPerPixel'
  | 'bitsAllocated'
  | 'bitsStored'
  | 'highBit'
  | 'pixelRepresentation'
  | 'planarConfiguration'
  | 'photometricInterpretation'
>;

/** Where the pixel element lies. Offsets count from the start of the file, or of the inflated dataset (see `inflated`). */
export interface PixelElement {
  readonly element: 'native' | 'encapsulated' | 'float' | 'double';
  /** First byte of the element's value; for encapsulated pixels the Basic Offset Table's item header. */
  readonly offset: number;
  /** Length of the value in bytes; null for undefined length. */
  readonly length: number | null;
  readonly vr: string;
  readonly bigEndian: boolean;
  /** Extended Offset Table (7FE0,0001), relative to the first fragment's item header; null when absent. */
  readonly extendedOffsets: readonly number[] | null;
  /** Extended Offset Table Lengths (7FE0,0002); null when absent. */
  readonly extendedLengths: readonly number[] | null;
  /**
   * Set for the deflated transfer syntaxes: `offset` then counts inside the inflated dataset, which is made of the raw
   * deflate stream that starts at `from` in the file and has `length` bytes when inflated.
   */
  readonly inflated: { readonly from: number; readonly length: number } | null;
}

/** Everything that the beginning of a file tells. */
export interface DicomHeader {
  /** Never empty: where the file names none, the one that the dataset turned out to be in. */
  readonly transferSyntaxUid: string;
  readonly summary: InstanceSummary;
  /** The dataset up to the pixel element, File Meta Information included. */
  readonly json: DicomJson;
  /** Null for objects without pixels (structured reports, plans, waveforms, documents). */
  readonly pixels: PixelElement | null;
  readonly warnings: readonly DicomWarning[];
  /** Bytes in the file, as given. */
  readonly fileSize: number;
}

/** Either the header, or the length of a longer prefix (bytes from the start of the file) that would tell more. */
export type HeaderResult = DicomHeader | { readonly need: number };

/** Bytes `offset` to `offset + length` of the file (or of the inflated dataset). */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Where each frame's bytes lie. Kept in the catalogue as JSON; can be rebuilt from the file at any time.
 * Ask `frameRanges(index, frame)` rather than reading the fields.
 */
export type FrameIndex =
  | {
      readonly layout: 'native';
      readonly count: number;
      /** First byte of frame 0. */
      readonly offset: number;
      /** Frames follow each other without padding: frame n starts `n * frameBits` bits after `offset`. */
      readonly frameBits: number;
      /** See {@link PixelElement.inflated}. */
      readonly inflated: { readonly from: number; readonly length: number } | null;
    }
  | {
      readonly layout: 'encapsulated';
      readonly count: number;
      /** Fragments of each frame in order; their bytes, joined, are the frame's codestream. */
      readonly frames: readonly (readonly ByteRange[])[];
    };

/** One frame's place. */
export interface FramePlace {
  readonly ranges: readonly ByteRange[];
  /** Bits to skip in the first byte: 1-bit images only, whose frames needn't start on a byte (PS3.5 8.1.1). */
  readonly bitOffset: number;
  /** Set for deflated files: the ranges then count inside the inflated dataset. */
  readonly inflated: { readonly from: number; readonly length: number } | null;
}

/** What a decoder must know of an image, drawn from the header. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly planarConfiguration: number;
  readonly photometricInterpretation: string;
  readonly element: 'native' | 'encapsulated' | 'float' | 'double';
  readonly bigEndian: boolean;
  readonly vr: string;
}
