import { cache, type Types } from '@cornerstonejs/core';
import { type Dataset, TAG } from '../dataset.ts';
import type { DecodedFrame } from '../decode/format.ts';
import { extremes } from '../decode/scale.ts';
import { ImageError } from '../errors.ts';
import type { FrameFacts } from '../facts.ts';
import { imageFrom } from '../image-loader.ts';
import { reformatId } from './mark-place.ts';
import {
  PLANES,
  type PlaneName,
  planeCount,
  planeGeometry,
  planeValues,
  SLAB_MODES,
  type Slab,
  type SlabMode,
  walkOf,
} from './planes.ts';
import type { Volume } from './volume.ts';

interface Address {
  readonly held: Held;
  readonly volume: Volume;
  readonly plane: PlaneName;
  readonly index: number;
  readonly slab: Slab | null;
}

/** A volume that is on screen, and what was made of it. */
interface Held {
  readonly volume: Volume;
  readonly facts: Map<string, FrameFacts>;
  readonly images: Set<string>;
}

const volumes = new Map<number, Held>();

/** Makes a volume's reformats known to the image loader. */
export function holdVolume(volume: Volume): void {
  volumes.set(volume.id, { volume, facts: new Map(), images: new Set() });
}

/** Forgets a volume and every image made of it. */
export function dropVolume(volume: Volume): void {
  const held = volumes.get(volume.id);
  volumes.delete(volume.id);
  for (const imageId of held?.images ?? []) {
    if (cache.getImage(imageId) !== undefined) cache.removeImageLoadObject(imageId, { force: true });
  }
}

/** Forgets every volume, for when the vault locks. */
export function dropVolumes(): void {
  volumes.clear();
}

/** Image ids of a plane, in the order in which it is leafed through. */
export function reformatIds(volume: Volume, plane: PlaneName, slab: Slab | null): string[] {
  const count = planeCount(volume.geometry, plane);
  return Array.from({ length: count }, (_, index) => reformatId(volume, plane, index, slab));
}

/** Reads a name: `vitrine-reformat:<volume>/<plane>/<index>/<slab>`, index from 0, slab `single` or `mip-10`. It holds nothing of the patient. */
function addressOf(imageId: string): Address | null {
  const match = /^vitrine-reformat:(\d+)\/(\w+)\/(\d+)\/(?:single|(\w+)-([\d.]+))$/.exec(imageId);
  if (match === null) return null;
  const [, id, name, index, mode, millimetres] = match;
  const held = volumes.get(Number(id));
  const plane = PLANES.find((known) => known === name);
  if (held === undefined || plane === undefined) return null;
  const rule: SlabMode | undefined = SLAB_MODES.find((known) => known === mode);
  const slab = rule === undefined ? null : { mode: rule, millimetres: Number(millimetres) };
  return { held, volume: held.volume, plane, index: Number(index), slab };
}

/** The slab that an image shows; null for a single layer, and for images that are no reformats. */
export function slabOf(imageId: string): Slab | null {
  return addressOf(imageId)?.slab ?? null;
}

/** Attributes of one slice that don't hold for a plane across many. */
const OF_ONE_SLICE = [TAG.sliceLocation, TAG.instanceNumber, TAG.imageComments, TAG.position, TAG.orientation] as const;

function datasetOf({ volume, slab, plane }: Address): Dataset {
  const dataset: Record<string, Dataset[string]> = { ...volume.facts.dataset };
  for (const tag of OF_ONE_SLICE) delete dataset[tag];
  const { onward } = walkOf(volume.geometry, plane);
  dataset[TAG.sliceThickness] = { vr: 'DS', Value: [slab?.millimetres ?? volume.geometry.spacing[onward.axis]] };
  return dataset as Dataset;
}

/** Facts of a reformatted image; null when its volume is gone. */
export function reformatFacts(imageId: string): FrameFacts | null {
  const address = addressOf(imageId);
  if (address === null) return null;
  const { held, volume, plane, index, slab } = address;
  const known = held.facts.get(imageId);
  if (known !== undefined) return known;
  const geometry = planeGeometry(volume.geometry, plane, index);
  const own = volume.facts;
  const made: FrameFacts = {
    ...own,
    dataset: datasetOf(address),
    plane: geometry,
    format: {
      ...own.format,
      rows: geometry.rows,
      columns: geometry.columns,
      float: slab?.mode === 'mean' || volume.data instanceof Float32Array,
    },
    scale: { slope: 1, intercept: 0, table: null },
    lossy: volume.lossy,
  };
  held.facts.set(imageId, made);
  return made;
}

/** The loader of reformatted images: they are made of the volume in memory, one at a time. */
export const reformatLoader: Types.ImageLoaderFn = (imageId) => {
  const make = async (): Promise<Types.IImage> => {
    const address = addressOf(imageId);
    const facts = reformatFacts(imageId);
    if (address === null || facts === null) throw new ImageError('image/failed', 'the volume is closed');
    const { held, volume, plane, index, slab } = address;
    const pixels = planeValues(volume, plane, index, slab);
    const frame: DecodedFrame = { pixels, color: false, ...extremes(pixels), doubts: [] };
    held.images.add(imageId);
    return imageFrom(imageId, frame, facts);
  };
  return { promise: make() };
};
