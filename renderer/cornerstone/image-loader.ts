import { cache, Enums, imageLoader, type Types, utilities } from '@cornerstonejs/core';
import type { DecodedFrame, Doubt } from './decode/format.ts';
import type { DecodePool } from './decode/pool.ts';
import { codeOf, ImageError } from './errors.ts';
import { type FrameFacts, isFloating } from './facts.ts';
import { parseImageId } from './image-id.ts';
import type { PixelGrid } from './pixels.ts';
import { readerOf } from './study-reader.ts';

/** Order of work: what is on screen, then thumbnails, then what may be looked at next. Lower goes first. */
export const PRIORITY = { visible: 0, thumbnail: 4, prefetch: 8 } as const;

const DATA_TYPES = {
  Uint8Array: 'Uint8Array',
  Int16Array: 'Int16Array',
  Uint16Array: 'Uint16Array',
  Float32Array: 'Float32Array',
} as const;

type DataType = keyof typeof DATA_TYPES;

function dataTypeOf(frame: DecodedFrame): DataType {
  if (frame.pixels instanceof Uint8Array) return 'Uint8Array';
  if (frame.pixels instanceof Int16Array) return 'Int16Array';
  return frame.pixels instanceof Uint16Array ? 'Uint16Array' : 'Float32Array';
}

function initialWindow(frame: DecodedFrame, facts: FrameFacts): { center: number; width: number } {
  if (frame.color) return { center: 128, width: 256 };
  const [first] = facts.windows;
  if (first !== undefined) return first;
  const width = Math.max(1, frame.largest - frame.smallest + 1);
  return { center: frame.smallest + width / 2, width };
}

/** Cornerstone's image record, and what the decoding left doubtful. */
interface LoadedImage extends Types.IImage {
  readonly doubts: readonly Doubt[];
}

/** Cornerstone's image record over pixels that are already in their unit. */
export function imageFrom(imageId: string, frame: DecodedFrame, facts: FrameFacts): LoadedImage {
  const { rows, columns } = facts.format;
  const components = frame.color ? 3 : 1;
  const { center, width } = initialWindow(frame, facts);
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: frame.pixels,
    width: columns,
    height: rows,
    numberOfComponents: components,
  });
  return {
    imageId,
    doubts: frame.doubts,
    dataType: dataTypeOf(frame),
    color: frame.color,
    rgba: false,
    numberOfComponents: components,
    rows,
    columns,
    height: rows,
    width: columns,
    rowPixelSpacing: facts.plane.rowSpacing,
    columnPixelSpacing: facts.plane.columnSpacing,
    slope: 1,
    intercept: 0,
    isPreScaled: isFloating(facts),
    preScale: { enabled: true, scaled: true, scalingParameters: { modality: facts.modality } },
    invert: facts.inverted,
    photometricInterpretation: frame.color ? 'RGB' : facts.format.photometric,
    minPixelValue: frame.smallest,
    maxPixelValue: frame.largest,
    windowCenter: center,
    windowWidth: width,
    voiLUTFunction: facts.windowFunction as Types.IImage['voiLUTFunction'],
    sizeInBytes: frame.pixels.byteLength,
    voxelManager,
    getPixelData: () => frame.pixels,
    // None: the canvas path then draws from the pixels.
    getCanvas: () => null as unknown as HTMLCanvasElement,
  };
}

/** The bytes in a buffer of their own, which can be handed to a worker; copied only where they share one. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const alone = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return alone ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

async function load(imageId: string, pool: DecodePool, priority: number): Promise<Types.IImage> {
  const reader = readerOf(imageId);
  if (reader === null) throw new ImageError('image/failed', 'the study is closed');
  try {
    const { objectId, frame } = parseImageId(imageId);
    const [facts, encoded] = await Promise.all([reader.loadFacts(imageId), reader.frame(objectId, frame, priority)]);
    const bytes = ownBytes(encoded.bytes);
    const { format, scale, declared } = facts;
    const job = { transferSyntaxUid: encoded.transferSyntaxUid, bytes, format, scale, declared };
    return imageFrom(imageId, await pool.decode(job, priority), facts);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(codeOf(error), 'the image could not be loaded', error);
  }
}

/** The loader for image ids of the scheme `vitrine:`. */
export function vaultImageLoader(pool: DecodePool): Types.ImageLoaderFn {
  return (imageId, options) => {
    const wanted = options?.['priority'];
    const priority = typeof wanted === 'number' ? wanted : PRIORITY.visible;
    return { promise: load(imageId, pool, priority) };
  };
}

/** Loads an image into the cache, or answers the one that is there. @throws ImageError */
export function loadImage(imageId: string, priority: number): Promise<Types.IImage> {
  const requestType = priority === PRIORITY.visible ? Enums.RequestType.Interaction : Enums.RequestType.Prefetch;
  return imageLoader.loadAndCacheImage(imageId, { priority, requestType });
}

/** Decoded pixels of an image, where they are in memory. */
export function gridOf(imageId: string): PixelGrid | null {
  const image = cache.getImage(imageId);
  if (image === undefined) return null;
  return { columns: image.columns, rows: image.rows, samples: image.color ? 3 : 1, data: image.getPixelData() };
}

/** Why the pixels of an image in memory may be wrong; empty for one that isn't there. */
export function doubtsOf(imageId: string): readonly Doubt[] {
  return (cache.getImage(imageId) as LoadedImage | undefined)?.doubts ?? [];
}

/** Extremes of an image in memory; null for colour and for one that isn't there. */
export function rangeOf(imageId: string): { readonly smallest: number; readonly largest: number } | null {
  const image = cache.getImage(imageId);
  return image === undefined || image.color ? null : { smallest: image.minPixelValue, largest: image.maxPixelValue };
}
