import type { ReportEntry } from './report.ts';
import type { SegmentEntry } from './segment.ts';

/**
 * Annotations as Vitrine keeps them: independent of the drawing library, in patient space where there is one, so that a
 * mark stays on its slice whatever displays it (DICOM PS3.3 C.10.5 works in pixels; TID 1501 in patient coordinates).
 */

/** The marks that are drawn: each has a tool of its own. */
export const DRAWN_KINDS = [
  'length',
  'bidirectional',
  'angle',
  'cobb',
  'ellipse',
  'rectangle',
  'freehand',
  'arrow',
  'text',
  'probe',
] as const;
export type DrawnKind = (typeof DRAWN_KINDS)[number];

/** The marks that a reader can make. `key-image` flags an instance and has no points. */
export type AnnotationKind = DrawnKind | 'key-image';

/** [x, y, z] in millimetres of the patient coordinate system (PS3.3 C.7.6.2), or [column, row, 0] where there is none. */
export type Point = readonly [number, number, number];

/** A number that a mark measures, in the unit it was measured in. */
export interface Measurement {
  readonly name: 'length' | 'short-axis' | 'angle' | 'area' | 'perimeter' | 'mean' | 'std' | 'min' | 'max' | 'value';
  readonly value: number;
  /** UCUM code: mm, px, deg, mm2, px2, [hnsf'U], 1, {SUVbw}g/ml, … */
  readonly unit: string;
}

/** A plane across the slices of a series, made of their voxels, that a mark was measured on. */
export interface Reformat {
  readonly plane: 'axial' | 'coronal' | 'sagittal';
  /** Layers behind one another, by which rule and how thick (millimetres); null for a single layer. */
  readonly slab: { readonly mode: 'mip' | 'mean' | 'min'; readonly millimetres: number } | null;
}

export interface Annotation {
  /** Random UUID; stable over edits. */
  readonly uid: string;
  readonly kind: AnnotationKind;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /**
   * Vitrine's id of the object that was marked: two objects of a study may claim one SOP Instance UID (a conflict), and
   * the mark was drawn on the pixels of one of them.
   */
  readonly objectId: string;
  /** Frame number counted from 1 (PS3.3: Referenced Frame Number). */
  readonly frame: number;
  readonly frameOfReferenceUid: string | null;
  /** Set for a mark that was drawn on a reformat: object and frame then name the slice that its first point lies nearest to. */
  readonly reformat?: Reformat | undefined;
  /** Millimetres in patient space when `frameOfReferenceUid` is set, otherwise image pixels. */
  readonly points: readonly Point[];
  /** Free text of arrows and text marks; a name that the reader gave otherwise. */
  readonly label: string;
  readonly measurements: readonly Measurement[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** A mark's step in a study's journal. Undo and redo are steps too: history is never rewritten. */
export type MarkEntry =
  | { readonly op: 'put'; readonly annotation: Annotation }
  | { readonly op: 'remove'; readonly uid: string };

/** One durable step of a study's journal. */
export type JournalEntry = MarkEntry | ReportEntry | SegmentEntry;

/** What the journal adds up to: the last `put` of every uid that no later `remove` names, in order of first appearance. */
export function replay(entries: Iterable<JournalEntry>): Annotation[] {
  const current = new Map<string, Annotation>();
  for (const entry of entries) {
    if (entry.op === 'put') current.set(entry.annotation.uid, entry.annotation);
    else if (entry.op === 'remove') current.delete(entry.uid);
  }
  return [...current.values()];
}
