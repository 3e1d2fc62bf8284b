import type { ModelUploadReport } from '../../core/contract/model.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { memoryReader } from '../decode/pixels-of.ts';
import { randomFill } from '../random.ts';
import { Classifier, prepare } from './classifier.ts';
import { CLOUD_BACK_END, Cloud } from './cloud.ts';
import { imageFrom } from './source-image.ts';
import { readModel } from './zoo.ts';

/**
 * Classifies a file here and through a server process, and says whether both say the same.
 * @throws VitrineError of an image that the model doesn't take, infer/payload
 */
export async function uploadReport(id: string, file: Uint8Array, keyBits: 128 | 256): Promise<ModelUploadReport> {
  const model = await readModel(id);
  const { image, facts } = await imageFrom(memoryReader(file), 0, await createJpegCodec());
  const { input } = prepare(model, image, facts);
  const memory = { read: async () => null, write: async () => undefined };
  const local = await Classifier.open(model, { backEnd: CLOUD_BACK_END, memory });
  const expected = await local.probabilities(input);
  await local.dispose();
  const key = new Uint8Array(keyBits / 8);
  randomFill(key);
  const cloud = await Cloud.start(key, id);
  try {
    const { scores, bytesSent, bytesBack } = await cloud.classify({ study: 'study', image: 'image' }, file);
    return {
      keyBits,
      scores: model.manifest.output.labels
        .map((label, i) => ({ label, score: scores[i] ?? Number.NaN }))
        .toSorted((a, b) => b.score - a.score),
      identical: scores.length === expected.length && scores.every((score, i) => score === expected[i]),
      bytesSent,
      bytesBack,
      seenBy: ['client', 'server'],
    };
  } finally {
    cloud.close();
  }
}
