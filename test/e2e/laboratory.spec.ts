import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import { writeStudy } from '../study.ts';
import { ask, importPaths, pickInDialog, resize, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const SIZES = [
  [1280, 720],
  [1600, 1000],
] as const;
const PERCEPTUAL = 'ahmad-perceptual';

async function openLaboratory(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Laboratory', exact: true }).click();
  await steps.onScreen(page, 'laboratory');
  await page.getByLabel('System', { exact: true }).waitFor();
}

async function choosePhantom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sample phantom' }).click();
  await page.locator('[data-picture="phantom"]').waitFor();
}

const pane = (page: Page, name: string) => page.locator(`[data-pane="${name}"]`);

/** What the window manager does when a person lets a file go over the pictures. */
async function dropped(page: Page, file: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 200, data });
}

/** Files of a study's folder, with what each begins with and its hash. */
function objectsOf(vitrine: Vitrine): Map<string, { head: string; sha256: string }> {
  const studies = join(vitrine.profile.vault, 'studies');
  const files = readdirSync(studies, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return [entry.name, { head: bytes.subarray(0, 16).toString('hex'), sha256 }];
    }),
  );
}

test('a published cipher is run on the phantom, attacked, and seen broken', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  await expect(page.getByLabel('System', { exact: true })).toHaveValue(PERCEPTUAL);
  await expect(page.locator('.lab-protection')).toContainText('The study stays sealed outside the scheme');
  await choosePhantom(page);
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  await expect(pane(page, 'encrypted')).toHaveAttribute('data-empty', 'false', { timeout: 60_000 });
  await expect(page.locator('[data-table="figures"]')).toContainText('+12 %');
  await expect(page.locator('[data-labels]')).toContainText('none, obfuscation only');
  // All pictures are zoomed and moved as one.
  await pane(page, 'original').locator('.lab-surface').hover();
  await page.mouse.wheel(0, -100);
  const looks = () =>
    page.locator('.lab-surface canvas').evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform));
  const shownAt = (scale: string) =>
    expect.poll(async () => (await looks()).every((one) => one.includes(scale))).toBe(true);
  await shownAt('scale(1.25)');
  await pane(page, 'encrypted').locator('.lab-surface').focus();
  await page.keyboard.press('=');
  await shownAt('scale(1)');
  // What all pictures have at one pixel, and the figures for a spreadsheet.
  await pane(page, 'original').locator('.lab-surface').hover();
  await expect(page.locator('[data-pixel="128,128"]')).toContainText(/Original \d+, Encrypted \d+, Decrypted \d+/);
  await page.getByRole('button', { name: 'Copy the figures' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText()).catch(() => null);
  if (copied !== null)
    expect(copied).toMatch(/^Figure\tahmad-perceptual\tUnit\tIdeal\nentropy of the cipher \(byte\)\t7\.\d+\tbit/);
  await page.getByRole('button', { name: 'Difference' }).click();
  await expect(pane(page, 'difference')).toContainText('times');
  await page.getByRole('button', { name: 'Attack it' }).click();
  await expect(pane(page, 'attacked')).toContainText('Broken', { timeout: 60_000 });
  await expect(pane(page, 'attacked').locator('canvas')).toBeVisible();
  await page.getByRole('button', { name: 'Difference' }).click();
  await resize(vitrine, 1280, 720);
  await page.locator('#lab-tab-panel').evaluate((panel) => panel.scrollTo(0, 0));
  // Each run has a key of its own, so this picture is for README and not compared.
  await page.screenshot({ path: 'out/laboratory/laboratory.png' });
  await page.getByRole('tab', { name: 'Histogram' }).click();
  await page.locator('.lab-chart > svg').hover();
  await expect(page.locator('[data-bin="128"]')).toContainText(/Value 128: Original [\d.]+ %, Encrypted [\d.]+ %/);
  await page.getByRole('tab', { name: 'Attack' }).click();
  await expect(page.locator('.lab-verdict[data-broken="true"]')).toContainText('The scheme alone');
  await expect(page.locator('.lab-verdict[data-broken="false"]')).toContainText('Inside authenticated encryption');
  await expect(page.locator('[data-screen="laboratory"]')).not.toContainText(/\bsecure\b/i);
  // The page is loaded again after an attack: the run's figures are still beside it.
  await page.reload();
  await steps.onScreen(page, 'list');
  await openLaboratory(page);
  await expect(page.locator('[data-table="figures"]')).toContainText('+12 %');
  await expect(pane(page, 'encrypted')).toHaveAttribute('data-empty', 'false');
  await expect(pane(page, 'attacked')).toContainText('Broken');
});

