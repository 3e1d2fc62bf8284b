import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { readModel } from '../../electron/infer/zoo.ts';
import { ROOT } from '../command.ts';
import { importPaths, launch, quit, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import { writeHeadStudy } from './head-study.ts';
import * as steps from './steps.ts';

/** WebGPU in the compute window, on Chromium's software adapter. */

const MODEL = 'kumar-113';
const run = (page: Page) => page.locator(`[data-run-model="${MODEL}"]`);
const findings = (page: Page) => page.locator('.finding[data-open]');

async function started(profile: Parameters<typeof launch>[0]): Promise<Vitrine> {
  const vitrine = await launch(profile, { args: ['-r', join(ROOT, 'test', 'e2e', 'software-gpu.cjs')] });
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  const folder = join(profile.folder, 'scan');
  await writeHeadStudy(folder, 'compute', 192, [{ head: 1 }, { head: 2 }, { head: 3 }, { head: 4 }]);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
  await page.keyboard.press('Alt+2');
  await run(page).waitFor();
  return vitrine;
}

const runsOn = (page: Page, backEnd: string) => page.getByLabel('Runs on', { exact: true }).selectOption(backEnd);

/** Scores of the newest finding, by class. */
async function scores(page: Page): Promise<Map<string, number>> {
  const rows = findings(page).first().locator('.findings-scores tr');
  const found = new Map<string, number>();
  for (const row of await rows.all())
    found.set((await row.getAttribute('data-class')) ?? '', Number(await row.locator('.findings-score').textContent()));
  return found;
}

/** What the compute window's page answers to an expression; null while there is none. */
function inWindow(vitrine: Vitrine, expression: string): Promise<unknown> {
  return vitrine.electron.evaluate(({ webContents }, code) => {
    const page = webContents.getAllWebContents().find((one) => one.getURL().startsWith('vitrine-compute:'));
    return page === undefined ? null : page.executeJavaScript(code);
  }, expression);
}

function objectsOf(vitrine: Vitrine): Map<string, string> {
  const studies = join(vitrine.profile.vault, 'studies');
  const files = readdirSync(studies, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

test('WebGPU says what ONNX Runtime says, frees what it made, and its window sees nothing else', async ({
  profile,
}) => {
  const vitrine = await started(profile);
  const { page } = vitrine;
  const { tolerance } = (await readModel(MODEL)).manifest;
  await runsOn(page, 'onnxruntime');
  await run(page).click();
  await expect(findings(page)).toHaveCount(1, { timeout: 60_000 });
  const expected = await scores(page);

  await runsOn(page, 'tfjs-webgpu');
  await run(page).click();
  await expect(findings(page)).toHaveCount(2, { timeout: 60_000 });
  await expect(findings(page).first().locator('.findings-provenance')).toContainText('TensorFlow.js WebGPU');
  await expect(page.locator('.status-bar [data-item="engine"]')).toContainText('tfjs-webgpu');
  const found = await scores(page);
  expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  // Shown with two digits.
  for (const [label, score] of found)
    expect(Math.abs(score - (expected.get(label) ?? Number.NaN)), label).toBeLessThanOrEqual(tolerance + 0.01);

  const count = 'globalThis._tfengine.memory().numTensors';
  const loaded = await inWindow(vitrine, count);
  await run(page).click();
  await expect(findings(page)).toHaveCount(3, { timeout: 60_000 });
  expect(await inWindow(vitrine, count), 'a run leaves only the weights behind').toBe(loaded);

  const seen = await inWindow(
    vitrine,
    `fetch('https://example.org/').then(() => 'reached', () => 'refused').then((network) => ({ network,
      node: typeof require + typeof process, bridge: typeof vitrine, files: location.href }))`,
  );
  expect(seen).toEqual({
    network: 'refused',
    node: 'undefinedundefined',
    bridge: 'undefined',
    files: 'vitrine-compute://window/index.html',
  });
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await expect.poll(() => inWindow(vitrine, '1')).toBe(null);
  await quit(vitrine);
});

for (const [what, kill] of [
  ['window’s process ends', 'window'],
  ['graphics processor is lost', 'gpu'],
] as const) {
  test(`when the ${what} the next back end takes over, in a sentence`, async ({ profile }) => {
    const vitrine = await started(profile);
    const { page } = vitrine;
    const before = objectsOf(vitrine);
    await runsOn(page, 'tfjs-webgpu');
    await page.locator('[data-classify-series]').click();
    await page.locator('[data-job="model.series"][data-state="running"]').waitFor();
    await expect.poll(() => inWindow(vitrine, '(globalThis._tfengine?.memory().numTensors ?? 0) > 0')).toBe(true);
    const pid = await vitrine.electron.evaluate(({ app, webContents }, which) => {
      if (which === 'gpu') return app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0;
      const window = webContents.getAllWebContents().find((one) => one.getURL().startsWith('vitrine-compute:'));
      return window?.getOSProcessId() ?? 0;
    }, kill);
    process.kill(pid, 'SIGKILL');
    const said = page.locator('[data-lost="tfjs-webgpu"]');
    await expect(said).toContainText('TensorFlow.js WebGPU stopped answering. The study is untouched', {
      timeout: 60_000,
    });
    await expect(said).toContainText('Start Vitrine again');
    await expect(page.locator('[data-series-finding="4"] .findings-provenance')).not.toContainText('WebGPU');
    for (const [path, hash] of before) expect(objectsOf(vitrine).get(path), 'the study is untouched').toBe(hash);
    await quit(vitrine);
  });
}

test('a run on WebGPU hears a cancel within a second, and nothing of it is kept', async ({ profile }) => {
  const vitrine = await started(profile);
  const { page } = vitrine;
  const before = objectsOf(vitrine);
  await runsOn(page, 'tfjs-webgpu');
  await page.locator('[data-classify-series]').click();
  await page.locator('[data-job="model.series"][data-state="running"]').waitFor();
  await expect.poll(() => inWindow(vitrine, '(globalThis._tfengine?.memory().numTensors ?? 0) > 0')).toBe(true);
  const asked = Date.now();
  await page.locator('.findings-run').first().getByRole('button', { name: 'Cancel' }).click();
  await page.locator('[data-job="model.series"]').waitFor({ state: 'detached' });
  // A second, and what the driver takes to see it on a busy machine.
  expect(Date.now() - asked).toBeLessThan(2000);
  expect(objectsOf(vitrine)).toEqual(before);
  await quit(vitrine);
});
