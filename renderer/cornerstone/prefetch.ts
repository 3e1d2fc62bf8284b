import { cache } from '@cornerstonejs/core';
import { isFrameId } from './image-id.ts';
import { loadImage, PRIORITY } from './image-loader.ts';
import { prefetchOrder } from './prefetch-order.ts';

/** Frames asked for ahead of need at a time: few, so that the frame on screen never waits behind many. */
const IN_FLIGHT = 3;
/** Share of the image cache that one stack may fill ahead of need. */
const CACHE_SHARE = 0.6;

/** Loads the slices around the one on screen, nearest first; a new slice re-orders what is left. */
export class Prefetcher {
  #imageIds: readonly string[] = [];
  #order: number[] = [];
  #inFlight = 0;
  #budget = 0;
  #stopped = true;

  /** Begins, or re-orders, around `index`. `frameBytes` is the size of one decoded frame. */
  around(imageIds: readonly string[], index: number, direction: 1 | -1, frameBytes: number): void {
    // Planes are made of what is in memory, at once when they are asked for.
    if (!isFrameId(imageIds[index] ?? '')) return;
    this.#stopped = false;
    this.#imageIds = imageIds;
    this.#budget = Math.floor((cache.getMaxCacheSize() * CACHE_SHARE) / Math.max(1, frameBytes));
    this.#order = prefetchOrder(imageIds.length, index, direction).slice(0, this.#budget);
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#order = [];
  }

  #pump(): void {
    while (!this.#stopped && this.#inFlight < IN_FLIGHT) {
      const index = this.#order.shift();
      if (index === undefined) return;
      const imageId = this.#imageIds[index];
      if (imageId === undefined || cache.getImageLoadObject(imageId) !== undefined) continue;
      this.#inFlight += 1;
      const done = (): void => {
        this.#inFlight -= 1;
        this.#pump();
      };
      // A frame that fails here fails again when it is looked at, and is then explained in its viewport.
      loadImage(imageId, PRIORITY.prefetch).then(done, done);
    }
  }
}
