/** What the manifest of a forecaster says; signed and read as a classifier's (manifest.ts). */
import { z } from 'zod';
import { inferError } from './errors.ts';
import { identity, purpose } from './manifest.ts';

export const forecastManifestSchema = z.strictObject({
  ...identity,
  input: z.strictObject({ steps: z.int(), units: z.string() }),
  output: z.strictObject({ kind: z.literal('forecast'), steps: z.int() }),
  ...purpose,
  /** What the training command printed. */
  metrics: z.strictObject({
    split: z.string(),
    days: z.strictObject({ training: z.int(), test: z.int() }),
    /** Mean absolute errors over the test days, in the series' unit: of the model, and of taking each day from the week before. */
    meanAbsoluteError: z.strictObject({ model: z.number(), weekBefore: z.number() }),
  }),
  licence: z.string(),
});
export type ForecastManifest = z.infer<typeof forecastManifestSchema>;

/** Whether the text of a manifest says that it is a forecaster's; false for what is no manifest at all. */
export function isForecastManifest(text: string): boolean {
  try {
    return z.object({ output: z.object({ kind: z.literal('forecast') }) }).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Parses a forecaster's manifest whose signature was checked. @throws VitrineError infer/manifest */
export function parseForecastManifest(text: string): ForecastManifest {
  const manifest = isForecastManifest(text) ? forecastManifestSchema.safeParse(JSON.parse(text)) : null;
  if (manifest?.success !== true)
    throw inferError('infer/manifest', 'the manifest is damaged; install the model again', { cause: manifest?.error });
  return manifest.data;
}
