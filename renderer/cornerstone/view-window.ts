import type { StackViewport } from '@cornerstonejs/core';
import type { FrameFacts } from './facts.ts';
import { gridOf } from './image-loader.ts';
import { percentiles } from './pixels.ts';
import type { ViewModel } from './view-model.ts';
import type { OpeningChooser, Window } from './view-state.ts';
import { sameWindow, windowRange } from './window-range.ts';

/** The viewport, and facts of the image that it holds. */
interface Held {
  viewport(): StackViewport;
  facts(): FrameFacts | null;
}

/** The grey window of one viewport: what is set, from the file, from the pixels, or by the pointer. */
export class ViewWindow {
  readonly #model: ViewModel;
  readonly #held: Held;

  constructor(model: ViewModel, held: Held) {
    this.#model = model;
    this.#held = held;
  }

  /** The window that the series opens with. */
  open(chooser: OpeningChooser): void {
    const facts = this.#held.facts();
    if (facts === null) return;
    const opening = chooser(facts);
    const inverted = facts.inverted !== opening.inverted;
    this.#held.viewport().setProperties({ invert: inverted });
    this.#model.change({ inverted, window: null, fileWindow: false });
    const chosen = opening.window;
    if (this.#held.viewport().getCornerstoneImage().color) return;
    if (chosen === null) this.auto();
    else
      this.set(
        chosen,
        facts.windows.some((file) => sameWindow(file, chosen)),
      );
  }

  set(window: Window, fileWindow = false): void {
    const width = Math.max(window.width, 1e-3);
    const [lower, upper] = windowRange({ ...window, width });
    this.#held.viewport().setProperties({ voiRange: { lower, upper } });
    this.#model.change({ window: { ...window, width }, fileWindow });
    this.#held.viewport().render();
  }

  /** The file's window number `which`; false when the file has none. */
  file(which: number): boolean {
    const file = this.#held.facts()?.windows[which];
    if (file === undefined || this.#held.viewport().getCornerstoneImage().color) return false;
    this.set({ center: file.center, width: file.width, name: file.explanation || 'file' }, true);
    return true;
  }

  /** 1 to 99 % of the pixels; from zero up for PET and NM, whose zero means "nothing there". */
  auto(): void {
    const facts = this.#held.facts();
    const grid = gridOf(this.#held.viewport().getCornerstoneImage()?.imageId ?? '');
    const range = grid === null ? null : percentiles(grid, 0.01, 0.99);
    if (range === null) return;
    const lower = facts?.modality === 'PT' || facts?.modality === 'NM' ? 0 : range.low;
    const width = Math.max(range.high - lower, facts?.suv === null ? 1 : 0.01);
    this.set({ center: lower + width / 2, width, name: 'auto' });
  }

  /** By a drag, CSS pixels. */
  drag(right: number, up: number): void {
    const { window } = this.#model.told;
    const image = this.#held.viewport().getCornerstoneImage();
    if (window === null || image === undefined) return;
    const step = Math.max((image.maxPixelValue - image.minPixelValue) / 1024, 1e-4);
    this.set({ center: window.center - up * step, width: Math.max(window.width + right * step, step), name: '' });
  }

  invert(): void {
    const inverted = !this.#model.told.inverted;
    this.#held.viewport().setProperties({ invert: inverted });
    this.#model.change({ inverted });
    this.#held.viewport().render();
  }
}
