/**
 * A model is data: a manifest, weights and a card for people. The manifest names the weights by their SHA-256 and is itself
 * signed (Ed25519 over the very bytes of the file, in a file beside it), so that nothing of a model can be altered unseen.
 */
import { z } from 'zod';
import { inferError } from './errors.ts';

/** Version of the manifest's form. Another one is refused. */
const MANIFEST_VERSION = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A share with its 95 % Wilson score interval. */
export const shareSchema = z.strictObject({
  right: z.int().min(0),
  of: z.int().min(0),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});

const metrics = z.strictObject({
  /** How training and validation pictures were told apart, and what follows for the figures. */
  split: z.string(),
  pictures: z.strictObject({ training: z.int(), validation: z.int() }),
  accuracy: shareSchema,
  classes: z.array(z.strictObject({ label: z.string(), sensitivity: shareSchema, precision: shareSchema })),
  /** Counts: `confusion[true class][found class]`. */
  confusion: z.array(z.array(z.int().min(0))),
});

/** What every manifest begins with: which model it is, and which weights it has. */
export const identity = {
  version: z.literal(MANIFEST_VERSION),
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Version of the model: changes with its weights. */
  release: z.string(),
  title: z.string(),
  /** Number in the review's list of references. */
  reference: z.int().nullable(),
  authors: z.string(),
  /** What the paper does not say and is ours. */
  reconstruction: z.string(),
  network: z.string(),
  weights: z.strictObject({ file: z.literal('weights.bin'), format: z.literal('float16'), bytes: z.int(), sha256 }),
} as const;

/** What a model is for, and what it learnt from. */
export const purpose = {
  intendedUse: z.string(),
  notFor: z.string(),
  trainingData: z.strictObject({
    name: z.string(),
    source: z.string(),
    licence: z.string(),
    sha256,
    caution: z.string(),
  }),
} as const;

/** What a classifier's manifest says. */
export const manifestSchema = z.strictObject({
  ...identity,
  input: z.strictObject({
    modalities: z.array(z.string()).min(1),
    rows: z.int(),
    columns: z.int(),
    channels: z.int(),
    /** How an image becomes an input: one of `PREPARATIONS`. */
    preparation: z.enum(['brain-mr-1']),
    units: z.string(),
  }),
  output: z.strictObject({ kind: z.literal('classification'), labels: z.array(z.string()).min(2) }),
  ...purpose,
  /** What the training command printed. */
  metrics,
  /** Largest difference of a probability between any two back ends. */
  tolerance: z.number().positive(),
  licence: z.string(),
  /** File beside the manifest with its hash; null: there is none, and the model can't be admitted to clinical use. */
  robustness: z.strictObject({ file: z.literal('robustness.json'), sha256 }).nullable(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The signature beside a manifest. */
export const signatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** Names the key among those that Vitrine trusts. */
  key: z.string(),
  /** Base64 of 64 bytes, over the bytes of manifest.json behind `SIGNED_CONTEXT`. */
  signature: z.string(),
});
export type ManifestSignature = z.infer<typeof signatureSchema>;

/** Stands before the signed bytes, so that a signature made for something else doesn't fit. */
export const SIGNED_CONTEXT = 'vitrine model manifest v1\n';

/** Parses a manifest file whose signature was checked. @throws VitrineError infer/manifest */
export function parseManifest(text: string): Manifest {
  const json = parsed(text);
  const version = z.object({ version: z.int() }).safeParse(json);
  if (version.success && version.data.version !== MANIFEST_VERSION)
    throw inferError('infer/manifest', 'the model was made for a newer Vitrine; update Vitrine');
  const manifest = manifestSchema.safeParse(json);
  if (!manifest.success)
    throw inferError('infer/manifest', 'the manifest is damaged; install the model again', { cause: manifest.error });
  return manifest.data;
}

/** Parses a signature file. @throws VitrineError infer/signature */
export function parseSignature(text: string): ManifestSignature {
  const signature = signatureSchema.safeParse(parsedOrNull(text));
  if (!signature.success)
    throw inferError('infer/signature', 'the signature of the model is damaged; install the model again');
  return signature.data;
}

function parsed(text: string): unknown {
  const json = parsedOrNull(text);
  if (json === null) throw inferError('infer/manifest', 'the manifest is no JSON; install the model again');
  return json;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
