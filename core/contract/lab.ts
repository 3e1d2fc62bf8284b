import { z } from 'zod';

/** Documents of the Laboratory, printed by `vitrine lab … --json`. Their version is `COMMAND_LINE_VERSION`. */

const parameter = z.strictObject({
  name: z.string(),
  means: z.string(),
  /** Bounds of a number, or null with `choices`. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Whether the number may be a fraction. */
  fraction: z.boolean(),
  choices: z.array(z.string()).nullable(),
  default: z.union([z.string(), z.number()]),
});

const parameterValues = z.record(z.string(), z.union([z.string(), z.number()]));

const attackDescription = z.strictObject({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  needs: z.string(),
  /** What the score, 0 to 1, is a share of. */
  measure: z.string(),
  passesWhen: z.string(),
});

/** `vitrine lab list`. */
export const labListReport = z.strictObject({
  systems: z.array(
    z.strictObject({
      id: z.string(),
      /** Number in the review's references; null for the comparison line. */
      reference: z.int().nullable(),
      authors: z.string(),
      year: z.int(),
      title: z.string(),
      family: z.string(),
      does: z.string(),
      claims: z.string(),
      protects: z.string(),
      reconstruction: z.string(),
      headline: z.array(
        z.strictObject({
          text: z.string(),
          evidence: z.string(),
          /** The figure alone, with the name of ours, where a run measures the same; else null. */
          figure: z.strictObject({ metric: z.string(), value: z.string() }).nullable(),
        }),
      ),
      kind: z.enum(['image-scheme', 'access-control', 'classifier', 'model-attack', 'forecast']),
      /** The command that runs it. */
      command: z.string(),
      /** Null where the system is no image cipher. */
      keyed: z.boolean().nullable(),
      bits: z.strictObject({ low: z.int(), high: z.int() }).nullable(),
      parameters: z.array(parameter),
      metrics: z.array(z.string()),
      attacks: z.array(attackDescription),
    }),
  ),
});
export type LabListReport = z.infer<typeof labListReport>;

const image = z.strictObject({
  source: z.enum(['phantom', 'dicom', 'jpeg', 'png']),
  columns: z.int(),
  rows: z.int(),
  channels: z.int(),
  bits: z.int(),
});

const confidentiality = z.enum(['AEAD', 'none (obfuscation only)']);

const figure = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Null where it is undefined or does not apply: `note` says why. */
  value: z.union([z.number(), z.literal('infinity')]).nullable(),
  unit: z.string(),
  ideal: z.string(),
  /** Whether the value lies where the ideal says, at a level of one in a thousand; null where nothing is fixed. */
  meets: z.boolean().nullable(),
  note: z.string(),
});

const timing = z.strictObject({
  runs: z.int(),
  /** ms */
  median: z.number(),
  /** ms */
  p95: z.number(),
  megabytesPerSecond: z.number(),
});

const run = z.strictObject({
  system: z.string(),
  parameters: parameterValues,
  /** The window that brought a deeper picture to the 8 bits of the scheme; null where it took the picture as it is. */
  windowed: z.strictObject({ low: z.int(), high: z.int() }).nullable(),
  labels: z.strictObject({
    fidelity: z.enum(['lossless', 'bounded', 'not invertible']),
    bare: confidentiality,
    envelope: confidentiality,
  }),
  /** Bytes of the original by its stored bits, of what the scheme made, and of that in the envelope. */
  bytes: z.strictObject({ original: z.int(), payload: z.int(), sealed: z.int() }),
  metrics: z.array(figure),
  /** NIST SP 800-22 on the cipher; null where it was not asked for. */
  nist: z
    .array(
      z.strictObject({
        test: z.string(),
        section: z.string(),
        pValues: z.array(z.number()),
        /** Share of p-values of at least 0.01; null where the cipher is too short for the test. */
        proportion: z.number().nullable(),
      }),
    )
    .nullable(),
  timing: z.strictObject({ encrypt: timing, decrypt: timing }).nullable(),
});
export type LabRun = z.infer<typeof run>;

/** `vitrine lab run`. */
export const labRunReport = z.strictObject({ image, run });
export type LabRunReport = z.infer<typeof labRunReport>;

const outcome = z.strictObject({ score: z.number(), chance: z.number(), succeeded: z.boolean() });

const attack = z.strictObject({
  ...attackDescription.shape,
  parameters: parameterValues,
  /** Against the scheme alone. */
  bare: outcome,
  /** Against the scheme in the envelope. */
  envelope: outcome,
});
export type LabAttack = z.infer<typeof attack>;

/** `vitrine lab attack`. */
export const labAttackReport = z.strictObject({ system: z.string(), image, attacks: z.array(attack) });
export type LabAttackReport = z.infer<typeof labAttackReport>;

/** `vitrine lab compare`. */
export const labCompareReport = z.strictObject({
  image,
  systems: z.array(z.strictObject({ run, attacks: z.array(attack) })),
});
export type LabCompareReport = z.infer<typeof labCompareReport>;
