import { afterAll, expect, it } from 'vitest';
import { modelRunReport } from '../../core/contract/model.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { Engine } from '../engine/engine.ts';
import { startNodeEngine } from '../engine/node-channel.ts';

const engine = new Engine(startNodeEngine);
afterAll(() => engine.stop());

const options = { answer: modelRunReport, signal: new AbortController().signal, progress: () => undefined };

it('classifies in the engine process, names what did it, and refuses an image without a head in a sentence', async () => {
  const jpeg = await createJpegCodec();
  const picture = chestPhantom({ side: 128, patient: 1 });
  const run = (bytes: Uint8Array) =>
    engine.run(
      'model.run',
      { model: 'kumar-113', backEnd: 'tfjs-wasm', fastest: null, use: 'research', image: { from: 'bytes', bytes } },
      options,
    );
  const { classification, classMap } = await run(jpeg.encode(picture, 90));
  expect(classification.scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
  expect(classification.provenance).toMatchObject({ model: 'kumar-113', backEnd: 'tfjs-wasm' });
  expect(classMap).toMatchObject({ label: classification.scores[0]?.label, rows: 16, columns: 16 });
  const flat = jpeg.encode({ ...picture, samples: picture.samples.map(() => 90) }, 90);
  await expect(run(flat)).rejects.toMatchObject({ code: 'infer/flat' });
}, 60_000);
