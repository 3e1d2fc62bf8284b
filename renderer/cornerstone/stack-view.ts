import { cache, Enums, type StackViewport, type Types } from '@cornerstonejs/core';
import { Emitter } from './emitter.ts';
import { startEngine } from './engine.ts';
import { codeOf } from './errors.ts';
import type { FrameFacts } from './facts.ts';
import { factsAt } from './facts-at.ts';
import { fromPixel, toPixel } from './geometry.ts';
import { gridOf, loadImage, PRIORITY } from './image-loader.ts';
import type { Pixel } from './measure.ts';
import { type PixelGrid, valueAt } from './pixels.ts';
import {
  centerOn,
  countFromCentres,
  fitImage,
  isFittedZoom,
  mirrored,
  type Orientation,
  orient,
  panBy,
  turned,
  UPRIGHT,
  zoomBy,
} from './placement.ts';
import { bridgePointer } from './pointer-bridge.ts';
import { Prefetcher } from './prefetch.ts';
import { addToTools, type BrushStage, type DragTarget, removeFromTools, setDragTarget } from './tools.ts';
import { ViewModel } from './view-model.ts';
import { followSize, settleSizes } from './view-size.ts';
import { type OpeningChooser, type Stack, sameIds, type ViewSnapshot, type ViewState } from './view-state.ts';
import { ViewWindow } from './view-window.ts';

let views = 0;

