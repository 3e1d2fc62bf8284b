import type { StackViewport } from '@cornerstonejs/core';
import type { FrameFacts } from './facts.ts';
import { gridOf } from './image-loader.ts';
import { percentiles } from './pixels.ts';
import type { ViewModel } from './view-model.ts';
import type { OpeningChooser, Window } from './view-state.ts';
import { spanOf } from './voi.ts';
import { drawVoi } from './voi-drawing.ts';
import { fromZero, sameWindow } from './window-range.ts';

/** A step is drawn as a slope that no whole value lies on. */
const STEP = 1e-3;

/** Modalities whose zero means "nothing there", so that a grey that isn't black must stay above it. */
const EMISSION: ReadonlySet<string> = new Set(['PT', 'NM']);

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
    this.#model.change({ inverted, window: null, fileWindow: false, zeroBound: EMISSION.has(facts.modality) });
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
    const viewport = this.#held.viewport();
    const kind = this.#held.facts()?.windowFunction ?? 'LINEAR';
    // A sigmoid has no ends; the library makes its own range of center and width again, the way of a line (C.11.2.1.2.1).
    const [lower, upper] = spanOf({ ...window, width }, kind === 'SIGMOID' ? 'LINEAR' : kind);
    viewport.setProperties({ voiRange: { lower, upper: Math.max(upper, lower + STEP) } });
    this.#model.change({ window: { ...window, width }, fileWindow });
    this.refresh();
    viewport.render();
  }

  /** Another image of the series: the window stays, or follows the file's. */
  follow(): void {
    if (this.#model.told.fileWindow) this.file(0);
    else this.refresh();
  }

  /** What isn't a straight line is drawn through a table, which is made for the image that the viewport holds. */
  refresh(): void {
    const { window, inverted } = this.#model.told;
    const kind = this.#held.facts()?.windowFunction ?? 'LINEAR';
    if (window !== null) drawVoi(this.#held.viewport(), window, kind, inverted);
  }

  /** The file's window number `which`; false when the file has none. */
  file(which: number): boolean {
    const file = this.#held.facts()?.windows[which];
    if (file === undefined || this.#held.viewport().getCornerstoneImage().color) return false;
    const { center, width, explanation, table } = file;
    this.set({ center, width, name: explanation || 'file', table }, true);
    return true;
  }

  /** 1 to 99 % of the pixels; from zero up where the lower end stays there. */
  auto(): void {
    const facts = this.#held.facts();
    const grid = gridOf(this.#held.viewport().getCornerstoneImage()?.imageId ?? '');
    const range = grid === null ? null : percentiles(grid, 0.01, 0.99);
    if (range === null) return;
    const lower = this.#model.told.zeroBound ? 0 : range.low;
    const width = Math.max(range.high - lower, facts?.suv === null ? 1 : 0.01);
    this.set({ center: lower + width / 2, width, name: 'auto' });
  }

  /** By hand: with the lower end at zero only the upper end follows, and the window is named by its ends. */
  adjust(center: number, width: number): void {
    if (this.#model.told.zeroBound) {
      const bound = fromZero(center, width);
      this.set({ ...bound, name: `0\u2013${Number(bound.width.toPrecision(3))}` });
    } else {
      this.set({ center, width, name: '' });
    }
  }

  /** Keeps the lower end at zero, or lets it go. */
  toggleZeroBound(): void {
    const { zeroBound, window } = this.#model.told;
    if (window === null) return;
    this.#model.change({ zeroBound: !zeroBound });
    if (!zeroBound) this.adjust(window.center, window.width);
  }

  /** By a drag, CSS pixels. */
  drag(right: number, up: number): void {
    const { window } = this.#model.told;
    const image = this.#held.viewport().getCornerstoneImage();
    if (window === null || image === undefined) return;
    const step = Math.max((image.maxPixelValue - image.minPixelValue) / 1024, 1e-4);
    this.adjust(window.center - up * step, Math.max(window.width + right * step, step));
  }

  invert(): void {
    const inverted = !this.#model.told.inverted;
    this.#held.viewport().setProperties({ invert: inverted });
    this.#model.change({ inverted });
    this.refresh();
    this.#held.viewport().render();
  }
}
