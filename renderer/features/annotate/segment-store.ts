import { createStore } from 'zustand';
import {
  maskOf,
  type PaintedSegment,
  runsOf,
  SEGMENT_COLOURS,
  type Segment,
  type SegmentEntry,
  type SegmentSlice,
  SegmentTable,
} from '../../../core/annotate/segment.ts';
import { brushOver } from '../../cornerstone/brush.ts';
import { TAG, text } from '../../cornerstone/dataset.ts';
import { Emitter } from '../../cornerstone/emitter.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import { parseImageId } from '../../cornerstone/image-id.ts';
import type { Pixel } from '../../cornerstone/measure.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import { type SegmentSize, segmentSize } from '../../cornerstone/segment-size.ts';
import type { SaveState } from '../../state/status.ts';
import { type Journal, JournalQueue } from './journal-queue.ts';

export interface SegmentState {
  /** In the order in which they were begun. */
  readonly segments: readonly PaintedSegment[];
  /** The segment that the brush paints; null while there is none. */
  readonly active: string | null;
  /** Sizes by segment; one whose series' headers aren't there yet is missing. */
  readonly sizes: ReadonlyMap<string, SegmentSize>;
  readonly save: SaveState;
  readonly unsaved: ReadonlySet<string>;
}

/** What a reader did, as the steps that do it and those that take it back. */
interface Change {
  readonly redo: readonly SegmentEntry[];
  readonly undo: readonly SegmentEntry[];
}

/** A stroke that is not over yet. */
interface Stroke {
  readonly segment: Segment;
  /** The stroke begins the segment. */
  readonly isNew: boolean;
  readonly slice: SegmentSlice;
  readonly mask: Uint8Array<ArrayBuffer>;
  readonly facts: FrameFacts;
  readonly imageId: string;
}

/** What of a segment a reader changes besides its voxels. */
export type SegmentLook = Partial<Pick<Segment, 'name' | 'visible' | 'opacity'>>;

const OPACITY = 0.35;

/** The segments of one open study: on screen, their undo history, and their part of its sealed journal. */
export class SegmentStore {
  readonly store = createStore<SegmentState>(() => ({
    segments: [],
    active: null,
    sizes: new Map(),
    save: { kind: 'saved', at: null },
    unsaved: new Set(),
  }));
  /** Something was done that undo takes back. */
  readonly recorded = new Emitter<void>();
  /** A mask looks different now: of a stroke under way, or of a step that was taken. */
  readonly repainted = new Emitter<void>();
  readonly #reading: Reading;
  readonly #queue: JournalQueue;
  readonly #table = new SegmentTable();
  readonly #done: Change[] = [];
  #undone: Change[] = [];
  #stroke: Stroke | null = null;
  /** Shift+N: the next stroke begins a segment. */
  #wantsNew = false;

  constructor(reading: Reading, journal: Journal) {
    this.#reading = reading;
    this.#queue = new JournalQueue(reading.studyId, journal);
    this.#queue.store.subscribe(({ save, unsaved }) => this.store.setState({ save, unsaved }));
  }

  get state(): SegmentState {
    return this.store.getState();
  }

  /** Shows what the journal holds. */
  open(segments: readonly PaintedSegment[]): void {
    for (const { segment, slices } of segments) {
      this.#table.take({ op: 'segment', segment });
      for (const slice of slices) this.#table.take({ op: 'paint', uid: segment.uid, slice });
    }
    this.#show();
    this.store.setState({ active: segments.at(-1)?.segment.uid ?? null });
    for (const { segment } of segments) void this.#measure(segment.uid);
  }

  find(uid: string): PaintedSegment | null {
    return this.state.segments.find(({ segment }) => segment.uid === uid) ?? null;
  }

  /** The mask of a segment on an image, as it is right now; null where nothing is painted. */
  maskOn(uid: string, imageId: string): Uint8Array | null {
    const stroke = this.#stroke;
    if (stroke !== null && stroke.segment.uid === uid && stroke.imageId === imageId) return stroke.mask;
    const { objectId, frame } = parseImageId(imageId);
    const slice = this.#table.slice(uid, objectId, frame);
    return slice === null ? null : maskOf(slice);
  }

  /** Segments to draw on an image, that of a stroke that begins one included. */
  drawnOn(imageId: string): Segment[] {
    const segments = this.state.segments.map(({ segment }) => segment);
    const stroke = this.#stroke;
    if (stroke?.isNew === true && stroke.imageId === imageId) segments.push(stroke.segment);
    return segments.filter(({ visible }) => visible);
  }

  #segmentFor(seriesInstanceUid: string): Segment | null {
    if (this.#wantsNew) return null;
    const here = this.state.segments.filter(({ segment }) => segment.seriesInstanceUid === seriesInstanceUid);
    const active = here.find(({ segment }) => segment.uid === this.state.active) ?? here.at(-1);
    return active?.segment ?? null;
  }