/** One viewport: a stack of images in an element, and all that can be done to how it is shown. */
export class StackView implements DragTarget {
  readonly id: string;
  readonly element: HTMLDivElement;
  /** The state changed. */
  readonly changed = new Emitter<ViewState>();
  /** The image was drawn anew: positions on the canvas may have moved. */
  readonly drawn = new Emitter<ViewState>();
  /** The crosshair was set at this pixel. */
  readonly pointed = new Emitter<Pixel>();
  /** The brush does something at this pixel. */
  readonly brushed = new Emitter<{ readonly stage: BrushStage; readonly pixel: Pixel }>();
  readonly #model = new ViewModel();
  /** Its grey window: set, bound, from the file or from the pixels. */
  readonly window = new ViewWindow(this.#model, {
    viewport: () => this.#viewport,
    facts: () => this.#heldFacts,
  });
  #wanted = 0;
  #direction: 1 | -1 = 1;
  #dragged = 0;
  /** Size of the canvas when the picture was last drawn, in CSS pixels: its element may have another one already. */
  #size: readonly [number, number] = [0, 0];
  /** The picture was fitted and isn't drawn yet: what was drawn last says nothing of it. */
  #fitting = false;
  #chooser: OpeningChooser = () => ({ window: null, inverted: false });
  readonly #prefetch = new Prefetcher();
  readonly #engine = startEngine().rendering;
  readonly #stopPointer: () => void;
  readonly #stopSize: () => void;

  constructor(element: HTMLDivElement) {
    this.element = element;
    this.id = `view-${++views}`;
    const type = Enums.ViewportType.STACK;
    this.#engine.enableElement({ viewportId: this.id, type, element, defaultOptions: { background: [0, 0, 0] } });
    // The keyboard's place is the grid: the library makes the surface take focus on a click.
    element.removeAttribute('tabindex');
    countFromCentres(this.#viewport, () => this.#heldFacts?.plane ?? null);
    addToTools(this.id, this.#engine.id);
    setDragTarget(this.id, this);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.#onDrawn);
    const canvasToWorld = (point: Types.Point2): Types.Point3 => this.#viewport.canvasToWorld(point);
    this.#stopPointer = bridgePointer({
      element,
      viewportId: this.id,
      renderingEngineId: this.#engine.id,
      canvasToWorld,
    });
    this.#stopSize = followSize(this, this.#engine);
  }

  /** What is painted; whatever names the image reads this. */
  get state(): ViewState {
    return this.#model.shown;
  }

  /** What the next painting shows; commands count from here. */
  get told(): ViewState {
    return this.#model.told;
  }

  get #viewport(): StackViewport {
    return this.#engine.getViewport(this.id) as StackViewport;
  }

  /** Image id on screen; null before the first. */
  get imageId(): string | null {
    return this.state.stack?.imageIds[this.state.index] ?? null;
  }

  /** Facts of the image that the viewport holds, painted or about to be: its geometry is that of canvas and world. */
  get #heldFacts(): FrameFacts | null {
    const imageId = this.#viewport.getCornerstoneImage()?.imageId;
    return imageId === undefined ? null : factsAt(imageId);
  }

  /** Facts of the image on screen; null while its header isn't there. */
  get facts(): FrameFacts | null {
    const imageId = this.imageId;
    return imageId === null ? null : factsAt(imageId);
  }

  /** Decoded pixels of the image on screen; null when it isn't shown. */
  get grid(): PixelGrid | null {
    return this.imageId === null || this.state.error !== null ? null : gridOf(this.imageId);
  }

  readonly #onDrawn = (): void => {
    const { width, height } = this.#viewport.canvas;
    this.#size = [width / window.devicePixelRatio, height / window.devicePixelRatio];
    this.#fitting = false;
    const before = this.state;
    const imageId = this.#viewport.getCornerstoneImage()?.imageId;
    if (imageId !== undefined) this.#model.painted(imageId, this.#measureZoom());
    if (this.state !== before) this.changed.emit(this.state);
    this.drawn.emit(this.state);
  };

  /** Shows a series at a slice, fitted and windowed, as if it were opened anew. */
  async showStack(stack: Stack, index: number, chooser: OpeningChooser): Promise<void> {
    this.#chooser = chooser;
    this.#prefetch.stop();
    await this.#show(stack, index);
  }

  /** Shows a slice (from 0, clamped). When several are asked for in a row, only the last one is drawn. */
  async showSlice(index: number): Promise<void> {
    const stack = this.#model.target?.stack;
    if (stack !== undefined) await this.#show(stack, index);
  }

  async #show(stack: Stack, index: number): Promise<void> {
    if (stack.imageIds.length === 0) return;
    const target = Math.min(stack.imageIds.length - 1, Math.max(0, index));
    const imageId = stack.imageIds[target] as string;
    const turn = ++this.#wanted;
    const last = this.target;
    if (target !== last) this.#direction = target > last ? 1 : -1;
    this.#model.ask(stack, target);
    this.changed.emit(this.state);
    try {
      await loadImage(imageId, PRIORITY.visible);
      if (turn !== this.#wanted) return;
      await this.#draw(stack, target);
    } catch (error) {
      if (turn !== this.#wanted) return;
      cache.removeImageLoadObject(imageId, { force: true });
      this.#model.fail(codeOf(error));
      this.changed.emit(this.state);
    }
    this.#prefetch.around(stack.imageIds, target, this.#direction, gridOf(imageId)?.data.length ?? 1_000_000);
  }

  async #draw(stack: Stack, index: number): Promise<void> {
    const viewport = this.#viewport;
    if (this.#model.begin(!sameIds(viewport.getImageIds(), stack.imageIds))) {
      settleSizes(this.#engine);
      await viewport.setStack([...stack.imageIds], index);
      this.#fit(UPRIGHT);
      this.window.open(this.#chooser);
    } else {
      await viewport.setImageIdIndex(index);
      this.window.follow();
    }
    viewport.render();
  }

  /** Moves by slices; stops at the ends. */
  scrollBy(slices: number): void {
    void this.showSlice(this.target + slices);
  }

  /** Slice that was asked for last, from 0. */
  get target(): number {
    return this.#model.target?.index ?? 0;
  }

  dragWindow(right: number, up: number): void {
    this.window.drag(right, up);
  }

  /** The crosshair is set at a place of the canvas. */
  pointAt(canvas: readonly [number, number]): void {
    const pixel = this.toPixel(canvas);
    if (pixel !== null) this.pointed.emit(pixel);
  }

  brushAt(stage: BrushStage, canvas: readonly [number, number]): void {
    const pixel = this.toPixel(canvas);
    if (pixel !== null) this.brushed.emit({ stage, pixel });
  }

  dragScroll(down: number): void {
    const count = this.state.stack?.imageIds.length ?? 1;
    const perSlice = Math.max(2, this.element.clientHeight / Math.max(count, 8));
    this.#dragged += down;
    const slices = Math.trunc(this.#dragged / perSlice);
    if (slices === 0) return;
    this.#dragged -= slices * perSlice;
    this.scrollBy(slices);
  }

  /** Whether the picture fills the viewport: as it was last drawn, or as it is about to be. */
  isFitted(): boolean {
    if (this.#fitting || this.facts === null || this.#size[0] === 0) return true;
    return isFittedZoom(this.state, this.facts.plane, this.#size);
  }

  /** Puts the picture right after its element changed its size: fitted stays fitted, and no turn is lost. */
  resized(wasFitted: boolean): void {
    if (this.#viewport.getImageIds().length === 0) return;
    if (wasFitted) this.#fit(this.#orientation);
    else orient(this.#viewport, this.#orientation);
    this.#viewport.render();
  }

  #fit(orientation: Orientation): void {
    this.#fitting = true;
    fitImage(this.#viewport, orientation, this.#heldFacts?.plane ?? null);
  }

  get #orientation(): Orientation {
    const { rotation, flippedHorizontally, flippedVertically } = this.told;
    return { rotation, flippedHorizontally, flippedVertically };
  }

  #orient(orientation: Orientation): void {
    orient(this.#viewport, orientation);
    this.#model.change(orientation);
    this.#viewport.render();
  }

  zoomBy(factor: number): void {
    this.#fitting = false;
    zoomBy(this.#viewport, factor);
    this.#viewport.render();
  }

  /** Fits the image into the viewport and centres it. Orientation stays. */
  fit(): void {
    this.#fit(this.#orientation);
    this.#viewport.render();
  }

  /** One image pixel on one pixel of the screen. */
  oneToOne(): void {
    const now = this.#measureZoom() * window.devicePixelRatio;
    if (now > 0) this.zoomBy(1 / now);
  }

  panBy(x: number, y: number): void {
    panBy(this.#viewport, x, y);
    this.#viewport.render();
  }

  /** Swaps left and right as they are seen. */
  flipHorizontally(): void {
    this.#orient(mirrored(this.#orientation, 'horizontal'));
  }

  /** Swaps top and bottom as they are seen. */
  flipVertically(): void {
    this.#orient(mirrored(this.#orientation, 'vertical'));
  }

  /** Turns clockwise on the screen. */
  rotateBy(degrees: number): void {
    const wasFitted = this.isFitted();
    this.#orient(turned(this.#orientation, degrees));
    if (wasFitted) this.fit();
  }

  /** Back to fitted and unturned; slice, window and marks stay. */
  resetView(): void {
    this.#fit(UPRIGHT);
    this.#model.change(UPRIGHT);
    this.#viewport.render();
  }

  /** Back to the window that the series opened with. */
  resetWindow(): void {
    this.window.open(this.#chooser);
    this.#viewport.render();
  }

  /** What a reset throws away, for undo. */
  snapshot(): ViewSnapshot {
    const { window: shown, fileWindow, inverted, flippedHorizontally, flippedVertically, rotation } = this.told;
    const center = this.center ?? [0, 0];
    const kept = { window: shown, fileWindow, inverted, flippedHorizontally, flippedVertically, rotation };
    return { ...kept, zoom: this.#measureZoom(), center };
  }

  restore(snapshot: ViewSnapshot): void {
    const { zoom, center, ...state } = snapshot;
    const facts = this.#heldFacts;
    const viewport = this.#viewport;
    orient(viewport, state);
    this.#fitting = false;
    zoomBy(viewport, zoom / this.#measureZoom());
    if (facts !== null) centerOn(viewport, fromPixel(facts.plane, center));
    viewport.setProperties({ invert: state.inverted });
    if (state.window !== null) this.window.set(state.window, state.fileWindow);
    this.#model.change(state);
    viewport.render();
  }

  /** Image pixel in the middle of the viewport; null when nothing is shown. */
  get center(): Pixel | null {
    // Of the canvas, which is what is drawn on: its element may have another size already.
    const { width, height } = this.#viewport.canvas;
    return this.toPixel([width / 2 / window.devicePixelRatio, height / 2 / window.devicePixelRatio]);
  }

  /** Zooms and pans to a pixel in the middle, `zoom` CSS pixels a column. Nothing is drawn when it is so already. */
  moveTo(zoom: number, center: Pixel): void {
    const facts = this.#heldFacts;
    const now = this.center;
    if (facts === null || now === null) return;
    const before = this.#measureZoom();
    const still = Math.hypot(now[0] - center[0], now[1] - center[1]) * before < 0.5;
    if (still && Math.abs(zoom / before - 1) < 1e-3) return;
    this.#fitting = false;
    zoomBy(this.#viewport, zoom / before);
    centerOn(this.#viewport, fromPixel(facts.plane, center));
    this.#viewport.render();
  }

  /** Shows another stack of the same images in its place; slice, window and view stay. */
  async swapStack(stack: Stack): Promise<void> {
    const before = this.snapshot();
    await this.#show(stack, this.target);
    this.restore(before);
  }

  /** Canvas position (CSS pixels from the element's corner) of an image pixel; null when nothing is shown. */
  toCanvas(pixel: Pixel): readonly [number, number] | null {
    const plane = this.#heldFacts?.plane;
    return plane === undefined ? null : this.#viewport.worldToCanvas(fromPixel(plane, pixel));
  }

  /** Image pixel (fractions kept) under a canvas position; null when nothing is shown. */
  toPixel(canvas: readonly [number, number]): Pixel | null {
    const plane = this.#heldFacts?.plane;
    return plane === undefined ? null : toPixel(plane, this.#viewport.canvasToWorld([canvas[0], canvas[1]]));
  }

  /** The value under a canvas position; null outside the image and in colour. */
  valueUnder(canvas: readonly [number, number]): { readonly pixel: Pixel; readonly value: number } | null {
    const pixel = this.toPixel(canvas);
    if (pixel === null || this.grid === null) return null;
    const value = valueAt(this.grid, Math.round(pixel[0]), Math.round(pixel[1]));
    return value === null ? null : { pixel, value };
  }

  #measureZoom(): number {
    const a = this.toCanvas([0, 0]);
    const b = this.toCanvas([1, 0]);
    return a === null || b === null ? this.state.zoom : Math.hypot(b[0] - a[0], b[1] - a[1]);
  }

  /** Draws again, for marks that changed. */
  redraw(): void {
    this.#viewport.render();
  }

  /** Takes the viewport apart; the element stays. */
  destroy(): void {
    this.#stopSize();
    this.#prefetch.stop();
    this.#wanted += 1;
    this.#stopPointer();
    this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.#onDrawn);
    setDragTarget(this.id, null);
    removeFromTools(this.id, this.#engine.id);
    this.#engine.disableElement(this.id);
  }
}
