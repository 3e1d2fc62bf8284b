import { loadImage, PRIORITY } from './image-loader.ts';
import { type PixelGrid, percentiles } from './pixels.ts';
import { readerOf } from './study-reader.ts';
import type { OpeningChooser } from './view-state.ts';

/** 0 to 255 of a value in a window. */
function shade(value: number, lower: number, width: number): number {
  return Math.max(0, Math.min(255, ((value - lower) / width) * 255));
}

/** Mean over the block of source pixels that one thumbnail pixel stands for. */
function blockMean(grid: PixelGrid, x0: number, x1: number, y0: number, y1: number, sample: number): number {
  let sum = 0;
  let count = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      sum += grid.data[(y * grid.columns + x) * grid.samples + sample] as number;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/**
 * A frame as a small picture, its longer side `size` pixels. RGBA bytes, ready for a canvas; nothing is encoded, so no
 * thumbnail ever becomes a file or an address.
 */
function shrink(
  grid: PixelGrid,
  size: number,
  range: { readonly low: number; readonly high: number },
  inverted: boolean,
): { readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray<ArrayBuffer> } {
  const scale = size / Math.max(grid.columns, grid.rows);
  const width = Math.max(1, Math.round(grid.columns * scale));
  const height = Math.max(1, Math.round(grid.rows * scale));
  const rgba = new Uint8ClampedArray(width * height * 4);
  const span = Math.max(range.high - range.low, 1e-6);
  for (let y = 0; y < height; y++) {
    const y0 = Math.floor((y * grid.rows) / height);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * grid.rows) / height));
    for (let x = 0; x < width; x++) {
      const x0 = Math.floor((x * grid.columns) / width);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * grid.columns) / width));
      const at = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) {
        const mean = blockMean(grid, x0, x1, y0, y1, grid.samples === 3 ? c : 0);
        const grey = grid.samples === 3 ? mean : shade(mean, range.low, span);
        rgba[at + c] = inverted ? 255 - grey : grey;
      }
      rgba[at + 3] = 255;
    }
  }
  return { width, height, rgba };
}

/**
 * Draws a frame small into `canvas` (its longer side `size` device pixels), windowed as `opening` says.
 * @throws ImageError when the frame can't be shown.
 */
export async function drawThumbnail(
  canvas: HTMLCanvasElement,
  imageId: string,
  size: number,
  opening: OpeningChooser,
): Promise<void> {
  const image = await loadImage(imageId, PRIORITY.thumbnail);
  const facts = readerOf(imageId)?.facts(imageId) ?? null;
  if (facts === null) return;
  const samples = image.color ? 3 : 1;
  const grid = { columns: image.columns, rows: image.rows, samples, data: image.getPixelData() };
  const { window: chosen, inverted } = opening(facts);
  const range =
    chosen === null
      ? (percentiles(grid, 0.01, 0.99) ?? { low: 0, high: 255 })
      : { low: chosen.center - chosen.width / 2, high: chosen.center + chosen.width / 2 };
  const small = shrink(grid, size, range, facts.inverted !== inverted && samples === 1);
  canvas.width = small.width;
  canvas.height = small.height;
  canvas.getContext('2d')?.putImageData(new ImageData(small.rgba, small.width, small.height), 0, 0);
}
