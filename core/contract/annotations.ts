import { z } from 'zod';
import type { Annotation, JournalEntry } from '../annotate/annotation.ts';
import type { Report } from '../annotate/report.ts';
import type { PaintedSegment, Segment, SegmentSlice } from '../annotate/segment.ts';
import { id } from './catalogue.ts';

const point = z.tuple([z.number(), z.number(), z.number()]);

const measurement = z.strictObject({
  name: z.enum(['length', 'short-axis', 'angle', 'area', 'perimeter', 'mean', 'std', 'min', 'max', 'value']),
  value: z.number(),
  unit: z.string().max(32),
});

export const annotation: z.ZodType<Annotation> = z.strictObject({
  uid: z.uuid(),
  kind: z.enum([
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
    'key-image',
  ]),
  seriesInstanceUid: z.string().max(64),
  sopInstanceUid: z.string().max(64),
  objectId: id,
  frame: z.int().positive(),
  frameOfReferenceUid: z.string().max(64).nullable(),
  reformat: z
    .strictObject({
      plane: z.enum(['axial', 'coronal', 'sagittal']),
      slab: z.strictObject({ mode: z.enum(['mip', 'mean', 'min']), millimetres: z.number().positive() }).nullable(),
    })
    .optional(),
  points: z.array(point).max(20_000),
  label: z.string().max(4096),
  measurements: z.array(measurement).max(32),
  createdAt: z.iso.datetime(),
  modifiedAt: z.iso.datetime(),
});

const words = z.string().max(100_000);

/** One version of a study's written report. */
export const report: z.ZodType<Report> = z.strictObject({
  uid: z.uuid(),
  status: z.enum(['draft', 'final']),
  sections: z.strictObject({ indication: words, technique: words, findings: words, impression: words }),
  amends: z.uuid().nullable(),
  writtenAt: z.iso.datetime(),
});

const segment: z.ZodType<Segment> = z.strictObject({
  uid: z.uuid(),
  seriesInstanceUid: z.string().max(64),
  number: z.int().positive(),
  name: z.string().max(256),
  colour: z.int().min(1).max(6),
  visible: z.boolean(),
  opacity: z.number().min(0).max(1),
  createdAt: z.iso.datetime(),
  modifiedAt: z.iso.datetime(),
});

/** Start and length in turns, in order, inside the image. */
function areRuns({ runs, columns, rows }: Pick<SegmentSlice, 'runs' | 'columns' | 'rows'>): boolean {
  let end = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i] as number;
    const length = runs[i + 1] ?? 0;
    if (start < end || length < 1) return false;
    end = start + length;
  }
  return end <= columns * rows;
}

const segmentSlice: z.ZodType<SegmentSlice> = z
  .strictObject({
    sopInstanceUid: z.string().max(64),
    objectId: id,
    frame: z.int().positive(),
    columns: z.int().positive().max(65_535),
    rows: z.int().positive().max(65_535),
    runs: z.array(z.int().nonnegative()).max(2_000_000),
  })
  .refine(areRuns);

/** A segment with the masks that were painted. */
export const paintedSegment: z.ZodType<PaintedSegment> = z.strictObject({ segment, slices: z.array(segmentSlice) });

export const journalEntry: z.ZodType<JournalEntry> = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('put'), annotation }),
  z.strictObject({ op: z.literal('remove'), uid: z.uuid() }),
  z.strictObject({ op: z.literal('report'), report }),
  z.strictObject({ op: z.literal('segment'), segment }),
  z.strictObject({ op: z.literal('segment-remove'), uid: z.uuid() }),
  z.strictObject({ op: z.literal('paint'), uid: z.uuid(), slice: segmentSlice }),
]);
