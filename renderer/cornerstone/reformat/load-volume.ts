import { TAG, text } from '../dataset.ts';
import type { DrawnValues } from '../decode/format.ts';
import { loadImage, PRIORITY } from '../image-loader.ts';
import type { StudyReader } from '../study-reader.ts';
import { MOST_BYTES, type Refusal, type Volume, type VolumeGeometry, volumeGeometry } from './volume.ts';

/** Slices asked for at a time: enough to keep the decode workers busy, few enough to stop soon. */
const AT_ONCE = 4;

let volumes = 0;

function container(sample: DrawnValues, length: number): DrawnValues {
  if (sample instanceof Float32Array) return new Float32Array(length);
  return sample instanceof Int16Array ? new Int16Array(length) : new Uint16Array(length);
}

/** What `wider` must hold so that no value of a slice is bent: slices are kept in the narrowest array each. */
function holds(data: DrawnValues, slice: { minPixelValue: number; maxPixelValue: number }, whole: boolean): boolean {
  if (data instanceof Float32Array) return true;
  if (!whole) return false;
  if (data instanceof Int16Array) return slice.minPixelValue >= -32_768 && slice.maxPixelValue <= 32_767;
  return slice.minPixelValue >= 0 && slice.maxPixelValue <= 65_535;
}

class Block {
  data: DrawnValues;
  constructor(sample: DrawnValues, length: number) {
    this.data = container(sample, length);
  }

  put(slice: { getPixelData(): unknown; minPixelValue: number; maxPixelValue: number }, at: number): void {
    const values = slice.getPixelData() as DrawnValues;
    if (!holds(this.data, slice, !(values instanceof Float32Array))) this.data = Float32Array.from(this.data);
    this.data.set(values, at);
  }
}

interface Loading {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

async function fill(
  imageIds: readonly string[],
  geometry: VolumeGeometry,
  { signal, progress }: Loading,
): Promise<DrawnValues> {
  const length = geometry.size[0] * geometry.size[1];
  let block: Block | null = null;
  let done = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < geometry.order.length) {
      const place = next++;
      const image = await loadImage(imageIds[geometry.order[place] as number] as string, PRIORITY.thumbnail);
      signal.throwIfAborted();
      block ??= new Block(image.getPixelData() as DrawnValues, length * geometry.order.length);
      block.put(image, place * length);
      progress(++done, geometry.order.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (block as unknown as Block).data;
}

/**
 * Loads a series as one block. Answers why not where it can't be one.
 * @throws what the vault or the decoder answers for one of its slices; AbortError when `signal` says so
 */
export async function loadVolume(
  reader: StudyReader,
  imageIds: readonly string[],
  loading: Loading,
): Promise<Volume | Refusal> {
  const facts = await Promise.all(imageIds.map((imageId) => reader.loadFacts(imageId).catch(() => null)));
  const geometry = volumeGeometry(facts);
  if (typeof geometry === 'string') return geometry;
  loading.signal.throwIfAborted();
  const first = facts[geometry.order[0] ?? 0];
  if (first == null) return 'no-geometry';
  try {
    const data = await fill(imageIds, geometry, loading);
    if (data.byteLength > MOST_BYTES) return 'too-large';
    const images = imageIds.map((imageId, place) => ({
      imageId,
      sopInstanceUid: text(facts[place]?.dataset ?? {}, TAG.sopInstance),
    }));
    return { id: ++volumes, geometry, data, images, facts: first, lossy: facts.some((one) => one?.lossy === true) };
  } catch (error) {
    if (error instanceof RangeError) return 'memory';
    throw error;
  }
}
