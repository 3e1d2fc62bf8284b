import { z } from 'zod';
import { RUN_CODES } from '../infer/errors.ts';
import { id } from './catalogue.ts';
import {
  backEndSchema,
  modelListReport,
  modelReport,
  modelRunReport,
  modelSeriesReport,
  provenanceSchema,
} from './model.ts';
import { attackRequest, modelAttackView } from './model-attack.ts';

/** What the reading screen asks of the models and gets; the documents in it are those of `vitrine model … --json` (model.ts). */

const model = z.string().min(1).max(64);

/** One image of a study, by Vitrine's own ids. Frames count from 1. */
const place = z.strictObject({ studyId: id, objectId: id, frame: z.int().positive() });
export type ImagePlace = z.infer<typeof place>;

/** What a person says of a finding. `withdrawn` takes the last word back. */
const verdict = z.enum(['accepted', 'rejected', 'withdrawn']);
export type Verdict = z.infer<typeof verdict>;

/** A verdict with who gave it and when. */
const decision = z.strictObject({
  verdict,
  /** UTC, ISO 8601. */
  at: z.string(),
  /** The account of the vault, or of the operating system where the vault has none. */
  by: z.string(),
});
export type Decision = z.infer<typeof decision>;

/** What is sealed with a study for one run: the image and what the model said of it, provenance included. */
export const keptRun = z.strictObject({
  objectId: id,
  frame: z.int().positive(),
  report: modelRunReport,
});
export type KeptRun = z.infer<typeof keptRun>;

/** What is sealed with a study for one decision. Decisions are added, never altered: the last one counts. */
export const keptDecision = z.strictObject({
  /** The run that it is about. */
  resultId: id,
  /** The class that the model put first. */
  label: z.string(),
  provenance: provenanceSchema,
  ...decision.shape,
});
export type KeptDecision = z.infer<typeof keptDecision>;

/** A finding: what a model says of one image, and what a person said of that. */
export const finding = z.strictObject({
  resultId: id,
  savedAt: z.iso.datetime(),
  ...keptRun.shape,
  /** Null: nobody has decided. Nothing is accepted beforehand. */
  decision: decision.nullable(),
});
export type Finding = z.infer<typeof finding>;

/** What is sealed with a study for one run on a series. */
export const keptSeries = z.strictObject({ report: modelSeriesReport });
export type KeptSeries = z.infer<typeof keptSeries>;

/** What a model says of every image of a series, and what a person said of that. */
export const seriesFinding = z.strictObject({
  resultId: id,
  savedAt: z.iso.datetime(),
  ...keptSeries.shape,
  decision: decision.nullable(),
});
export type SeriesFinding = z.infer<typeof seriesFinding>;

/** What a model says of a picture that belongs to no study, and the picture, small enough to be shown. */
export const modelFileView = z.strictObject({
  report: modelRunReport,
  columns: z.int().positive(),
  rows: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  samples: z.instanceof(Uint8Array),
});
export type ModelFileView = z.infer<typeof modelFileView>;

const JOB_ERRORS = [
  ...RUN_CODES,
  'engine/cancelled',
  'engine/crashed',
  'engine/memory',
  'engine/answer',
  'engine/no-frame',
  'vault/no-such-study',
  'vault/no-such-object',
] as const;

/** What a file ends with that is no picture. */
const FILE_ERRORS = ['schemes/file', 'schemes/picture', 'schemes/too-large', 'import/no-such-source'] as const;

/** Images that one run takes: more is more than a series has. */
const MOST_IMAGES = 8192;
const seriesImage = z.strictObject({ objectId: id, frame: z.int().positive() });

/** The back end that is wanted; null: the fastest. */
const backEnd = backEndSchema.nullable();

const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });
const study = z.strictObject({ studyId: id });

/** The models' part of the operations. What a job itself ends with (`JobFinished.code`) is in the list of its start. */
export const findingOperations = {
  'model.list': { request: nothing, response: modelListReport, errors: [] },
  'model.about': { request: z.strictObject({ model }), response: modelReport, errors: RUN_CODES },
  /** Runs a model on one image; what it says is sealed with the study. */
  'model.run': { request: z.strictObject({ model, backEnd, ...place.shape }), response: job, errors: JOB_ERRORS },
  /** Runs a model on images of one series, in their order; what it says is sealed with the study. */
  'model.series': {
    request: z.strictObject({ model, backEnd, studyId: id, images: z.array(seriesImage).min(1).max(MOST_IMAGES) }),
    response: job,
    errors: JOB_ERRORS,
  },
  /** Runs a model on a JPEG or PNG that was dropped or chosen. Nothing of it is written. */
  'model.file': {
    request: z.strictObject({ model, backEnd, source: z.string() }),
    response: job,
    errors: [...JOB_ERRORS, ...FILE_ERRORS],
  },
  /** What a run on a file says; null where it isn't known any more. */
  'model.fileResult': { request: job, response: z.strictObject({ view: modelFileView.nullable() }), errors: [] },
  /** Attacks what a model sees of one image. Nothing of it is written: what comes back is forgotten at the lock. */
  'model.attack': {
    request: z.strictObject({ model, ...place.shape, ...attackRequest.shape }),
    response: job,
    errors: JOB_ERRORS,
  },
  /** What an attack made; null where it isn't known any more. */
  'model.attackResult': {
    request: job,
    response: z.strictObject({ place: place.nullable(), view: modelAttackView.nullable() }),
    errors: [],
  },
} as const;

/** What is sealed with a study: part of core/contract/patient.ts. */
export const keptFindingOperations = {
  /** What models have said of a study, newest first. */
  'model.findings': {
    request: study,
    response: z.strictObject({
      findings: z.array(finding),
      series: z.array(seriesFinding),
      unreadable: z.int().nonnegative(),
    }),
    errors: ['vault/no-such-study'],
  },
  /** Accepts or rejects a finding; the word is sealed with the study. */
  'model.decide': {
    request: z.strictObject({ studyId: id, resultId: id, verdict }),
    response: decision,
    errors: ['vault/no-such-study', 'vault/object-missing', 'seal/altered', 'vault/disk-full'],
  },
} as const;
