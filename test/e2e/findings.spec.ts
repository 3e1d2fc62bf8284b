import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import { writeStudy } from '../study.ts';
import { ask, importPaths, pickInDialog, resize, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import { headPicture, writeHeadStudy } from './head-study.ts';
import * as steps from './steps.ts';

const SIDE = 192;
const panel = (page: Page) => page.locator('.findings');
const findings = (page: Page) => page.locator('.finding');
const run = (page: Page) => page.locator('[data-run-model="kumar-113"]');

/** Imports a study and opens it with the findings beside its images. */
async function openWith(vitrine: Vitrine, write: (folder: string) => Promise<unknown>): Promise<void> {
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  const folder = join(vitrine.profile.folder, 'scan');
  await write(folder);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await openFindings(page);
}

async function openFindings(page: Page): Promise<void> {
  await steps.openFirst(page);
  await page.keyboard.press('Alt+2');
  await panel(page).waitFor();
}

const heads = (vitrine: Vitrine) =>
  openWith(vitrine, (folder) => writeHeadStudy(folder, 'findings', SIDE, [{ head: 1 }, { head: 2 }, 'flat']));

/** Files of the vault's studies with their hashes. */
function objectsOf(vitrine: Vitrine): Map<string, string> {
  const studies = join(vitrine.profile.vault, 'studies');
  const files = readdirSync(studies, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

async function runOn(page: Page, count: number): Promise<void> {
  await run(page).click();
  await expect(findings(page)).toHaveCount(count, { timeout: 90_000 });
}

test('a model is run on the open image, shows where it looked, and a reader decides', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  await expect(panel(page)).toContainText('Not for diagnosis');
  await expect(panel(page)).toContainText('No model has looked at this study');
  await expect(run(page)).toHaveText('Run on image 1');
  await runOn(page, 1);

  const first = findings(page).first();
  await expect(first).toHaveAttribute('data-verdict', 'none');
  await expect(first.locator('.findings-scores tr')).toHaveCount(4);
  await expect(first.locator('.findings-provenance')).toContainText(/kumar-113 1\.0\.0, weights [0-9a-f]{12}, .+ ms, /);
  const scores = (await first.locator('.findings-score').allTextContents()).map(Number);
  expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 1);
  await expect(page.locator('.status-bar [data-item="engine"]')).toContainText(/^engine (onnxruntime|tfjs-)/);

  const map = page.locator('.class-map canvas');
  await expect(map).toHaveCount(0);
  await page.getByLabel('Grad-CAM', { exact: true }).check();
  await expect(map).toBeVisible();
  await expect(first).toContainText('not the boundary');
  const place = async () => {
    const box = await map.boundingBox();
    if (box === null) throw new Error('no map');
    return box;
  };
  const before = await place();
  expect(before.width).toBeCloseTo(before.height, 0);
  await page.locator('[data-region="grid"]').click({ position: { x: 5, y: 200 } });
  await page.keyboard.press('+');
  await expect.poll(async () => (await place()).width).toBeGreaterThan(before.width);
  await page.keyboard.press('Space');
  await expect(map).toBeHidden();
  await page.keyboard.press('Space');
  await expect(map).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(map, 'of another image nothing is said').toHaveCount(0);

  await expect(run(page)).toHaveText('Run on image 2');
  await runOn(page, 2);
  await findings(page).nth(1).locator('.finding-line').click();
  await expect(findings(page).nth(1)).toHaveAttribute('data-open', 'true');
  await page.keyboard.press('j');
  await expect(findings(page).first().locator('[data-finding]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(findings(page).first()).toHaveAttribute('data-verdict', 'accepted');
  await page.keyboard.press('j');
  await expect(findings(page).nth(1).locator('[data-finding]')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(findings(page).nth(1)).toHaveAttribute('data-verdict', 'rejected');

  await page.reload();
  await steps.onScreen(page, 'list');
  await openFindings(page);
  await expect(findings(page)).toHaveCount(2);
  await expect(findings(page).first()).toHaveAttribute('data-verdict', 'accepted');
  await expect(findings(page).nth(1)).toHaveAttribute('data-verdict', 'rejected');
  await expect(findings(page).first()).toContainText('Accepted by');
  await findings(page).first().getByRole('button', { name: 'Undo' }).click();
  await expect(findings(page).first()).toHaveAttribute('data-verdict', 'withdrawn');
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await expect(findings(page)).toHaveCount(0);
});

test('a whole series is classified, image by image, sealed with the study, and decided on', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  const classify = page.locator('[data-classify-series="3"]');
  await expect(classify).toHaveText('Classify the series (3)');
  await classify.click();
  const card = page.locator('[data-series-finding="3"]');
  await expect(card).toBeVisible({ timeout: 90_000 });
  await expect(card.locator('.finding-line')).toHaveAttribute('aria-expanded', 'true');
  await expect(card.locator('tr')).toHaveCount(3);
  await expect(card.locator('tr').nth(2)).toContainText('one value nearly everywhere');
  await expect(card.locator('.findings-provenance')).toContainText(/kumar-113 1\.0\.0, weights [0-9a-f]{12}, .+ ms, /);
  await card.locator('tr').nth(1).getByRole('button').click();
  await expect(run(page)).toHaveText('Run on image 2');
  await card.getByRole('button', { name: 'Accept' }).click();
  await expect(card).toHaveAttribute('data-verdict', 'accepted');
  await page.reload();
  await steps.onScreen(page, 'list');
  await openFindings(page);
  await expect(card).toHaveAttribute('data-verdict', 'accepted');
});

test('findings of a prior that is open are listed with its date, to read only; J goes through series too', async ({
  start,
}) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openWith(vitrine, async (folder) => {
    const of = (date: string) => ({ date, patient: 'head' });
    await writeHeadStudy(join(folder, 'now'), 'now', SIDE, [{ head: 1 }, { head: 2 }], of('20250301'));
    await writeHeadStudy(join(folder, 'before'), 'before', SIDE, [{ head: 3 }, { head: 4 }], of('20240301'));
  });
  await runOn(page, 1);
  await page.locator('[data-classify-series="2"]').click();
  const card = page.locator('[data-series-finding="2"]');
  await expect(card).toBeVisible({ timeout: 90_000 });
  await expect(findings(page)).toHaveCount(2);
  const line = card.locator('[data-finding]');
  await line.click();
  await page.keyboard.press('j');
  await expect(findings(page).nth(1).locator('[data-finding]')).toBeFocused();
  await page.keyboard.press('j');
  await expect(line).toBeFocused();
  await expect(line).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(card).toHaveAttribute('data-verdict', 'accepted');

  await page.reload();
  await steps.onScreen(page, 'list');
  await steps.search(page).press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await steps.shown(steps.viewport(page));
  await page.keyboard.press('Alt+2');
  const priors = page.locator('[data-prior-finding]');
  const open = page.locator('[data-open-prior="2025-03-01"]');
  await expect(open).toHaveText('Open the prior of 2025-03-01');
  await expect(priors, 'nothing is read of a study that is not open').toHaveCount(0);
  await open.click();
  await expect(priors).toHaveCount(2);
  await expect(priors.first()).toHaveText(/^PRIOR 2025-03-01kumar-113: Series, 2 images: .+Accepted$/);
  await expect(priors.nth(1)).toHaveText(/^PRIOR 2025-03-01kumar-113: .+ \d\.\d\dUndecided$/);
  await expect(open).toHaveCount(0);
  await expect(page.locator('.findings-priors button'), 'to read only').toHaveCount(0);
  await expect(findings(page)).toHaveCount(0);
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await expect(priors).toHaveCount(0);
});

test('a picture file is classified in memory; one that is no picture ends in a sentence', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  const before = objectsOf(vitrine);
  const jpeg = await createJpegCodec();
  const picture = headPicture(SIDE);
  const files = {
    'head.jpg': jpeg.encode(picture, 90),
    'flat.jpg': jpeg.encode({ ...picture, samples: picture.samples.map(() => 90) }, 90),
    'small.jpg': jpeg.encode(headPicture(24), 60),
    'letter.jpg': new TextEncoder().encode('not a picture'),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(vitrine.profile.folder, name), bytes);
  const choose = async (name: string) => {
    await pickInDialog(vitrine, [join(vitrine.profile.folder, name)]);
    await page.locator('[data-run-file]').click();
  };
  await choose('head.jpg');
  const part = page.locator('[data-model-file="jpeg"]');
  await expect(part).toBeVisible({ timeout: 90_000 });
  await expect(part.locator('.findings-scores tr')).toHaveCount(4);
  await expect(part.locator('.findings-provenance')).toContainText('kumar-113');
  await expect(part.locator('canvas')).toBeVisible();
  const failed = page.locator('[data-job="model.file"][data-state="failed"]');
  for (const [name, sentence] of [
    ['flat.jpg', 'one value nearly everywhere'],
    ['small.jpg', 'too small'],
    ['letter.jpg', 'can’t be read as a picture'],
  ] as const) {
    await choose(name);
    await expect(failed).toContainText(sentence, { timeout: 60_000 });
    await failed.getByRole('button', { name: 'Dismiss' }).click();
    await expect(part).toHaveCount(0);
  }

  const box = await panel(page).boundingBox();
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [join(vitrine.profile.folder, 'head.jpg')], dragOperationsMask: 1 };
    await devtools.send('Input.dispatchDragEvent', { type, x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 60, data });
  }
  await expect(part).toBeVisible({ timeout: 60_000 });
  expect(objectsOf(vitrine), 'nothing of it is written').toEqual(before);
});

