import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { concatBytes, utf8 } from '../../core/bytes.ts';
import { inferError } from '../../core/infer/errors.ts';
import {
  type ForecastManifest,
  isForecastManifest,
  parseForecastManifest,
} from '../../core/infer/forecast-manifest.ts';
import { type Manifest, parseManifest, parseSignature, SIGNED_CONTEXT } from '../../core/infer/manifest.ts';
import type { CheckedModel } from '../../core/infer/model.ts';
import { robustnessSchema } from '../../core/infer/robustness.ts';
import { TRUSTED_MODEL_KEYS, type TrustedKey } from '../../core/infer/trusted-keys.ts';
import { readWeights } from '../../core/infer/weights-file.ts';
import { fromBase64 } from '../../core/keys/base64.ts';
import { networkOf } from '../../models/networks/networks.ts';
import { verifySignature } from '../audit/ed25519.ts';

/** Where models lie: beside the built application, or in the source tree. */
function ownZoo(): string {
  const built = fileURLToPath(new URL('../zoo/', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('../../models/zoo/', import.meta.url));
}

/** Where to look and whom to trust; tests give their own. */
export interface ZooPlace {
  readonly folder?: string;
  readonly keys?: readonly TrustedKey[];
}

/** Ids of the classifiers that are there, in order; whether one is whole shows when it is read. */
export async function listModels({ folder = ownZoo() }: ZooPlace = {}): Promise<string[]> {
  const found: string[] = [];
  for (const id of await folders(folder)) {
    const manifest = await named(join(folder, id), 'manifest.json');
    if (manifest === null || !isForecastManifest(new TextDecoder().decode(manifest))) found.push(id);
  }
  return found;
}

async function folders(zoo: string): Promise<string[]> {
  const entries = await readdir(zoo, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads a model and checks it: signature, manifest, hashes, weights.
 * @throws VitrineError infer/unknown-model, infer/signature, infer/manifest, infer/weights-missing, infer/weights-altered,
 * infer/weights-not-finite, infer/weights-shape, infer/report
 */
export async function readModel(
  id: string,
  { folder = ownZoo(), keys = TRUSTED_MODEL_KEYS }: ZooPlace = {},
): Promise<CheckedModel> {
  if (!(await listModels({ folder })).includes(id))
    throw inferError('infer/unknown-model', 'there is no model of this name; see "vitrine model list"');
  const place = join(folder, id);
  const { text, signedBy } = await signedManifest(place, keys);
  const manifest = parseManifest(text);
  const weights = await signedWeights(place, id, manifest);
  readWeights(networkOf(manifest.network), weights);
  await checkReport(place, manifest);
  const card = await readFile(join(place, 'card.md'), 'utf8').catch(() => '');
  return { manifest, weights, card, signedBy };
}

/**
 * Reads a forecaster and checks it as `readModel` checks a classifier.
 * @throws VitrineError as `readModel`
 */
export async function readForecastModel(
  id: string,
  { folder = ownZoo(), keys = TRUSTED_MODEL_KEYS }: ZooPlace = {},
): Promise<{ readonly manifest: ForecastManifest; readonly weights: Uint8Array }> {
  if (!(await folders(folder)).includes(id))
    throw inferError('infer/unknown-model', 'the model is missing; install Vitrine again');
  const place = join(folder, id);
  const manifest = parseForecastManifest((await signedManifest(place, keys)).text);
  return { manifest, weights: await signedWeights(place, id, manifest) };
}

/** The file of weights, held against the manifest that was signed. */
async function signedWeights(
  place: string,
  id: string,
  manifest: Pick<Manifest, 'id' | 'weights'>,
): Promise<Uint8Array> {
  if (manifest.id !== id)
    throw inferError('infer/manifest', 'the manifest belongs to another model; install the model again');
  const weights = await named(place, manifest.weights.file);
  if (weights === null)
    throw inferError('infer/weights-missing', 'the file of the weights is missing; install the model again');
  if (sha256(weights) !== manifest.weights.sha256)
    throw inferError(
      'infer/weights-altered',
      'the weights are not those that the manifest names; the model was altered or damaged, install it again',
    );
  return weights;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Null where it isn't there. */
async function named(place: string, file: string): Promise<Uint8Array | null> {
  return readFile(join(place, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** The text of a manifest whose signature fits, and the name of the key that it fits. */
async function signedManifest(
  place: string,
  keys: readonly TrustedKey[],
): Promise<{ readonly text: string; readonly signedBy: string }> {
  const bytes = await named(place, 'manifest.json');
  if (bytes === null) throw inferError('infer/manifest', 'the manifest is missing; install the model again');
  const signature = await named(place, 'manifest.sig.json');
  if (signature === null)
    throw inferError('infer/signature', 'the model is not signed; Vitrine loads signed models only');
  const { key: name, signature: signed } = parseSignature(new TextDecoder().decode(signature));
  const key = keys.find(({ id }) => id === name);
  if (!key) throw inferError('infer/signature', 'the model was signed by a key that Vitrine does not trust');
  const message = concatBytes(utf8(SIGNED_CONTEXT), bytes);
  const signatureBytes = decoded(signed);
  if (signatureBytes === null || !verifySignature(fromBase64(key.publicKey), message, signatureBytes))
    throw inferError(
      'infer/signature',
      'the manifest does not fit its signature; the model was altered or damaged, install it again',
    );
  return { text: new TextDecoder().decode(bytes), signedBy: name };
}

/** Null for anything but the one text of these bytes: Node would pass over what is no Base64. */
function decoded(text: string): Uint8Array | null {
  try {
    return fromBase64(text);
  } catch {
    return null;
  }
}

/** A report counts only for the weights that it was made on. */
async function checkReport(place: string, { robustness, weights }: Manifest): Promise<void> {
  if (robustness === null) return;
  const bytes = await named(place, robustness.file);
  if (bytes === null || sha256(bytes) !== robustness.sha256)
    throw inferError(
      'infer/report',
      'the robustness report is missing or not the one that was signed; install the model again',
    );
  const report = robustnessSchema.safeParse(json(bytes));
  if (!report.success || report.data.weightsSha256 !== weights.sha256)
    throw inferError('infer/report', 'the robustness report is of another model; install the model again');
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
