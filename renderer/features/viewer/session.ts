import { createStore } from 'zustand';
import type { Annotation } from '../../../core/annotate/annotation.ts';
import { setSegmentingKeys } from '../../commands/registry.ts';
import { isFrameId } from '../../cornerstone/image-id.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { PlaneName } from '../../cornerstone/reformat/planes.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { isDrawing, setActiveTool, type ToolId } from '../../cornerstone/tools.ts';
import type { ViewSnapshot } from '../../cornerstone/view-state.ts';
import type { TextKey, TextValues } from '../../text/text.ts';
import { FusionMode } from './fusion-mode.ts';
import { cellCount, fillCells, type LayoutId } from './layouts.ts';
import { match } from './linking.ts';
import { type Planes, PlanesMode } from './planes-mode.ts';
import { openingOf } from './presets.ts';
import type { Prior } from './priors.ts';
import { openingState, type ReadingState } from './reading-state.ts';
import { imagesOf, type OpenedStudy, type SeriesStack, shownSeries } from './study.ts';
import { whenPainted } from './when-painted.ts';

interface Undoable {
  readonly view: StackView;
  readonly before: ViewSnapshot;
}

/** One open study on screen: its viewports, and what is active in them. */
export class ReadingSession implements Reading {
  readonly study: OpenedStudy;
  readonly store;
  readonly #views = new Map<number, StackView>();
  readonly #wanted = new Map<number, number>();
  readonly #later = new Map<number, (view: StackView) => void>();
  #resets: Undoable[] = [];
  #lastDrawing: ToolId = 'length';
  /** The tool to go back to when painting ends. */
  #beforeBrush: ToolId = 'window';
  #grid: HTMLElement | null = null;
  readonly planes = new PlanesMode(this);
  readonly fusion = new FusionMode(this);

  constructor(study: OpenedStudy) {
    this.study = study;
    this.store = createStore<ReadingState>(() => openingState(study));
    this.store.subscribe(({ cells }, before) => {
      if (cells !== before.cells) this.fusion.prune();
    });
    setActiveTool('window');
  }

  get state(): ReadingState {
    return this.store.getState();
  }

  get studyId(): string {
    return this.study.details.study.studyId;
  }

  get reader(): Reading['reader'] {
    return this.study.reader;
  }

  get findImage(): Reading['findImage'] {
    return this.study.findImage;
  }

  imagesOf(seriesUid: string): readonly string[] {
    return imagesOf(this.study, seriesUid);
  }

  /** What the features that work on images see of a prior. */
  readingOf(study: OpenedStudy): Reading {
    return {
      studyId: study.details.study.studyId,
      reader: study.reader,
      findImage: study.findImage,
      imagesOf: (seriesUid) => imagesOf(study, seriesUid),
      setSegmenting: (on) => this.setSegmenting(on),
      activeView: () => this.activeView(),
      tool: () => this.tool(),
      showImage: (imageId) => this.showImage(imageId),
      showReformat: (mark) => this.showReformat(mark),
      openMeasurements: () => this.openMeasurements(),
    };
  }

  /** Lets go of what isn't on screen by itself. */
  close(): void {
    setSegmentingKeys(false);
    this.fusion.cancel();
    this.planes.close();
  }

  set(change: Partial<ReadingState>): void {
    this.store.setState(change);
  }

  /** Says a sentence in the line above the images; null takes it away. */
  say(key: TextKey | null, values: TextValues = {}): void {
    this.set({ notice: key === null ? null : { key, values } });
  }

  /** The study that an id stands for: the one that is read, or an open prior. */
  studyOf(studyId: string): OpenedStudy {
    return this.state.priors.find(({ row }) => row.studyId === studyId)?.study ?? this.study;
  }

  /** The study that a viewport's series belongs to. */
  studyIn(cell: number): OpenedStudy {
    const series = this.state.cells[cell] ?? null;
    return series === null ? this.study : this.studyOf(this.state.series[series]?.studyId ?? '');
  }

  /** The element that has the keyboard while images are read. */
  setGrid(grid: HTMLElement | null): void {
    this.#grid = grid;
  }

  get grid(): HTMLElement | null {
    return this.#grid;
  }

  focusGrid(): void {
    this.#grid?.focus({ preventScroll: true });
  }

  attach(cell: number, view: StackView): void {
    this.#views.set(cell, view);
    this.set({ attached: this.state.attached + 1 });
  }

