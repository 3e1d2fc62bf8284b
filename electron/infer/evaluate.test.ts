import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelEvaluation } from '../../core/contract/model.ts';
import type { Picture } from '../../core/schemes/picture.ts';
import { headPicture, writeHeadStudy } from '../../test/e2e/head-study.ts';
import { greyPng } from '../../test/fixtures/png.ts';
import { explain } from '../cli/words.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { type EvaluateOptions, evaluate } from './evaluate.ts';
import { readModel } from './zoo.ts';

const SLOW = 120_000;
const BACK_END = 'tfjs-wasm';
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-evaluate-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Files of these bytes, by their names below a new folder. */
async function folderOf(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, bytes] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
  return folder;
}

function options(change: Partial<EvaluateOptions> = {}): EvaluateOptions {
  const memory = { read: async () => null, write: async () => undefined };
  const { signal } = new AbortController();
  return { backEnd: BACK_END, memory, explain, signal, progress: () => undefined, ...change };
}

/** A picture with its left part darkened: another one each time. */
function head(darkened: number): Picture {
  const picture = headPicture(96);
  const { columns, samples } = picture;
  return { ...picture, samples: samples.map((value, i) => (i % columns < darkened ? value >> 1 : value)) };
}

it('counts what a model says of pictures of known class, batches of JPEG, PNG and DICOM; what it does not take is refused by name', {
  timeout: SLOW,
}, async () => {
  const jpeg = await createJpegCodec();
  const files: Record<string, Uint8Array> = {
    'glioma/.hidden': Uint8Array.of(1),
    'glioma/text.jpg': new TextEncoder().encode('not a picture'),
    'glioma/flat.png': greyPng({ ...headPicture(64), samples: new Uint16Array(64 * 64).fill(9) }),
    'notes.txt': Uint8Array.of(1),
  };
  for (let i = 0; i < 18; i++) files[`glioma/one/${String(i).padStart(2, '0')}.jpg`] = jpeg.encode(head(4 * i), 90);
  for (let i = 0; i < 19; i++) files[`no_tumor/${String(i).padStart(2, '0')}.png`] = greyPng(head(4 * i));
  const folder = await folderOf('pictures', files);
  await writeHeadStudy(join(folder, 'pituitary'), 'evaluate', 96, [{ head: 1 }, { head: 2 }, 'flat']);
  await symlink(join(folder, 'no_tumor', '00.png'), join(folder, 'pituitary', 'link.png'));

  const told: [number, number][] = [];
  const model = await readModel('kumar-113');
  const report = await evaluate(model, folder, options({ progress: (...at) => told.push(at) }));
  expect(modelEvaluation.parse(report)).toEqual(report);
  expect(report.labels).toEqual(['glioma', 'meningioma', 'no_tumor', 'pituitary']);
  expect(report.confusion.map((row) => row.reduce((sum, one) => sum + one, 0))).toEqual([18, 0, 19, 2]);
  expect(report.n).toBe(39);
  expect(report.refused.map(({ file, code }) => [file, code])).toEqual([
    ['notes.txt', 'infer/class'],
    ['glioma/flat.png', 'infer/flat'],
    ['glioma/text.jpg', 'dicom/not-dicom'],
    ['pituitary/head-3.dcm', 'infer/flat'],
  ]);
  const right = report.confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  expect(report.accuracy).toMatchObject({ right, of: 39 });
  expect(report.classes.map(({ label, sensitivity }) => [label, sensitivity.of])).toEqual([
    ['glioma', 18],
    ['meningioma', 0],
    ['no_tumor', 19],
    ['pituitary', 2],
  ]);
  expect(report.provenance).toMatchObject({ model: 'kumar-113', backEnd: BACK_END });
  expect(report.picturesPerSecond).toBeCloseTo(39 / report.seconds, 6);
  expect(told.at(-1)).toEqual([42, 42]);
});

it('says of each picture what a run on it alone says', { timeout: SLOW }, async () => {
  const { Classifier } = await import('./classifier.ts');
  const model = await readModel('kumar-113');
  const { labels } = model.manifest.output;
  const pictures = [0, 30, 60].map(head);
  const classifier = await Classifier.open(model, { backEnd: BACK_END, memory: options().memory });
  const expected = labels.map(() => 0);
  for (const picture of pictures) {
    const { classification } = await classifier.classify(picture, { modality: null, inverted: false });
    const at = labels.indexOf(classification.scores[0]?.label ?? '');
    expected[at] = (expected[at] ?? 0) + 1;
  }
  await classifier.dispose();
  const files = pictures.map((picture, i) => [`meningioma/${i}.png`, greyPng(picture)] as const);
  const { confusion } = await evaluate(model, await folderOf('alone', Object.fromEntries(files)), options());
  expect(confusion[1]).toEqual(expected);
});

it.each([
  ['without a folder', { 'a.png': Uint8Array.of(1) }, 'it has no folder'],
  [
    'with a folder that is no class',
    { 'glioma/a.png': Uint8Array.of(1), 'tumour/a.png': Uint8Array.of(1) },
    '"tumour"',
  ],
  ['whose classes have no picture', { 'glioma/.keep': Uint8Array.of(1) }, 'no folder of a class has a picture'],
])('refuses a folder %s in a sentence that names the labels', async (what, files, sentence) => {
  const folder = await folderOf(what, files);
  const failed = evaluate(await readModel('kumar-113'), folder, options());
  await expect(failed).rejects.toMatchObject({
    code: 'infer/class',
    message: expect.stringMatching(/glioma, meningioma, no_tumor, pituitary/),
  });
  await expect(failed).rejects.toThrow(sentence);
});

it('is cancelled between pictures and while the model is opened', { timeout: SLOW }, async () => {
  const model = await readModel('kumar-113');
  const files = Array.from({ length: 40 }, (_, i) => [`glioma/${i}.png`, greyPng(head(i))] as const);
  const folder = await folderOf('cancelled', Object.fromEntries(files));
  const abort = new AbortController();
  const progress = (): void => abort.abort();
  await expect(evaluate(model, folder, options({ signal: abort.signal, progress }))).rejects.toMatchObject({
    code: 'engine/cancelled',
  });
  await expect(evaluate(model, folder, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
    code: 'engine/cancelled',
  });
});
