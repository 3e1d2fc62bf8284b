import { createStore } from 'zustand';
import { BRUSH_SIZES, type BrushSize } from '../../cornerstone/brush.ts';
import { isFrameId } from '../../cornerstone/image-id.ts';
import type { Pixel } from '../../cornerstone/measure.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { MarkSets } from './mark-sets.ts';
import type { SegmentStore } from './segment-store.ts';

/** Diameter at the start, in pixels. */
const FIRST_SIZE: BrushSize = 9;

interface Down {
  readonly segments: SegmentStore;
  readonly at: Pixel;
  readonly value: 0 | 1;
}

/** Brush and eraser: what comes from the mouse or from the pixel cursor becomes strokes of the study that is painted on. */
export class BrushStrokes {
  /** Diameter in image pixels. */
  readonly store = createStore<{ readonly diameter: BrushSize }>(() => ({ diameter: FIRST_SIZE }));
  readonly #reading: Reading;
  readonly #sets: MarkSets;
  #down: Down | null = null;

  constructor(reading: Reading, sets: MarkSets) {
    this.#reading = reading;
    this.#sets = sets;
  }

  get diameter(): BrushSize {
    return this.store.getState().diameter;
  }

  /** The next larger (1) or smaller (-1) brush; false at the ends. */
  resize(by: 1 | -1): boolean {
    const at = BRUSH_SIZES.indexOf(this.diameter);
    const diameter = BRUSH_SIZES[at + by];
    if (diameter === undefined) return false;
    this.store.setState({ diameter });
    return true;
  }

  /** True while the brush is down. */
  get isDown(): boolean {
    return this.#down !== null;
  }

  /** The brush comes down at a pixel. False where nothing can be painted. */
  begin(view: StackView, at: Pixel): boolean {
    this.end();
    const tool = this.#reading.tool();
    const { imageId, facts } = view;
    if ((tool !== 'brush' && tool !== 'eraser') || imageId === null || facts === null) return false;
    if (!isFrameId(imageId) || view.state.error !== null) return false;
    const { segments } = this.#sets.of(imageId);
    if (!segments.begin(imageId, facts, tool === 'eraser')) return false;
    this.#down = { segments, at, value: tool === 'eraser' ? 0 : 1 };
    segments.paint(at, at, this.diameter, this.#down.value);
    return true;
  }

  /** The brush goes on to a pixel. */
  move(to: Pixel): void {
    const down = this.#down;
    if (down === null) return;
    down.segments.paint(down.at, to, this.diameter, down.value);
    this.#down = { ...down, at: to };
  }

  /** The brush is lifted. */
  end(): void {
    this.#down?.segments.end();
    this.#down = null;
  }

  /** Gives the stroke up; false when there is none. */
  cancel(): boolean {
    const down = this.#down;
    this.#down = null;
    return down?.segments.cancel() ?? false;
  }
}