  detach(cell: number): void {
    this.#views.delete(cell);
    this.#resets = [];
  }

  view(cell: number): StackView | null {
    return this.#views.get(cell) ?? null;
  }

  /** Views that are on screen, with their places. */
  views(): ReadonlyMap<number, StackView> {
    return this.#views;
  }

  activeView(): StackView | null {
    const view = this.view(this.state.active);
    return view?.state.stack === null ? null : view;
  }

  tool(): ToolId {
    return this.state.tool;
  }

  setTool(tool: ToolId): void {
    if (this.state.mpr?.volume.geometry.frameOfReferenceUid === null && isDrawing(tool)) {
      this.say('viewer.mpr.noMarks');
      return;
    }
    const paints = tool === 'brush' || tool === 'eraser';
    if (paints && !this.state.segmenting) {
      this.setSegmenting(true, tool);
      return;
    }
    if (isDrawing(tool)) this.#lastDrawing = tool;
    setActiveTool(tool);
    this.set({ tool });
  }

  /** Goes into the mode in which segments are painted (its keys go first), or leaves it for the tool that was there. */
  setSegmenting(on: boolean, tool: 'brush' | 'eraser' = 'brush'): void {
    if (on === this.state.segmenting) return;
    if (on && this.state.mpr !== null) {
      this.say('viewer.segment.noPlanes');
      return;
    }
    if (on) this.#beforeBrush = this.state.tool;
    setSegmentingKeys(on);
    this.set({ segmenting: on, notice: null });
    this.setTool(on ? tool : this.#beforeBrush);
    if (on) this.openMeasurements();
  }

  /** The drawing tool that was used last. */
  lastTool(): void {
    this.setTool(this.#lastDrawing);
  }

  activate(cell: number): void {
    if (cell !== this.state.active) this.set({ active: cell });
  }

  setLayout(layout: LayoutId): void {
    this.planes.leave();
    const cells = fillCells(this.state.cells, cellCount(layout), shownSeries(this.study));
    const active = Math.min(this.state.active, cells.length - 1);
    const seen = new Set([...this.state.seen, ...cells.filter((series) => series !== null)]);
    this.set({ layout, cells, active, maximised: false, seen });
  }

  /** Shows a series in a viewport, and makes that viewport active. */
  showSeries(series: number, cell?: number): void {
    if ((this.state.series[series]?.stack.imageIds.length ?? 0) === 0) return;
    const wasPlanes = this.state.mpr !== null;
    this.planes.leave();
    const { cells, seen, active, cine } = this.state;
    const place = wasPlanes || cell === undefined ? active : cell;
    this.set({
      cells: cells.map((old, at) => (at === place ? series : old)),
      active: place,
      seen: new Set([...seen, series]),
      cine: { ...cine, playing: false },
    });
  }

  /** The series before or after the active viewport's, in the order of the rail, within its study. */
  stepSeries(by: 1 | -1): void {
    this.planes.leave();
    const { cells, active, series } = this.state;
    const now = cells[active] ?? null;
    const studyId = now === null ? this.studyId : series[now]?.studyId;
    const order = [...series.entries()]
      .filter(([, one]) => one.studyId === studyId && one.plane === null && one.stack.imageIds.length > 0)
      .map(([place]) => place);
    const next = order[(now === null ? -1 : order.indexOf(now)) + by];
    if (next !== undefined) this.showSeries(next);
  }

  /** Says how far a linked viewport is off; null while it follows by position. */
  linkOffset(offset: number | null): void {
    if (this.state.offset !== offset) this.set({ offset });
  }

  /** A prior's line in the rail changes. */
  changePrior(studyId: string, change: Partial<Prior>): void {
    this.set({
      priors: this.state.priors.map((prior) => (prior.row.studyId === studyId ? { ...prior, ...change } : prior)),
    });
  }

  /** A prior is open: its series can be shown. */
  addPrior(study: OpenedStudy): void {
    this.set({ series: [...this.state.series, ...study.series] });
    this.changePrior(study.details.study.studyId, { study, state: 'open' });
  }

  /** Two series side by side: `left` stays at its image, `right` begins at the same part of its way. */
  compare(left: number, right: number): void {
    this.planes.leave();
    const { series, seen, cells } = this.state;
    const shown = cells.indexOf(left);
    const index = shown === -1 ? 0 : (this.view(shown)?.target ?? 0);
    const part = index / Math.max(1, (series[left]?.stack.imageIds.length ?? 1) - 1);
    if (shown !== 0) this.#wanted.set(0, index);
    this.#later.set(1, (view) => {
      const source = this.view(0);
      if (source !== null) match(source, view);
    });
    this.#wanted.set(1, Math.round(part * ((series[right]?.stack.imageIds.length ?? 1) - 1)));
    this.set({
      layout: '1x2',
      cells: [left, right],
      active: 0,
      maximised: false,
      link: 'position',
      offset: null,
      seen: new Set([...seen, left, right]),
    });
  }

