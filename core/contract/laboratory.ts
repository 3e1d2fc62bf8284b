import { z } from 'zod';
import { id } from './catalogue.ts';
import { labAttackReport, labCompareReport, labListReport, labRunReport } from './lab.ts';

/** What the Laboratory's screen asks and gets; the documents in it are those of `vitrine lab … --json` (lab.ts). */

/** Most systems that are compared at once: what fits beside each other on a screen. */
const MOST_COMPARED = 3;

/** Where a window ends: what becomes black and white, for schemes that take no more than 8 bits too. */
const window = z.strictObject({ low: z.number(), high: z.number() });

/** Where the picture comes from. Frames count from 1; the window is in stored values, null for all of them. */
export const labSource = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('phantom'), side: z.int().min(16).max(2048) }),
  z.strictObject({
    from: z.literal('study'),
    studyId: id,
    objectId: id,
    frame: z.int().positive(),
    window: window.nullable(),
  }),
  z.strictObject({ from: z.literal('file'), source: z.string().max(64) }),
  /** One that was opened before: the page was loaded again. */
  z.strictObject({ from: z.literal('opened'), picture: z.string().max(64) }),
]);
export type LabSource = z.infer<typeof labSource>;

/** Samples of one picture, the channels of a pixel beside each other. */
export const labPicture = z.strictObject({
  columns: z.int().positive(),
  rows: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Samples lie in 0 … 2^bits - 1. */
  bits: z.int().min(1).max(16),
  /** Bytes where a sample has 8 bits or less. */
  samples: z.union([z.instanceof(Uint8Array), z.instanceof(Uint16Array)]),
});
export type LabPicture = z.infer<typeof labPicture>;

/** A picture that is ready for the schemes, under a handle that lives until the vault is locked. */
export const openedPicture = z.strictObject({
  picture: z.string(),
  /** Its study; null for a phantom or a dropped file. */
  studyId: id.nullable(),
  kind: z.enum(['phantom', 'dicom', 'jpeg', 'png']),
  original: labPicture,
  /** In samples; null where the picture has 8 bits or less. */
  window: z.strictObject({ low: z.int(), high: z.int() }).nullable(),
});
export type OpenedPicture = z.infer<typeof openedPicture>;

const parameters = z.record(z.string().max(64), z.union([z.string().max(64), z.number()]));
const picture = z.string().max(64);
const name = z.string().max(64);

const labRunRequest = z.strictObject({ picture, system: name, parameters });
const labAttackRequest = z.strictObject({ picture, system: name, parameters, attack: name });
const labCompareRequest = z.strictObject({ picture, systems: z.array(name).min(2).max(MOST_COMPARED) });

/** What a job of the Laboratory is about: enough to show the screen again after a reload. */
export const labSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), ...labRunRequest.shape }),
  z.strictObject({ kind: z.literal('attack'), ...labAttackRequest.shape }),
  z.strictObject({ kind: z.literal('compare'), ...labCompareRequest.shape }),
]);
export type LabSubject = z.infer<typeof labSubject>;

/** What was attacked, and what an attacker holds in the end, against the scheme alone and in the envelope; null where it is after no picture. */
const attacked = z.strictObject({ original: labPicture, bare: labPicture.nullable(), envelope: labPicture.nullable() });
const made = z.strictObject({ cipher: labPicture, recovered: labPicture });
/** Median milliseconds of AES-256-GCM on the same picture. */
const aesMedian = z.number();

export const labOutcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    report: labRunReport,
    aesMedian,
    original: labPicture,
    ...made.shape,
  }),
  z.strictObject({ kind: z.literal('attack'), report: labAttackReport, ...attacked.shape }),
  z.strictObject({
    kind: z.literal('compare'),
    report: labCompareReport,
    aesMedian,
    original: labPicture,
    /** In the order of the report's systems. */
    made: z.array(made),
  }),
]);
export type LabOutcome = z.infer<typeof labOutcome>;

/** A result that lies sealed with a study. */
export const keptResult = z.strictObject({
  resultId: id,
  /** Which task made it: `lab.run`, … */
  kind: z.string(),
  /** Which system. */
  about: z.string(),
  savedAt: z.iso.datetime(),
  bytes: z.int().nonnegative(),
});
export type KeptResult = z.infer<typeof keptResult>;

/** Null where it isn't known: a job that was dismissed, or one before the last lock. */
export const labResult = z.strictObject({
  subject: labSubject.nullable(),
  outcome: labOutcome.nullable(),
});
export type LabResult = z.infer<typeof labResult>;

const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });
const kept = z.strictObject({ studyId: id, resultId: id });

/** What can be wrong with a picture, wherever it comes from. */
const PICTURE_ERRORS = [
  'schemes/picture',
  'schemes/file',
  'schemes/too-large',
  'dicom/pixels-missing',
  'dicom/decode',
  'dicom/not-dicom',
] as const;
const ENGINE_ERRORS = [
  'engine/cancelled',
  'engine/crashed',
  'engine/memory',
  'engine/answer',
  'engine/no-frame',
] as const;
const UNKNOWN = [
  'systems/unknown-system',
  'systems/unknown-attack',
  'systems/other-kind',
  'lab/no-such-picture',
] as const;

/** The Laboratory's part of the operations. What a job itself ends with (`JobFinished.code`) is in the list of its start. */
export const labOperations = {
  'lab.systems': { request: nothing, response: labListReport, errors: [] },
  /** Reads a picture and shows it. No job: it takes as long as opening an image. */
  'lab.open': {
    request: labSource,
    response: openedPicture,
    errors: [
      'lab/no-such-picture',
      ...PICTURE_ERRORS,
      ...ENGINE_ERRORS,
      'import/no-such-source',
      'vault/no-such-study',
      'vault/no-such-object',
    ],
  },
  'lab.run': {
    request: labRunRequest,
    response: job,
    errors: [
      ...UNKNOWN,
      ...ENGINE_ERRORS,
      'schemes/parameter',
      'schemes/constant',
      'schemes/depth',
      'schemes/payload',
      'schemes/altered',
      'schemes/key',
    ],
  },
  'lab.attack': {
    request: labAttackRequest,
    response: job,
    errors: [...UNKNOWN, ...ENGINE_ERRORS, 'schemes/too-small'],
  },
  'lab.compare': { request: labCompareRequest, response: job, errors: [...UNKNOWN, ...ENGINE_ERRORS] },
  'lab.result': { request: job, response: labResult, errors: [] },
  /** Results that lie sealed with a study, newest first. */
  'lab.kept': {
    request: z.strictObject({ studyId: id }),
    response: z.strictObject({ results: z.array(keptResult), unreadable: z.int().nonnegative() }),
    errors: ['vault/no-such-study'],
  },
  'lab.keptResult': {
    request: kept,
    response: labResult,
    errors: ['vault/no-such-study', 'vault/object-missing', 'seal/altered'],
  },
  'lab.removeKept': { request: kept, response: nothing, errors: ['vault/no-such-study'] },
} as const;
