/**
 * Segments: regions that a reader paints voxel by voxel. A segment belongs to one series and has a mask on each image that
 * was painted; masks of different segments may overlap, as those of a binary DICOM segmentation may (PS3.3 C.8.20.2).
 * What the journal keeps is the whole mask of one image after a stroke, so that every step stands for itself: undo is the
 * mask before, and an entry that can't be opened costs one image of one segment.
 */

/** Colours that a segment can have; the theme names them `--segment-1` to `--segment-6`. */
export const SEGMENT_COLOURS = 6;

/** What a segment is, besides its voxels. */
export interface Segment {
  /** Random UUID; stable over edits. */
  readonly uid: string;
  readonly seriesInstanceUid: string;
  /** Counted from 1 within the study: what it is called while it has no name. */
  readonly number: number;
  /** The reader's own name; empty for none. */
  readonly name: string;
  /** 1 to SEGMENT_COLOURS. */
  readonly colour: number;
  readonly visible: boolean;
  /** 0 to 1: how much of the image the fill covers. Its edge is always drawn whole. */
  readonly opacity: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** A segment's mask on one frame of one object. */
export interface SegmentSlice {
  readonly sopInstanceUid: string;
  /** Vitrine's id of the object that was painted on. */
  readonly objectId: string;
  /** Frame number counted from 1. */
  readonly frame: number;
  readonly columns: number;
  readonly rows: number;
  /** Painted pixels, row by row: start and length of each run, in order. Empty where nothing is left. */
  readonly runs: readonly number[];
}

/** A segment with its masks. */
export interface PaintedSegment {
  readonly segment: Segment;
  readonly slices: readonly SegmentSlice[];
}

/** A segment's step in a study's journal. A segment that was taken away and is put again has its masks again. */
export type SegmentEntry =
  | { readonly op: 'segment'; readonly segment: Segment }
  | { readonly op: 'segment-remove'; readonly uid: string }
  | { readonly op: 'paint'; readonly uid: string; readonly slice: SegmentSlice };

/** Runs of the pixels that are set in a mask. */
export function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  for (let at = mask.indexOf(1); at !== -1; ) {
    const after = mask.indexOf(0, at);
    const end = after === -1 ? mask.length : after;
    runs.push(at, end - at);
    at = mask.indexOf(1, end);
  }
  return runs;
}

/** The mask of a slice: 1 where it is painted. */
export function maskOf({
  columns,
  rows,
  runs,
}: Pick<SegmentSlice, 'columns' | 'rows' | 'runs'>): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(columns * rows);
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] as number;
    mask.fill(1, start, start + (runs[i + 1] as number));
  }
  return mask;
}

/** Painted pixels of a slice. */
export function paintedPixels({ runs }: Pick<SegmentSlice, 'runs'>): number {
  let sum = 0;
  for (let i = 1; i < runs.length; i += 2) sum += runs[i] as number;
  return sum;
}

const keyOf = ({ objectId, frame }: SegmentSlice): string => `${objectId}/${frame}`;

/** The segments of a study as its journal's steps make them. */
export class SegmentTable {
  readonly #segments = new Map<string, { segment: Segment | null; readonly slices: Map<string, SegmentSlice> }>();

  #row(uid: string): { segment: Segment | null; readonly slices: Map<string, SegmentSlice> } {
    const known = this.#segments.get(uid);
    if (known !== undefined) return known;
    const row = { segment: null, slices: new Map<string, SegmentSlice>() };
    this.#segments.set(uid, row);
    return row;
  }

  /** Takes one step. */
  take(entry: SegmentEntry): void {
    if (entry.op === 'segment') this.#row(entry.segment.uid).segment = entry.segment;
    else if (entry.op === 'segment-remove') this.#row(entry.uid).segment = null;
    else if (entry.slice.runs.length > 0) this.#row(entry.uid).slices.set(keyOf(entry.slice), entry.slice);
    else this.#row(entry.uid).slices.delete(keyOf(entry.slice));
  }

  /** The mask that a segment has on a frame; null for none. */
  slice(uid: string, objectId: string, frame: number): SegmentSlice | null {
    return this.#segments.get(uid)?.slices.get(`${objectId}/${frame}`) ?? null;
  }

  /** Every segment that is there, in the order in which they were begun. */
  list(): PaintedSegment[] {
    return [...this.#segments.values()].flatMap(({ segment, slices }) =>
      segment === null ? [] : [{ segment, slices: [...slices.values()] }],
    );
  }
}

/** What the journal's steps add up to. */
export function replaySegments(entries: Iterable<{ readonly op: string } | SegmentEntry>): PaintedSegment[] {
  const table = new SegmentTable();
  for (const entry of entries) {
    if (entry.op === 'segment' || entry.op === 'segment-remove' || entry.op === 'paint')
      table.take(entry as SegmentEntry);
  }
  return table.list();
}
