/** Entry of the server process of the upload path (cloud.ts). It ends when its channel does. */
import { VitrineError } from '../../core/errors.ts';
import { inferError } from '../../core/infer/errors.ts';
import { openUpload, sealAnswer } from '../../core/infer/upload.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { memoryReader } from '../decode/pixels-of.ts';
import { Classifier, prepare } from './classifier.ts';
import { CLOUD_BACK_END, type FromCloud, type ToCloud } from './cloud.ts';
import { platformGcm } from './gcm.ts';
import { imageFrom } from './source-image.ts';
import { readModel } from './zoo.ts';

let user: { readonly key: Uint8Array; readonly classifier: Classifier } | null = null;

async function answer(message: ToCloud): Promise<FromCloud> {
  if (message.kind === 'user') {
    const memory = { read: async () => null, write: async () => undefined };
    const classifier = await Classifier.open(await readModel(message.model), { backEnd: CLOUD_BACK_END, memory });
    user = { key: message.key, classifier };
    return { kind: 'ready' };
  }
  if (user === null) throw inferError('infer/payload', 'the server has no key of this user yet');
  const { studyKey, file } = openUpload(platformGcm, user.key, message.upload);
  const { image, facts } = await imageFrom(memoryReader(file), 0, await createJpegCodec());
  const { input } = prepare(user.classifier.model, image, facts);
  const scores = await user.classifier.probabilities(input);
  const bytes = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
  return { kind: 'answer', sealed: sealAnswer(platformGcm, studyKey, message.upload.place, bytes) };
}

process.on('message', (message) => {
  answer(message as ToCloud)
    .catch((error: unknown): FromCloud => {
      const known = error instanceof VitrineError;
      return {
        kind: 'refused',
        code: known ? error.code : 'infer/back-end',
        reason: known ? error.message : 'the server failed; try again',
      };
    })
    .then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit(0));
