import { getShouldUseCPURendering, type StackViewport, type Types } from '@cornerstonejs/core';
import type { Window } from './view-state.ts';
import { greyLevels, tableGrey, type VoiFunction } from './voi.ts';

/** The part of the canvas path's state that holds a table in place of the window; the library has no public way to it. */
interface CanvasPath {
  readonly _cpuFallbackEnabledElement?: {
    readonly viewport?: { voiLUT?: { id: string; firstValueMapped: number; lut: number[] } | undefined };
  };
}

/** What a transfer function of the graphics path can do. */
interface Transfer {
  removeAllPoints(): void;
  addRGBPoint(x: number, r: number, g: number, b: number): number;
}

let tables = 0;

/**
 * The library guesses the number of bits from the largest entry and shifts by the difference to eight: a last entry of 255,
 * beyond every value of the image, makes it take the levels as they are.
 */
function onCanvas(viewport: StackViewport, image: Types.IImage, levels: Uint8Array | null): void {
  const held = (viewport as unknown as CanvasPath)._cpuFallbackEnabledElement?.viewport;
  if (held === undefined) return;
  const firstValueMapped = Math.ceil(image.minPixelValue);
  held.voiLUT = levels === null ? undefined : { id: `voi-${++tables}`, firstValueMapped, lut: [...levels, 255, 255] };
}

function onGraphics(viewport: StackViewport, window: Window, inverted: boolean): void {
  const { table } = window;
  const actor = viewport.getDefaultActor()?.actor as
    | { getProperty?(): { getRGBTransferFunction?(index: number): Transfer } }
    | undefined;
  const transfer = actor?.getProperty?.().getRGBTransferFunction?.(0);
  if (transfer === undefined || table == null) return;
  transfer.removeAllPoints();
  for (let i = 0; i < table.data.length; i++) {
    const grey = tableGrey(table, table.first + i) / 255;
    const level = inverted ? 1 - grey : grey;
    transfer.addRGBPoint(table.first + i, level, level, level);
  }
}

/** Draws the image in the viewport through the window's table, or through a window that is no straight line. */
export function drawVoi(viewport: StackViewport, window: Window, kind: VoiFunction, inverted: boolean): void {
  const image = viewport.getCornerstoneImage();
  if (image === undefined || image.color) return;
  if (!getShouldUseCPURendering()) {
    onGraphics(viewport, window, inverted);
    return;
  }
  // Values that aren't whole have no place in a table: they are drawn by a straight line (PS3.3 C.7.6.24 has no VOI LUT).
  const isWhole = !(image.getPixelData() instanceof Float32Array);
  onCanvas(viewport, image, isWhole ? greyLevels(window, kind, image.minPixelValue, image.maxPixelValue) : null);
}
