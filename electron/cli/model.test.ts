import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { bundle } from '../../build/bundle.ts';
import { failureReport } from '../../core/contract/command-line.ts';
import { modelEvaluation, modelRunReport } from '../../core/contract/model.ts';
import { modelAttackReport } from '../../core/contract/model-attack.ts';
import { derivedUid } from '../../core/dicom/phantom/uid.ts';
import { writeHeadStudy } from '../../test/e2e/head-study.ts';

/** As it is shipped: bundled, under plain Node. */
const CLI = fileURLToPath(new URL('../../out/app/cli/cli.js', import.meta.url));
const SLOW = 180_000;
const UID = derivedUid('models/instance/0');

let folder = '';

/** Runs the command line; stdout must be one JSON document of this shape. */
async function print<T>(schema: z.ZodType<T>, ...args: string[]): Promise<{ report: T; exit: number }> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [CLI, ...args, '--json'],
      { env: { XDG_CACHE_HOME: folder } },
      (_error, stdout) => {
        try {
          resolve({ report: schema.parse(JSON.parse(stdout)), exit: child.exitCode ?? -1 });
        } catch (error) {
          reject(error);
        }
      },
    );
  });
}

/** The same on the vault. */
async function ask<T>(schema: z.ZodType<T>, ...args: string[]): Promise<T> {
  const place = ['--vault', join(folder, 'vault'), '--passphrase-file', join(folder, 'passphrase')];
  return (await print(schema, ...args, ...place)).report;
}

beforeAll(async () => {
  await bundle(['cli'], () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'vitrine-cli-model-'));
  await writeFile(join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
  await writeHeadStudy(join(folder, 'scan'), 'models', 96, [{ head: 1 }]);
  for (const args of [['create'], ['import', join(folder, 'scan')]])
    await ask({ parse: (value) => value } as z.ZodType<unknown>, ...args);
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('runs and attacks a model on an image of the vault, by its UID; the study is what it was', {
  timeout: SLOW,
}, async () => {
  const before = await readdir(join(folder, 'vault', 'studies'), { recursive: true });
  const run = await ask(modelRunReport, 'model', 'run', 'kumar-113', UID, '--back-end', 'tfjs-wasm');
  expect(run.image).toMatchObject({ source: 'dicom', modality: 'MR', columns: 96, rows: 96, bits: 12, frame: 1 });
  expect(run.classification.scores).toHaveLength(4);
  expect(run.classification.provenance).toMatchObject({ model: 'kumar-113', backEnd: 'tfjs-wasm' });
  expect(run.classification.provenance.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
  const attack = await ask(modelAttackReport, 'model', 'attack', 'kumar-113', UID, '--method', 'fgsm');
  expect(attack).toMatchObject({ method: 'fgsm', manipulated: true });
  expect(attack.change.linf).toBeLessThanOrEqual(2 / 255 + 1e-6);
  const none = await ask(failureReport, 'model', 'run', 'kumar-113', `${UID}.9`);
  expect(none.error.code).toBe('vault/no-such-object');
  expect(await readdir(join(folder, 'vault', 'studies'), { recursive: true })).toEqual(before);
});

it('evaluates a model on folders of classes; exit 0 when all were classified, 1 when some were not, 2 without classes', {
  timeout: SLOW,
}, async () => {
  const pictures = join(folder, 'pictures');
  await writeHeadStudy(join(pictures, 'glioma'), 'evaluated', 96, [{ head: 1 }, { head: 2 }]);
  const on = ['model', 'evaluate', 'kumar-113', pictures, '--back-end', 'tfjs-wasm'];
  const all = await print(modelEvaluation, ...on);
  expect(all).toMatchObject({ exit: 0, report: { n: 2, refused: [], provenance: { backEnd: 'tfjs-wasm' } } });
  await writeFile(join(pictures, 'glioma', 'text.jpg'), 'no picture');
  const some = await print(modelEvaluation, ...on);
  expect(some).toMatchObject({ exit: 1, report: { n: 2, refused: [{ file: 'glioma/text.jpg' }] } });
  const none = await print(failureReport, 'model', 'evaluate', 'kumar-113', join(folder, 'scan'));
  expect(none).toMatchObject({ exit: 2, report: { error: { code: 'infer/class' } } });
});
