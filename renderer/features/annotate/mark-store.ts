import { createStore } from 'zustand';
import type { Annotation, MarkEntry } from '../../../core/annotate/annotation.ts';
import { type Change, History } from '../../../core/annotate/history.ts';
import type { PaintedSegment } from '../../../core/annotate/segment.ts';
import { Emitter } from '../../cornerstone/emitter.ts';
import { parseImageId } from '../../cornerstone/image-id.ts';
import type { MarkLayer } from '../../cornerstone/marks.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import { marksMoved } from '../../cornerstone/reformat/mark-place.ts';
import type { SaveState } from '../../state/status.ts';
import { type Journal, JournalQueue } from './journal-queue.ts';

export interface MarkState {
  /** In order of creation. */
  readonly marks: readonly Annotation[];
  /** The mark under the pointer while it is drawn or dragged. */
  readonly live: Annotation | null;
  readonly selected: string | null;
  /** The mark whose text is being typed. */
  readonly editing: string | null;
  /** Marks whose last change isn't durable yet. */
  readonly unsaved: ReadonlySet<string>;
  readonly save: SaveState;
  readonly unreadable: number;
  /** Code of what kept the journal from being read, or null. */
  readonly loadError: string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/**
 * The marks of one open study: what is on screen, its undo history, and its sealed journal. Every stroke is sent the
 * moment it ends; what could not be saved stays on screen, says so, and goes first at the next try.
 */
export class MarkStore {
  readonly store;
  /** The journal was read; its segments are somebody else's. */
  readonly loaded = new Emitter<readonly PaintedSegment[]>();
  /** Something was done that undo takes back. */
  readonly recorded = new Emitter<void>();
  readonly #history = new History();
  readonly #reading: Reading;
  readonly #layer: MarkLayer;
  readonly #journal: Journal;
  readonly #queue: JournalQueue;
  readonly #stop: (() => void)[];

  constructor(reading: Reading, layer: MarkLayer, journal: Journal) {
    this.#reading = reading;
    this.#layer = layer;
    this.#journal = journal;
    this.#queue = new JournalQueue(reading.studyId, journal);
    this.store = createStore<MarkState>(() => ({
      marks: [],
      live: null,
      selected: null,
      editing: null,
      unsaved: new Set(),
      save: { kind: 'saved', at: null },
      unreadable: 0,
      loadError: null,
      canUndo: false,
      canRedo: false,
    }));
    this.#stop = [
      marksMoved.on(() => this.#place()),
      this.#queue.store.subscribe(({ save, unsaved }) => this.store.setState({ save, unsaved })),
      layer.drawn.on(({ annotation }) => this.#drawn(annotation)),
      layer.edited.on(({ annotation }) => this.change(annotation)),
      layer.live.on(({ annotation }) => this.store.setState({ live: annotation })),
      layer.selected.on((selected) => this.store.setState({ selected })),
    ];
  }

  get state(): MarkState {
    return this.store.getState();
  }

  /** Stops listening. Marks stay where they are; the layer is closed by whoever opened it. */
  close(): void {
    for (const end of this.#stop) end();
  }

  /** Reads the journal and draws every mark on its slice. */
  async load(): Promise<void> {
    try {
      const { annotations, segments, unreadable } = await this.#journal.load(this.#reading.studyId);
      this.loaded.emit(segments);
      const objects = annotations
        .map((mark) => this.#layer.sliceOf(mark))
        .filter((imageId) => imageId !== null)
        .map((imageId) => parseImageId(imageId).objectId);
      await this.#reading.reader.loadHeaders([...new Set(objects)]);
      this.store.setState({ marks: annotations, unreadable, loadError: null });
      for (const mark of annotations) this.#layer.put(mark);
    } catch (error) {
      this.store.setState({ loadError: this.#journal.codeOf(error) });
    }
  }

  /** Draws every mark where it lies now that planes came or went. */
  #place(): void {
    const { marks } = this.state;
    for (const mark of marks) this.#layer.put(mark);
    this.store.setState({ marks: [...marks], live: null });
  }

  /** The mark with this uid; null when there is none. */
  find(uid: string): Annotation | null {
    return this.state.marks.find((mark) => mark.uid === uid) ?? null;
  }

  #drawn(annotation: Annotation): void {
    // A text without words isn't a mark yet: it is written to the journal when it says something.
    if (annotation.kind === 'text' && annotation.label === '') {
      this.store.setState({ live: annotation, editing: annotation.uid });
      return;
    }
    this.add(annotation);
    if (annotation.kind === 'arrow') this.store.setState({ editing: annotation.uid });
  }

  /** Records a new mark. The first one opens the panel. */
  add(annotation: Annotation): void {
    if (this.state.marks.length === 0) this.#reading.openMeasurements();
    this.#record({ before: null, after: annotation });
  }

  /** Records a change of a mark that is there; nothing happens when it says the same. */
  change(annotation: Annotation): void {
    const before = this.find(annotation.uid);
    if (before === null || same(before, annotation)) this.store.setState({ live: null });
    else this.#record({ before, after: annotation });
  }

  /** Takes a mark away; can be undone. */
  remove(uid: string): void {
    const before = this.find(uid);
    if (before !== null) this.#record({ before, after: null });
  }

  #record(change: Change): void {
    this.#show(change.after, change.before);
    this.#send(this.#history.record(change));
    this.recorded.emit();
  }

  /** Steps back; false when there is nothing to step back to. */
  undo(): boolean {
    const step = this.#history.undo();
    if (step === null) return false;
    this.#show(step.change.before, step.change.after);
    this.#redraw(step.entry);
    this.#send(step.entry);
    return true;
  }

  /** Steps forward again; false when nothing was undone. */
  redo(): boolean {
    const step = this.#history.redo();
    if (step === null) return false;
    this.#show(step.change.after, step.change.before);
    this.#redraw(step.entry);
    this.#send(step.entry);
    return true;
  }

  #redraw(entry: MarkEntry): void {
    if (entry.op === 'put') this.#layer.put(entry.annotation);
    else this.#layer.remove(entry.uid);
  }

  #show(now: Annotation | null, before: Annotation | null): void {
    const { marks, selected } = this.state;
    if (now === null) {
      const uid = before?.uid ?? '';
      this.#layer.remove(uid);
      const left = marks.filter((mark) => mark.uid !== uid);
      this.store.setState({ marks: left, live: null, selected: selected === uid ? null : selected });
      return;
    }
    const known = marks.some((mark) => mark.uid === now.uid);
    const next = known ? marks.map((mark) => (mark.uid === now.uid ? now : mark)) : [...marks, now];
    this.store.setState({ marks: next, live: null });
  }