  #begun(seriesInstanceUid: string): Segment {
    const now = new Date().toISOString();
    const number = this.state.segments.reduce((most, { segment }) => Math.max(most, segment.number), 0) + 1;
    return {
      uid: crypto.randomUUID(),
      seriesInstanceUid,
      number,
      name: '',
      colour: ((number - 1) % SEGMENT_COLOURS) + 1,
      visible: true,
      opacity: OPACITY,
      createdAt: now,
      modifiedAt: now,
    };
  }

  /** The brush comes down on an image. False where an eraser finds no segment. */
  begin(imageId: string, facts: FrameFacts, erases: boolean): boolean {
    const seriesInstanceUid = text(facts.dataset, TAG.seriesInstance);
    const known = this.#segmentFor(seriesInstanceUid);
    if (known === null && erases) return false;
    const segment = known ?? this.#begun(seriesInstanceUid);
    const { objectId, frame } = parseImageId(imageId);
    const { columns, rows } = facts.plane;
    const blank = { sopInstanceUid: text(facts.dataset, TAG.sopInstance), objectId, frame, columns, rows, runs: [] };
    const slice = this.#table.slice(segment.uid, objectId, frame) ?? blank;
    this.#stroke = { segment, isNew: known === null, slice, mask: maskOf(slice), facts, imageId };
    this.store.setState({ active: segment.uid });
    return true;
  }

  /** The brush goes on. */
  paint(from: Pixel, to: Pixel, diameter: number, value: 0 | 1): void {
    const stroke = this.#stroke;
    if (stroke === null) return;
    if (brushOver(stroke.mask, stroke.facts.plane, { from, to }, diameter, value)) this.repainted.emit();
  }

  /** The brush is lifted: the stroke is recorded, and sent to the journal. */
  end(): void {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (stroke === null) return;
    const { segment, isNew, slice: before, mask } = stroke;
    const runs = runsOf(mask);
    if (runs.length === before.runs.length && runs.every((value, i) => value === before.runs[i])) {
      this.repainted.emit();
      return;
    }
    const { uid } = segment;
    const after = { ...before, runs };
    this.#wantsNew = false;
    this.#record({
      redo: [...(isNew ? [{ op: 'segment', segment } as const] : []), { op: 'paint', uid, slice: after }],
      undo: [{ op: 'paint', uid, slice: before }, ...(isNew ? [{ op: 'segment-remove', uid } as const] : [])],
    });
  }

  /** Gives the stroke up. False when there is none. */
  cancel(): boolean {
    if (this.#stroke === null) return false;
    this.#stroke = null;
    this.repainted.emit();
    return true;
  }

  /** The next stroke begins a segment of its own. */
  beginNext(): void {
    this.#wantsNew = true;
    this.store.setState({ active: null });
  }

  /** Makes a segment the one that is painted. */
  activate(uid: string): void {
    this.#wantsNew = false;
    this.store.setState({ active: uid });
    this.repainted.emit();
  }

  /** Changes how a segment is called or seen; can be undone. */
  change(uid: string, look: SegmentLook): void {
    const before = this.find(uid)?.segment;
    if (before === undefined) return;
    const segment = { ...before, ...look, modifiedAt: new Date().toISOString() };
    if (segment.name === before.name && segment.visible === before.visible && segment.opacity === before.opacity)
      return;
    this.#record({ redo: [{ op: 'segment', segment }], undo: [{ op: 'segment', segment: before }] });
  }

  /** Takes a segment away; can be undone. */
  remove(uid: string): void {
    const segment = this.find(uid)?.segment;
    if (segment === undefined) return;
    this.#record({ redo: [{ op: 'segment-remove', uid }], undo: [{ op: 'segment', segment }] });
  }

  #record(change: Change): void {
    this.#done.push(change);
    this.#undone = [];
    this.#take(change.redo);
    this.recorded.emit();
  }

  #take(entries: readonly SegmentEntry[]): void {
    for (const entry of entries) this.#table.take(entry);
    this.#show();
    this.#queue.send(entries);
    for (const entry of entries) if (entry.op === 'paint') void this.#measure(entry.uid);
  }

  #show(): void {
    const segments = this.#table.list();
    const { active } = this.state;
    const isThere = segments.some(({ segment }) => segment.uid === active);
    this.store.setState({
      segments,
      active: isThere || this.#wantsNew ? active : (segments.at(-1)?.segment.uid ?? null),
    });
    this.repainted.emit();
  }

  /** Steps back; false when there is nothing to step back to. */
  undo(): boolean {
    const change = this.#done.pop();
    if (change === undefined) return false;
    this.#undone.push(change);
    this.#take(change.undo);
    return true;
  }

  /** Steps forward again; false when nothing was undone. */
  redo(): boolean {
    const change = this.#undone.pop();
    if (change === undefined) return false;
    this.#done.push(change);
    this.#take(change.redo);
    return true;
  }

  /** Tries again to save what could not be saved. */
  retry(): void {
    this.#queue.retry();
  }

  /** Brings the image on screen on which most of a segment lies. */
  async show(uid: string): Promise<void> {
    const slices = this.find(uid)?.slices ?? [];
    const size = ({ runs }: SegmentSlice): number => runs.reduce((sum, value, i) => sum + (i % 2 === 1 ? value : 0), 0);
    const largest = slices.reduce<SegmentSlice | null>(
      (best, slice) => (best === null || size(slice) > size(best) ? slice : best),
      null,
    );
    const imageId = largest === null ? null : this.#reading.findImage(largest);
    this.activate(uid);
    if (imageId !== null) await this.#reading.showImage(imageId);
  }

  /** The whole series is looked at: what an image stands for depends on where its neighbours lie. */
  async #measure(uid: string): Promise<void> {
    const series = this.find(uid)?.segment.seriesInstanceUid;
    if (series === undefined) return;
    const { reader } = this.#reading;
    const imageIds = this.#reading.imagesOf(series);
    await reader.loadHeaders(imageIds.map((imageId) => parseImageId(imageId).objectId)).catch(() => undefined);
    const now = this.find(uid);
    if (now === null) return;
    const images = imageIds.map((imageId) => ({ ...parseImageId(imageId), facts: reader.facts(imageId) }));
    this.store.setState({ sizes: new Map(this.state.sizes).set(uid, segmentSize(now.slices, images)) });
  }
}
