import { z } from 'zod';
import type { Annotation, JournalEntry } from '../annotate/annotation.ts';
import type { Report } from '../annotate/report.ts';
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

export const journalEntry: z.ZodType<JournalEntry> = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('put'), annotation }),
  z.strictObject({ op: z.literal('remove'), uid: z.uuid() }),
  z.strictObject({ op: z.literal('report'), report }),
]);