test('a long run is cancelled within a second, and the next one works', async ({ start }) => {
  const { page } = await start();
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  await choosePhantom(page);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('[data-job="lab.compare"][data-state="running"]').waitFor();
  await page.waitForTimeout(1500);
  const asked = Date.now();
  await page.locator('.lab-side').getByRole('button', { name: 'Cancel' }).click();
  await page.locator('[data-job="lab.compare"]').waitFor({ state: 'detached', timeout: 2000 });
  expect(Date.now() - asked).toBeLessThan(1000);
  await page.getByLabel('System', { exact: true }).selectOption('aes-256-gcm');
  await page.locator('[data-run="aes-256-gcm"]').click();
  await expect(page.locator('[data-labels]')).toContainText('lossless', { timeout: 60_000 });
});

test('an engine that dies ends its job with a sentence, and the next one gets a new engine', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  await choosePhantom(page);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('[data-job="lab.compare"][data-state="running"]').waitFor();
  const pid = await vitrine.electron.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Vitrine engine')?.pid ?? 0,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  const failed = page.locator('[data-job="lab.compare"][data-state="failed"]');
  await expect(failed).toContainText('The computing process ended');
  await failed.getByRole('button', { name: 'Dismiss' }).click();
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  await expect(pane(page, 'encrypted')).toHaveAttribute('data-empty', 'false', { timeout: 60_000 });
});

test('work goes on while the page is loaded again, and its result is there', async ({ start }) => {
  const { page } = await start();
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  await choosePhantom(page);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('[data-job="lab.compare"][data-state="running"]').waitFor();
  await page.reload();
  await steps.onScreen(page, 'list');
  await page.locator('[data-job="lab.compare"]').waitFor();
  await openLaboratory(page);
  await expect(page.locator('[data-table="figures"]')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('[data-panes="5"]')).toBeVisible();
  await expect(page.locator('[data-picture="phantom"]')).toBeVisible();
});

test('a run on a study’s image is kept sealed with it, and the study stays in its envelope', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  const folder = join(vitrine.profile.folder, 'scan');
  await writeStudy(folder, { seed: 'laboratory', matrix: 64, slices: 3 });
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const before = objectsOf(vitrine);
  await steps.openFirst(page);
  // The viewer says which image it shows once it rests.
  await page.waitForTimeout(400);
  await openLaboratory(page);
  await page.getByRole('button', { name: 'Image in the viewer' }).click();
  await page.locator('[data-picture="dicom"]').waitFor();
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  await expect(pane(page, 'decrypted')).toHaveAttribute('data-empty', 'false', { timeout: 60_000 });
  await page.getByRole('tab', { name: 'Kept' }).click();
  await expect(page.locator('.lab-kept li')).toHaveCount(1);
  await expect(page.locator('.lab-kept li')).toContainText(PERCEPTUAL);

  const after = objectsOf(vitrine);
  for (const [name, { sha256 }] of before) expect(after.get(name)?.sha256, name).toBe(sha256);
  const added = [...after].filter(([name]) => !before.has(name));
  expect(added.map(([name]) => name.replace(/^[0-9a-f]{32}/, ''))).toEqual(['.result']);
  const instance = [...before].find(([name]) => name.endsWith('.instance'));
  // The first ten bytes of FLOE name its algorithms and its segments' length: the same as the study's own objects have.
  expect(added[0]?.[1].head.slice(0, 20)).toBe(instance?.[1].head.slice(0, 20));

  await page.locator('.lab-kept').getByRole('button', { name: 'Show' }).click();
  await expect(pane(page, 'encrypted')).toHaveAttribute('data-empty', 'false');
  await page.locator('.lab-kept').getByRole('button', { name: 'Remove' }).click();
  await expect(page.locator('.lab-kept li')).toHaveCount(0);
});

