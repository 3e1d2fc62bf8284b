import { createStore } from 'zustand';
import type { Reading } from '../../cornerstone/reading.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { setActiveTool, type ToolId } from '../../cornerstone/tools.ts';
import type { ViewSnapshot } from '../../cornerstone/view-state.ts';
import { cellCount, fillCells, type LayoutId } from './layouts.ts';
import { openingOf } from './presets.ts';
import { type OpenedStudy, shownSeries } from './study.ts';

export type PanelTab = 'measurements' | 'info';

/** What the reading screen shows, besides the images themselves. */
export interface ReadingState {
  readonly layout: LayoutId;
  /** Series (by place in the study) of each viewport; null is empty. */
  readonly cells: readonly (number | null)[];
  readonly active: number;
  readonly maximised: boolean;
  readonly tool: ToolId;
  /** Overlays and marks are hidden while the reader looks under them. */
  readonly hidden: boolean;
  readonly panel: PanelTab | null;
  readonly rail: boolean;
  readonly linked: boolean;
  readonly references: boolean;
  readonly cine: { readonly playing: boolean; readonly rate: number };
  /** Where the viewport's menu is open, in window coordinates. */
  readonly menu: { readonly x: number; readonly y: number } | null;
  readonly seen: ReadonlySet<number>;
}

const DRAWING: ReadonlySet<ToolId> = new Set<ToolId>([
  'length',
  'bidirectional',
  'angle',
  'cobb',
  'rectangle',
  'ellipse',
  'freehand',
  'arrow',
  'text',
  'probe',
]);

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
  #resets: Undoable[] = [];
  #lastDrawing: ToolId = 'length';
  #grid: HTMLElement | null = null;

  constructor(study: OpenedStudy) {
    this.study = study;
    const [first = null] = shownSeries(study);
    this.store = createStore<ReadingState>(() => ({
      layout: '1x1',
      cells: [first],
      active: 0,
      maximised: false,
      tool: 'window',
      hidden: false,
      panel: 'measurements',
      rail: true,
      linked: false,
      references: false,
      cine: { playing: false, rate: 15 },
      menu: null,
      seen: new Set(first === null ? [] : [first]),
    }));
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

  set(change: Partial<ReadingState>): void {
    this.store.setState(change);
  }

  /** The element that has the keyboard while images are read. */
  setGrid(grid: HTMLElement | null): void {
    this.#grid = grid;
  }

  focusGrid(): void {
    this.#grid?.focus({ preventScroll: true });
  }

  attach(cell: number, view: StackView): void {
    this.#views.set(cell, view);
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
    if (DRAWING.has(tool)) this.#lastDrawing = tool;
    setActiveTool(tool);
    this.set({ tool });
  }

  /** The drawing tool that was used last. */
  lastTool(): void {
    this.setTool(this.#lastDrawing);
  }

  activate(cell: number): void {
    if (cell !== this.state.active) this.set({ active: cell });
  }

  setLayout(layout: LayoutId): void {
    const order = shownSeries(this.study);
    const places = this.state.cells.map((series) => (series === null ? null : order.indexOf(series)));
    const cells = fillCells(places, cellCount(layout), order.length).map((place) =>
      place === null ? null : (order[place] ?? null),
    );
    const active = Math.min(this.state.active, cells.length - 1);
    const seen = new Set([...this.state.seen, ...cells.filter((series) => series !== null)]);
    this.set({ layout, cells, active, maximised: false, seen });
  }

  /** Shows a series in a viewport, and makes that viewport active. */
  showSeries(series: number, cell = this.state.active): void {
    const { cells, seen } = this.state;
    if ((this.study.series[series]?.stack.imageIds.length ?? 0) === 0) return;
    const next = cells.map((old, place) => (place === cell ? series : old));
    this.set({
      cells: next,
      active: cell,
      seen: new Set([...seen, series]),
      cine: { ...this.state.cine, playing: false },
    });
  }

  /** The series before or after the active viewport's, in the order of the rail. */
  stepSeries(by: 1 | -1): void {
    const order = shownSeries(this.study);
    const now = this.state.cells[this.state.active] ?? null;
    const place = now === null ? -1 : order.indexOf(now);
    const next = order[place + by];
    if (next !== undefined) this.showSeries(next);
  }

  stepViewport(by: 1 | -1): void {
    const { cells, active } = this.state;
    this.activate((active + by + cells.length) % cells.length);
  }

  /** Called by a viewport whose series changed: shows the stack, at the image that was asked for. */
  async present(cell: number, view: StackView, series: number): Promise<void> {
    const stack = this.study.series[series]?.stack;
    if (stack === undefined) return;
    const index = this.#wanted.get(cell) ?? 0;
    this.#wanted.delete(cell);
    await view.showStack(stack, index, openingOf);
  }

  async showImage(imageId: string): Promise<void> {
    const series = this.study.series.findIndex(({ stack }) => stack.imageIds.includes(imageId));
    if (series === -1) return;
    const index = this.study.series[series]?.stack.imageIds.indexOf(imageId) ?? 0;
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