test('an attack stays in memory: the archive holds nothing of it, the log says that it was', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  await page.locator('.findings-attack > summary').click();
  const before = objectsOf(vitrine);
  await page.getByLabel('Method', { exact: true }).selectOption('pgd');
  await page.getByLabel('ε', { exact: true }).fill('8');
  await expect(page.locator('.findings-slider output')).toHaveText('8/255 of the brightness');
  await page.locator('[data-attack-model="kumar-113"]').click();
  const result = page.locator('.attack-result');
  await expect(result).toBeVisible({ timeout: 120_000 });
  await expect(result).toHaveAttribute('data-fooled', 'true');
  await expect(result.locator('[data-attack-picture="attacked"]')).toContainText('Manipulated');
  await expect(result.locator('canvas')).toHaveCount(3);
  await expect(result).toContainText('Largest change 8.0/255');
  await expect(result.locator('.attack-verdict')).toHaveText(/^Image 1\. Fooled/);
  expect(objectsOf(vitrine)).toEqual(before);
  const { entries } = await ask(page, 'audit.list', { topic: 'all', studyId: null, before: null, limit: 50 });
  expect(entries.filter(({ kind }) => kind === 'study-opened')).toHaveLength(2);
  await expect(findings(page)).toHaveCount(0);
});

test('an image that the model can’t take ends in a sentence, and so do a cancel and a crash', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  await page.keyboard.press('End');
  await expect(run(page)).toHaveText('Run on image 3');
  const before = objectsOf(vitrine);
  await run(page).click();
  const failed = page.locator('[data-job="model.run"][data-state="failed"]');
  await expect(failed).toContainText('one value nearly everywhere', { timeout: 90_000 });
  await expect(failed).toContainText('The study is untouched.');
  await failed.getByRole('button', { name: 'Dismiss' }).click();

  await page.locator('[data-region="grid"]').focus();
  await page.keyboard.press('Home');
  await expect(run(page)).toHaveText('Run on image 1');
  await page.locator('.findings-attack > summary').click();
  await page.getByLabel('Method', { exact: true }).selectOption('pgd');
  const attack = page.locator('[data-attack-model="kumar-113"]');
  await attack.click();
  await page.locator('[data-job="model.attack"][data-state="running"]').waitFor();
  await page.locator('.findings-attack').getByRole('button', { name: 'Cancel' }).click();
  await page.locator('[data-job="model.attack"]').waitFor({ state: 'detached', timeout: 3000 });
  await expect(page.locator('.attack-result')).toHaveCount(0);

  await attack.click();
  await page.locator('[data-job="model.attack"][data-state="running"]').waitFor();
  const pid = await vitrine.electron.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Vitrine engine')?.pid ?? 0,
  );
  process.kill(pid, 'SIGKILL');
  await expect(page.locator('[data-job="model.attack"][data-state="failed"]')).toContainText(
    'your studies are untouched',
  );
  expect(objectsOf(vitrine)).toEqual(before);
});