  /** Draws a mark that was made without the mouse. */
  draw(annotation: Annotation): void {
    this.#layer.put(annotation);
    this.#layer.select(annotation.uid);
  }

  /** Ends the typing of a mark's text. An empty text mark goes; null gives up. */
  write(uid: string, label: string | null): void {
    const { live, editing } = this.state;
    if (editing !== uid) return;
    this.store.setState({ editing: null });
    const mark = this.find(uid);
    if (mark !== null) {
      if (label !== null && label !== mark.label) this.#relabel(mark, label);
      return;
    }
    if (live?.uid !== uid) return;
    if (label === null || label.trim() === '') {
      this.#layer.remove(uid);
      this.store.setState({ live: null });
    } else this.add({ ...live, label: label.trim(), modifiedAt: new Date().toISOString() });
  }

  #relabel(mark: Annotation, label: string): void {
    const trimmed = label.trim();
    if (mark.kind === 'text' && trimmed === '') this.remove(mark.uid);
    else this.change({ ...mark, label: trimmed, modifiedAt: new Date().toISOString() });
  }

  /** Begins to type a mark's text or name. */
  edit(uid: string): void {
    this.store.setState({ editing: uid });
  }

  /** Selects a mark and, when asked, brings its image on screen. */
  async select(uid: string | null, show: boolean): Promise<void> {
    const mark = uid === null ? null : this.find(uid);
    const imageId = mark === null ? null : this.#layer.imageIdOf(mark);
    if (show && imageId !== null) await this.#reading.showImage(imageId);
    else if (show && mark?.reformat !== undefined) await this.#reading.showReformat(mark);
    this.#layer.select(uid);
    this.store.setState({ selected: uid });
  }

  #send(entry: MarkEntry): void {
    this.#queue.send([entry]);
    const { canUndo, canRedo } = this.#history;
    this.store.setState({ canUndo, canRedo });
  }

  /** Tries again to save what could not be saved. */
  retry(): void {
    this.#queue.retry();
  }
}

function same(a: Annotation, b: Annotation): boolean {
  const bare = ({ modifiedAt: _when, ...rest }: Annotation): string => JSON.stringify(rest);
  return bare(a) === bare(b);
}