test('a dropped picture is run on, one without content is refused, and a lock leaves nothing behind', async ({
  start,
}) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  const jpeg = await createJpegCodec();
  const phantom = chestPhantom({ side: 64, patient: 2 });
  const flat = join(vitrine.profile.folder, 'flat.jpg');
  writeFileSync(flat, jpeg.encode({ ...phantom, samples: new Uint16Array(64 * 64).fill(9) }, 90));
  const fine = join(vitrine.profile.folder, 'fine.jpg');
  writeFileSync(fine, jpeg.encode(phantom, 90));
  await pickInDialog(vitrine, [flat]);
  await page.getByRole('button', { name: 'File …' }).click();
  await page.locator('[data-picture="jpeg"]').waitFor();
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  const refused = page.locator('[data-job="lab.run"][data-state="failed"]');
  await expect(refused).toContainText('All pixels of this picture have one value', { timeout: 60_000 });
  await refused.getByRole('button', { name: 'Dismiss' }).click();
  await expect(refused).toHaveCount(0);
  await dropped(page, fine);
  await expect(page.locator('[data-picture="jpeg"]')).toContainText('64 × 64');
  await expect(page.locator('[data-import]')).toHaveCount(0);
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  await page.locator('[data-job="lab.run"][data-state="running"]').waitFor();
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await expect(page.locator('canvas')).toHaveCount(0);
  await steps.unlock(page);
  await steps.onScreen(page, 'list');
  await expect(page.locator('[data-job]')).toHaveCount(0);
  await openLaboratory(page);
  await expect(page.locator('[data-picture=""]')).toBeVisible();
  await expect(page.locator('.lab-surface canvas')).toHaveCount(0);
});

test('the Laboratory as it is seen, with nothing clipped in either language', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  await openLaboratory(page);
  await choosePhantom(page);
  for (const [width, height] of SIZES) {
    await resize(vitrine, width, height);
    await page.mouse.move(width - 2, height - 2);
    const mask = [page.locator('.status-bar'), page.locator('.top-bar')];
    await expect(page).toHaveScreenshot(`laboratory-${width}x${height}.png`, { mask, maskColor: '#161a1f' });
  }
  await resize(vitrine, 1280, 720);
  await page.locator(`[data-run="${PERCEPTUAL}"]`).click();
  await expect(pane(page, 'encrypted')).toHaveAttribute('data-empty', 'false', { timeout: 60_000 });
  const settings = await ask(page, 'settings.get', {});
  for (const language of ['en', 'de'] as const) {
    await ask(page, 'settings.set', { ...settings, language });
    await page.reload();
    await steps.onScreen(page, 'list');
    await page.getByRole('button', { name: language === 'de' ? 'Labor' : 'Laboratory', exact: true }).click();
    await expect(page.locator('[data-table="figures"]')).toBeVisible();
    const clipped = await page
      .locator('.lab button, .lab .lab-tabs')
      .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
    expect(clipped, language).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, language).toBe(false);
    await expect(page.locator('.lab-protection')).toContainText(
      language === 'de' ? 'Nur Verschleierung' : 'Obfuscation only',
    );
    await expect(page.locator('[data-table="figures"]')).toContainText(
      language === 'de' ? 'Entropie des Chiffrats (Byte)' : 'entropy of the cipher (byte)',
    );
  }
});