const REFUSED = [
  ['of CT', 'made for MR of the head', (folder: string) => writeStudy(folder, { seed: 'ct', matrix: 64, slices: 1 })],
  ['that is too small', 'too small', (folder: string) => writeHeadStudy(folder, 'small', 24, [{ head: 1 }])],
] as const;

for (const [what, sentence, write] of REFUSED) {
  test(`an image ${what} is refused, and nothing is kept`, async ({ start }) => {
    const vitrine = await start();
    const { page } = vitrine;
    await openWith(vitrine, write);
    const before = objectsOf(vitrine);
    await run(page).click();
    const failed = page.locator('[data-job="model.run"][data-state="failed"]');
    await expect(failed).toContainText(sentence, { timeout: 90_000 });
    await expect(findings(page)).toHaveCount(0);
    expect(objectsOf(vitrine)).toEqual(before);
  });
}

test('findings as they are seen, with nothing clipped in either language', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await heads(vitrine);
  await runOn(page, 1);
  const settings = await ask(page, 'settings.get', {});
  for (const language of ['en', 'de'] as const) {
    await ask(page, 'settings.set', { ...settings, language });
    await page.reload();
    await steps.onScreen(page, 'list');
    await openFindings(page);
    await expect(findings(page)).toHaveCount(1);
    await page.getByLabel('Grad-CAM', { exact: true }).check();
    for (const [width, height] of [
      [1600, 1000],
      [1280, 720],
    ] as const) {
      await resize(vitrine, width, height);
      await expect(page.locator('.class-map canvas')).toBeVisible();
      const clipped = await panel(page)
        .locator('button, select, output, summary, p, td, th')
        .evaluateAll((all) =>
          all
            .filter((one) => one.tagName !== 'SELECT' && one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.textContent),
        );
      expect(clipped, `${language} ${width}`).toEqual([]);
      const wide = await panel(page).evaluate((one) => one.scrollWidth > one.clientWidth + 1);
      expect(wide, `${language} ${width}`).toBe(false);
    }
  }
});
