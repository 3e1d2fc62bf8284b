import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes that are free on the volume of `folder` or, before it exists, of the nearest folder above it; null: unknown. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const volume = await statfs(place);
      return volume.bavail * volume.bsize;
    } catch {
      if (place === dirname(place)) return null;
    }
  }
}
