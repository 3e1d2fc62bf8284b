import type { Annotation, AnnotationKind } from '../../../core/annotate/annotation.ts';
import { annotationFromPixels } from '../../cornerstone/annotation-map.ts';
import { Emitter } from '../../cornerstone/emitter.ts';
import type { MarkLayer } from '../../cornerstone/marks.ts';
import type { Pixel } from '../../cornerstone/measure.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { BrushStrokes } from './brush-strokes.ts';
import type { MarkSets } from './mark-sets.ts';
import type { MarkStore } from './mark-store.ts';

/** Points that a kind wants by key; a rectangle and an ellipse are told by two opposite corners. */
const WANTED: Readonly<Partial<Record<AnnotationKind, number>>> = {
  length: 2,
  bidirectional: 4,
  angle: 3,
  cobb: 4,
  rectangle: 2,
  ellipse: 2,
  arrow: 2,
  text: 1,
  probe: 1,
};

export interface KeyCursor {
  readonly view: StackView;
  readonly at: Pixel;
  readonly points: readonly Pixel[];
  /** The mark whose handles are moved; null while a new one is drawn. */
  readonly editing: { readonly mark: Annotation; readonly handle: number } | null;
}

/** The points that a kind keeps, from the ones that were set by key. */
export function shapeOf(kind: AnnotationKind, points: readonly Pixel[]): Pixel[] {
  const [a, b] = points;
  if (a === undefined || b === undefined) return [...points];
  if (kind === 'rectangle') return [a, [b[0], a[1]], [a[0], b[1]], b];
  if (kind !== 'ellipse') return [...points];
  const x = (a[0] + b[0]) / 2;
  const y = (a[1] + b[1]) / 2;
  const left = Math.min(a[0], b[0]);
  const right = Math.max(a[0], b[0]);
  const top = Math.min(a[1], b[1]);
  const bottom = Math.max(a[1], b[1]);
  return [
    [x, bottom],
    [x, top],
    [left, y],
    [right, y],
  ];
}

function isKind(tool: string): tool is Exclude<AnnotationKind, 'key-image'> {
  return tool in WANTED || tool === 'freehand';
}

/** Drawing without a mouse: a cursor that stands on a pixel, moved by the arrows, with Enter setting points. */
export class KeyDrawing {
  /** The cursor came, moved or went. */
  readonly moved = new Emitter<KeyCursor | null>();
  readonly #reading: Reading;
  readonly #sets: MarkSets;
  readonly #brush: BrushStrokes;
  readonly #show: (shown: boolean) => void;
  #cursor: KeyCursor | null = null;

  /** `show` is told whether the cursor is there, so that the arrow keys are its own. */
  constructor(reading: Reading, sets: MarkSets, brush: BrushStrokes, show: (shown: boolean) => void) {
    this.#reading = reading;
    this.#brush = brush;
    this.#sets = sets;
    this.#show = show;
  }

