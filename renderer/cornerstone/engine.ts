import {
  cache,
  getRenderingCapabilities,
  imageLoader,
  init as initCore,
  metaData,
  RenderingEngine,
  Settings,
  setUseCPURendering,
} from '@cornerstonejs/core';
import { init as initTools } from '@cornerstonejs/tools';
import { DecodePool } from './decode/pool.ts';
import { ImageError } from './errors.ts';
import { factsAt } from './facts-at.ts';
import { SCHEME } from './image-id.ts';
import { vaultImageLoader } from './image-loader.ts';
import { moduleOf } from './modules.ts';
import { REFORMAT_SCHEME } from './reformat/mark-place.ts';
import { dropVolumes, reformatLoader } from './reformat/reformat-images.ts';
import { registerTools } from './tools.ts';

/** Decoded images kept in this window's memory, at most. */
const CACHE_BYTES = 1024 ** 3;
const MOST_WORKERS = 4;
const ENGINE_ID = 'vitrine';

interface Engine {
  readonly rendering: RenderingEngine;
  readonly pool: DecodePool;
}

let engine: Engine | null = null;

function provide(type: string, imageId: unknown): unknown {
  if (typeof imageId !== 'string') return undefined;
  if (!imageId.startsWith(`${SCHEME}:`) && !imageId.startsWith(`${REFORMAT_SCHEME}:`)) return undefined;
  const facts = factsAt(imageId);
  return facts === null ? undefined : moduleOf(type, facts);
}

/** How many decode workers: half of the processor's threads, because drawing needs the others. */
function workerCount(): number {
  return Math.min(MOST_WORKERS, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)));
}

/**
 * Starts Cornerstone once: core, tools, our image loader and metadata provider. The loaders of the DICOM image loader
 * package, which fetch over the network, are never registered.
 */
export function startEngine(): Engine {
  if (engine !== null) return engine;
  // A software rasteriser draws a slice through WebGL in two to five times the time that the library's own canvas path
  // takes, because its threads compete with the decoders' for the same processor.
  initCore();
  if (rendererName() === 'software') setUseCPURendering(true);
  initTools();
  Settings.getRuntimeSettings().set('useCursors', false);
  cache.setMaxCacheSize(CACHE_BYTES);
  metaData.addProvider(provide, 10_000);
  const pool = new DecodePool(workerCount());
  pool.warm();
  // The library keeps a second promise of every load and leaves its failure to nobody; the viewport's card has told it.
  window.addEventListener('unhandledrejection', (event) => {
    if (event.reason instanceof ImageError) event.preventDefault();
  });
  imageLoader.registerImageLoader(SCHEME, vaultImageLoader(pool));
  imageLoader.registerImageLoader(REFORMAT_SCHEME, reformatLoader);
  registerTools();
  engine = { rendering: new RenderingEngine(ENGINE_ID), pool };
  return engine;
}

/** Forgets every decoded image and ends the decode workers, for when the vault locks. The next image starts new ones. */
export function clearEngine(): void {
  cache.purgeCache();
  dropVolumes();
  engine?.pool.close();
}

/** What draws the images: the graphics processor, or the processor in its place. */
export function rendererName(): 'webgl' | 'software' {
  const { webgl, softwareRasterizer } = getRenderingCapabilities();
  return webgl && !softwareRasterizer ? 'webgl' : 'software';
}
