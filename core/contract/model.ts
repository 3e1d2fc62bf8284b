import { z } from 'zod';

/** Documents of the models, printed by `vitrine model … --json`. Their version is `COMMAND_LINE_VERSION`. */

export const backEndSchema = z.enum(['onnxruntime', 'tfjs-node', 'tfjs-webgpu', 'tfjs-wasm']);
const backEnd = backEndSchema;
const use = z.enum(['research', 'clinical']);
const obstacle = z.enum(['no-robustness-report', 'too-few-validation-pictures', 'class-missed', 'no-licence']);

/** A share with its 95 % Wilson score interval. */
const share = z.strictObject({ right: z.int(), of: z.int(), low: z.number(), high: z.number() });

/** `vitrine model list`. A model that was altered or is damaged is in the list, with the reason. */
export const modelListReport = z.strictObject({
  models: z.array(
    z.discriminatedUnion('state', [
      z.strictObject({
        state: z.literal('ready'),
        id: z.string(),
        release: z.string(),
        title: z.string(),
        labels: z.array(z.string()),
        accuracy: share,
        weightsSha256: z.string(),
        /** What keeps it from clinical use. */
        obstacles: z.array(obstacle),
      }),
      z.strictObject({ state: z.literal('refused'), id: z.string(), code: z.string(), reason: z.string() }),
    ]),
  ),
});
export type ModelListReport = z.infer<typeof modelListReport>;

/** What gave a result. */
export const provenanceSchema = z.strictObject({
  model: z.string(),
  release: z.string(),
  weightsSha256: z.string(),
  backEnd,
  /** UTC, ISO 8601. */
  at: z.string(),
  milliseconds: z.number(),
});

/** What a classifier says, highest score first. */
export const classificationSchema = z.strictObject({
  scores: z.array(z.strictObject({ label: z.string(), score: z.number() })),
  provenance: provenanceSchema,
});

/** The square of the image that the model saw, in its pixels; it may reach beyond the image. */
export const seenSquare = z.strictObject({ left: z.number(), top: z.number(), side: z.number() });

/** Where a class looks: rows × columns values of 0 … 1 over the seen square. */
const classMapSchema = z.strictObject({
  label: z.string(),
  rows: z.int(),
  columns: z.int(),
  values: z.array(z.number()),
});

/** Back ends that were measured at the model's first use; empty when one was remembered or asked for. */
const measured = z.array(z.strictObject({ backEnd, milliseconds: z.number().nullable() }));

/** A back end that was lost meanwhile, so that another one took over. Reports of before there was one have none. */
const lost = backEnd.nullable().default(null);

/** `vitrine model run`. */
export const modelRunReport = z.strictObject({
  use,
  image: z.strictObject({
    source: z.enum(['dicom', 'jpeg', 'png']),
    modality: z.string().nullable(),
    columns: z.int(),
    rows: z.int(),
    bits: z.int(),
    /** Counted from 1. */
    frame: z.int(),
  }),
  seen: seenSquare,
  classification: classificationSchema,
  /** Grad-CAM of the class with the highest score. */
  classMap: classMapSchema,
  measured,
  lost,
});
export type ModelRunReport = z.infer<typeof modelRunReport>;

/** What a model says of every image of a series. */
export const modelSeriesReport = z.strictObject({
  use,
  labels: z.array(z.string()),
  images: z.array(
    z.strictObject({
      objectId: z.string(),
      frame: z.int(),
      /** In the order of `labels`; null where the model does not take the image. */
      scores: z.array(z.number()).nullable(),
      /** Why it doesn't: a closed code. */
      refused: z.string().nullable(),
    }),
  ),
  /** Its milliseconds are those of all images together. */
  provenance: provenanceSchema,
  measured,
  lost,
});
export type ModelSeriesReport = z.infer<typeof modelSeriesReport>;

/** A model that was opened in an engine process: what it runs on, and what that was chosen by. */
export const openedModel = z.strictObject({ backEnd, measured });
export type OpenedModel = z.infer<typeof openedModel>;

/** `vitrine model evaluate`: a model on pictures whose class is known. */
export const modelEvaluation = z.strictObject({
  use,
  /** Classes in the order of `classes` and of the rows and columns of `confusion`. */
  labels: z.array(z.string()),
  /** Pictures that were classified. */
  n: z.int(),
  accuracy: share,
  classes: z.array(z.strictObject({ label: z.string(), sensitivity: share, precision: share })),
  /** `confusion[truth][found]`: numbers of pictures. */
  confusion: z.array(z.array(z.int())),
  /** Files that were not: name below the folder, and why. */
  refused: z.array(z.strictObject({ file: z.string(), code: z.string(), reason: z.string() })),
  /** From the first file that was read to the last score; the opening of the model isn't in it. */
  seconds: z.number(),
  picturesPerSecond: z.number(),
  /** Its milliseconds are those of all pictures together, reading included. */
  provenance: provenanceSchema,
  measured,
});
export type ModelEvaluation = z.infer<typeof modelEvaluation>;

/** `vitrine model report`: what is known of a model. */
export const modelReport = z.strictObject({
  id: z.string(),
  release: z.string(),
  title: z.string(),
  intendedUse: z.string(),
  notFor: z.string(),
  reconstruction: z.string(),
  trainingData: z.strictObject({ name: z.string(), source: z.string(), licence: z.string(), caution: z.string() }),
  metrics: z.strictObject({
    split: z.string(),
    pictures: z.strictObject({ training: z.int(), validation: z.int() }),
    accuracy: share,
    classes: z.array(z.strictObject({ label: z.string(), sensitivity: share, precision: share })),
    confusion: z.array(z.array(z.int())),
  }),
  weightsSha256: z.string(),
  /** Key that signed it. */
  signedBy: z.string(),
  obstacles: z.array(obstacle),
  /** Whether a signed robustness report is there. */
  robustness: z.boolean(),
});
export type ModelReport = z.infer<typeof modelReport>;

/** `vitrine model upload`: the published way through a server that decrypts. */
export const modelUploadReport = z.strictObject({
  keyBits: z.union([z.literal(128), z.literal(256)]),
  scores: z.array(z.strictObject({ label: z.string(), score: z.number() })),
  /** Whether the scores are, bit for bit, those of the same image without encryption. */
  identical: z.boolean(),
  bytesSent: z.int(),
  bytesBack: z.int(),
  /** Who saw the image in the clear. */
  seenBy: z.array(z.enum(['client', 'server'])),
});
export type ModelUploadReport = z.infer<typeof modelUploadReport>;
