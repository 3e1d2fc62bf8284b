/** What a classifier is given: samples of one frame, unsigned, the channels of a pixel beside each other. */
export interface SourceImage {
  readonly columns: number;
  readonly rows: number;
  readonly channels: 1 | 3;
  /** Bits of a sample; they lie in 0 … 2^bits - 1. */
  readonly bits: number;
  readonly samples: Uint16Array;
}

/** What an image says of itself beside its samples. */
export interface ImageFacts {
  /** Modality (0008,0060); null where the file has none, as a JPEG. */
  readonly modality: string | null;
  /** Small values are bright: MONOCHROME1. */
  readonly inverted: boolean;
}

/** The square of the original that the model saw, in its pixels; it may reach beyond the image, where the model sees black. */
export interface SeenSquare {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** An image made ready for a model. */
export interface Prepared {
  /** rows × columns × channels of the model, 0 … 1. */
  readonly input: Float32Array;
  readonly seen: SeenSquare;
}