  /** Drawing and journal of the study that the cursor's viewport shows. */
  get #layer(): MarkLayer {
    return this.#sets.active().layer;
  }

  get #marks(): MarkStore {
    return this.#sets.active().marks;
  }

  get cursor(): KeyCursor | null {
    return this.#cursor;
  }

  #set(cursor: KeyCursor | null): void {
    const shown = cursor !== null;
    if (shown !== (this.#cursor !== null)) this.#show(shown);
    this.#cursor = cursor;
    this.moved.emit(cursor);
  }

  /** Enter: shows the cursor, sets a point, or goes to the next handle. */
  point(): boolean {
    const view = this.#reading.activeView();
    if (view === null) return false;
    const cursor = this.#cursor;
    if (cursor === null || cursor.view !== view) return this.#begin(view);
    if (cursor.editing !== null) return this.#nextHandle(cursor.editing.mark, cursor.editing.handle + 1, view);
    const tool = this.#reading.tool();
    // Enter puts the brush down, and lifts it again: the arrows paint in between.
    if (tool === 'brush' || tool === 'eraser') {
      if (this.#brush.isDown) this.#brush.end();
      else this.#brush.begin(view, cursor.at);
      this.#set({ ...cursor });
      return true;
    }
    if (tool === 'crosshair') {
      view.pointed.emit(cursor.at);
      return true;
    }
    if (!isKind(tool)) {
      this.#set(null);
      return true;
    }
    const points: Pixel[] = [...cursor.points, cursor.at];
    if (points.length === WANTED[tool] || closes(tool, points)) this.#finish(tool, points, view);
    else this.#set({ ...cursor, points });
    return true;
  }

  #begin(view: StackView): boolean {
    const { selected } = this.#marks.state;
    const mark = selected === null ? null : this.#marks.find(selected);
    if (mark !== null && this.#layer.imageIdOf(mark) === view.imageId) return this.#nextHandle(mark, 0, view);
    const { clientWidth, clientHeight } = view.element;
    const center = view.toPixel([clientWidth / 2, clientHeight / 2]);
    if (center === null) return false;
    this.#set({ view, at: [Math.round(center[0]), Math.round(center[1])], points: [], editing: null });
    return true;
  }

  #nextHandle(mark: Annotation, handle: number, view: StackView): boolean {
    const pixels = this.#layer.pixels(mark);
    const at = pixels[handle];
    if (at === undefined) {
      this.#commit();
      return true;
    }
    this.#set({ view, at: [Math.round(at[0]), Math.round(at[1])], points: [], editing: { mark, handle } });
    return true;
  }

  /** Moves on the screen by whole image pixels. */
  move(right: number, down: number): boolean {
    const cursor = this.#cursor;
    if (cursor === null) return false;
    const { view } = cursor;
    const { facts } = view;
    const from = view.toPixel([0, 0]);
    const to = view.toPixel([Math.sign(right) * 50, Math.sign(down) * 50]);
    if (from === null || to === null || facts === null) return false;
    const step = Math.max(Math.abs(right), Math.abs(down));
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const along = Math.abs(dx) > Math.abs(dy);
    const column = cursor.at[0] + (along ? Math.sign(dx) * step : 0);
    const row = cursor.at[1] + (along ? 0 : Math.sign(dy) * step);
    const at: Pixel = [clamp(column, facts.plane.columns - 1), clamp(row, facts.plane.rows - 1)];
    this.#brush.move(at);
    this.#set({ ...cursor, at, editing: this.#moveHandle(cursor, at) });
    return true;
  }

  #moveHandle(cursor: KeyCursor, at: Pixel): KeyCursor['editing'] {
    const { editing, view } = cursor;
    const { facts, imageId } = view;
    if (editing === null || facts === null || imageId === null) return editing;
    const { mark, handle } = editing;
    const pixels = this.#layer.pixels(mark).map((pixel, index) => (index === handle ? at : pixel));
    const kept = mark.kind === 'rectangle' ? squared(pixels, handle) : pixels;
    const moved = annotationFromPixels(
      { ...mark, modifiedAt: new Date().toISOString() },
      kept,
      imageId,
      facts,
      view.grid,
    );
    this.#layer.put(moved);
    this.#marks.store.setState({ live: moved });
    return { mark: moved, handle };
  }

  #commit(): void {
    const moved = this.#cursor?.editing?.mark;
    this.#set(null);
    if (moved !== undefined) this.#marks.change(moved);
  }

  #finish(kind: AnnotationKind, points: readonly Pixel[], view: StackView): void {
    const { facts, imageId } = view;
    this.#set(null);
    if (facts === null || imageId === null) return;
    const now = new Date().toISOString();
    const base = { uid: crypto.randomUUID(), kind, label: '', createdAt: now, modifiedAt: now };
    const mark = annotationFromPixels(base, shapeOf(kind, points), imageId, facts, view.grid);
    this.#marks.draw(mark);
    if (kind === 'text') this.#marks.store.setState({ live: mark, editing: mark.uid });
    else this.#marks.add(mark);
  }

  /** Escape: gives the cursor up; a handle that was moved stays moved. False when there was no cursor. */
  cancel(): boolean {
    if (this.#cursor === null) return false;
    this.#commit();
    return true;
  }
}

function clamp(value: number, largest: number): number {
  return Math.min(largest, Math.max(0, value));
}

/** A freehand line by keys ends where it began. */
function closes(kind: AnnotationKind, points: readonly Pixel[]): boolean {
  const first = points[0];
  const last = points.at(-1);
  if (kind !== 'freehand' || points.length < 4 || first === undefined || last === undefined) return false;
  return Math.hypot(first[0] - last[0], first[1] - last[1]) <= 1;
}

/** Keeps a rectangle's corners at right angles when one of them moves: its two neighbours follow. */
function squared(pixels: readonly Pixel[], handle: number): Pixel[] {
  const moved = pixels[handle];
  const opposite = pixels[3 - handle];
  if (moved === undefined || opposite === undefined || pixels.length !== 4) return [...pixels];
  const [first, last] = handle < 3 - handle ? [moved, opposite] : [opposite, moved];
  if (handle === 0 || handle === 3) return [first, [last[0], first[1]], [first[0], last[1]], last];
  return [[last[0], first[1]], first, last, [first[0], last[1]]];
}