  /** Planes take the place of the layout. */
  showPlanes(entries: readonly SeriesStack[], indexes: readonly number[], mpr: Planes): void {
    const { cine } = this.state;
    const series = [...this.state.series];
    // Places in `series` are kept for good: planes that are gone have left theirs for the next ones.
    const places = entries.map((entry) => {
      const free = series.findIndex(({ plane }) => plane === entry.plane);
      return free === -1 ? series.push(entry) - 1 : free;
    });
    for (const [cell, entry] of entries.entries()) series[places[cell] as number] = entry;
    for (const [cell, index] of indexes.entries()) this.#wanted.set(cell, index);
    this.set({
      series,
      cells: places,
      layout: 'planes',
      active: 0,
      maximised: false,
      cine: { ...cine, playing: false },
      mpr,
    });
  }

  /** Other images of the same planes, in their places. */
  changePlanes(mpr: Planes, ids: (plane: PlaneName) => readonly string[]): void {
    const series = this.state.series.map((entry) =>
      entry.plane === null ? entry : { ...entry, stack: { ...entry.stack, imageIds: ids(entry.plane) } },
    );
    this.set({ series, mpr });
    for (const [cell, view] of this.#views) {
      const stack = series[this.state.cells[cell] ?? -1]?.stack;
      if (stack !== undefined) void view.swapStack(stack);
    }
  }

  /** The layout that was there before the planes; the series that they were made of opens at `index`. */
  leavePlanes({ before, source }: Planes, index: number): void {
    const cell = before.cells.indexOf(source);
    if (cell !== -1) this.#wanted.set(cell, index);
    const series = this.state.series.map((entry) =>
      entry.plane === null ? entry : { ...entry, stack: { ...entry.stack, imageIds: [] } },
    );
    this.set({ ...before, series, mpr: null, maximised: false, notice: null });
  }

  stepViewport(by: 1 | -1): void {
    const { cells, active } = this.state;
    this.activate((active + by + cells.length) % cells.length);
  }

  /** Called by a viewport whose series changed: shows the stack, at the image that was asked for. */
  async present(cell: number, view: StackView, series: number): Promise<void> {
    const stack = this.state.series[series]?.stack;
    if (stack === undefined) return;
    const index = this.#wanted.get(cell) ?? 0;
    this.#wanted.delete(cell);
    const { mpr } = this.state;
    const later = this.#later.get(cell);
    this.#later.delete(cell);
    if (later !== undefined) whenPainted(view, stack, later);
    await view.showStack(stack, index, mpr === null ? openingOf : () => mpr.opening);
  }

  async showImage(imageId: string): Promise<void> {
    const series = this.state.series.findIndex(({ stack }) => stack.imageIds.includes(imageId));
    if (series === -1) return;
    if (this.state.mpr !== null && isFrameId(imageId)) this.planes.leave();
    const index = this.state.series[series]?.stack.imageIds.indexOf(imageId) ?? 0;
    const { cells, active } = this.state;
    const cell = cells[active] === series ? active : cells.indexOf(series);
    if (cell === -1) {
      this.#wanted.set(active, index);
      this.showSeries(series);
      return;
    }
    this.activate(cell);
    await this.view(cell)?.showSlice(index);
  }

  showReformat(mark: Annotation): Promise<void> {
    return this.planes.showMark(mark);
  }

  openMeasurements(): void {
    this.set({ panel: 'measurements' });
  }

  /** Does a reset that can be undone. */
  reset(act: (view: StackView) => void): void {
    const view = this.activeView();
    if (view === null) return;
    this.#resets.push({ view, before: view.snapshot() });
    act(view);
  }

  /** Takes the last reset back; false when there is none. */
  undoReset(): boolean {
    const last = this.#resets.pop();
    if (last === undefined) return false;
    last.view.restore(last.before);
    return true;
  }

  /** A mark was drawn after a reset: undo means the mark now. */
  forgetResets(): void {
    this.#resets = [];
  }
}
