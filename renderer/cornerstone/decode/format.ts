/** What the window and its decode workers tell each other about one frame. All of it survives structured clone. */

/** Typed arrays that stored values come in. */
export type StoredValues =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Typed arrays that can be drawn. */
export type DrawnValues =
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>;

/** One channel of a palette (PS3.3 C.7.6.3.1.5): number of entries, first mapped value, bits per entry, entries. */
export interface PaletteChannel {
  readonly entries: number;
  readonly first: number;
  readonly bits: number;
  readonly data: readonly number[];
}

/** How the bytes of a frame are to be read (PS3.3 C.7.6.3). */
export interface FrameFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Float Pixel Data (7FE0,0008) or Double Float Pixel Data (7FE0,0009). */
  readonly float: boolean;
  readonly planar: boolean;
  readonly photometric: string;
  readonly palette: {
    readonly red: PaletteChannel;
    readonly green: PaletteChannel;
    readonly blue: PaletteChannel;
  } | null;
}

/** From stored values to the unit that is shown. `table` is a modality look-up table and takes slope's place. */
export interface ValueScale {
  readonly slope: number;
  readonly intercept: number;
  readonly table: { readonly first: number; readonly data: readonly number[] } | null;
}

/** What the header says of the pixels besides their format (PS3.3 C.7.6.3.1): stored values. */
export interface DeclaredRange {
  /** Smallest and Largest Image Pixel Value (0028,0106), (0028,0107). */
  readonly smallest: number;
  readonly largest: number;
  /** Pixel Padding Value and Range Limit (0028,0120), (0028,0121), lower end first; these count for nothing. */
  readonly padding: readonly [number, number] | null;
}

/**
 * Why decoded pixels may be wrong though the decoder didn't complain:
 * - `bits`: the codestream holds values that don't fit in Bits Stored
 * - `range`: values lie outside Smallest and Largest Image Pixel Value
 * - `decoder`: the decoder reported damage and went on
 */
export type Doubt = 'bits' | 'range' | 'decoder';

export interface DecodeJob {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: FrameFormat;
  readonly scale: ValueScale;
  /** Null where the header doesn't say, or says nothing sensible. */
  readonly declared: DeclaredRange | null;
}

/** A frame that can be drawn: grey values in their unit, or 8-bit RGB interleaved. */
export interface DecodedFrame {
  readonly pixels: DrawnValues;
  readonly color: boolean;
  /** Extremes over the frame; 0 and 255 for colour. */
  readonly smallest: number;
  readonly largest: number;
  readonly doubts: readonly Doubt[];
}

export type WorkerRequest = { readonly job: number } & DecodeJob;
export type WorkerAnswer =
  | { readonly job: number; readonly ok: true; readonly frame: DecodedFrame }
  | { readonly job: number; readonly ok: false; readonly code: 'image/undecodable' | 'image/unsupported-syntax' };

/** Thrown inside a worker for a frame whose transfer syntax has no decoder here. */
export class UnsupportedSyntax extends Error {
  override readonly name = 'UnsupportedSyntax';
}
