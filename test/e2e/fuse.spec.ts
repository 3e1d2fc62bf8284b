import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeStudy } from '../study.ts';
import { importPaths, type Vitrine } from './app.ts';
import { place, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';
import { writeTwoSeries } from './two-series.ts';

const MATRIX = 128;
const fused = (page: Page) => steps.viewport(page).locator('.fused');
const bar = (page: Page) => page.locator('.fusion-bar');

async function openTwins(vitrine: Vitrine): Promise<void> {
  const { page, profile } = vitrine;
  const folder = join(profile.folder, 'twins');
  await writeTwoSeries(folder, { seed: 'fuse', matrix: MATRIX, slices: 24, patient: { name: 'TWIN^Series' } });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
}

test('a series lies over another: by drop, by menu and by keys, with true values', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openTwins(vitrine);
  const view = steps.viewport(page);
  const box = await view.boundingBox();
  if (box === null) throw new Error('the viewport has no place on the screen');
  const other = page.locator('.viewer-rail > ul .rail-series').nth(1);
  await other.dragTo(view, { targetPosition: { x: box.width / 2, y: box.height * 0.8 } });
  await expect(view.locator('.overlay-badges')).toContainText('FUSED CT');
  await expect(fused(page)).toBeVisible();
  await expect(bar(page)).toContainText('50 %');
  // The middle of the phantom: the twin has the same value there, and so must the fused one.
  await steps.toSlice(page, 12);
  const [x, y] = await place(page, [MATRIX / 2, MATRIX / 2], MATRIX);
  await page.mouse.move(x, y);
  const own = steps.numberIn(await view.locator('.overlay-bottom-left').getByText('HU').textContent());
  const over = fused(page).locator('p');
  await expect(over).toContainText('HU');
  expect(steps.numberIn(await over.textContent())).toBe(own);

  await page.getByRole('application').focus();
  await press(page, 'BracketRight', 'BracketRight');
  await expect(bar(page)).toContainText('70 %');
  await press(page, 'BracketLeft');
  await expect(bar(page)).toContainText('60 %');
  await press(page, 'g');
  await expect(bar(page)).toBeHidden();
  await expect(view.locator('.overlay-badges')).not.toContainText('FUSED');
  await press(page, 'g');
  await expect(fused(page)).toBeVisible();
  // Another series in its place: what lay over the first one is gone.
  await press(page, 'PageDown');
  await expect(fused(page)).toBeHidden();
  await other.focus();
  await press(page, 'Shift+Enter');
  await expect(page.locator('.viewer-notice')).toContainText('with itself');
});

test('series that nobody knows how to lay over each other are refused with the reason', async ({ start }) => {
  const vitrine = await start();
  const { page, profile } = vitrine;
  const patient = { name: 'ALONE^Series', id: '7', birthDate: '19700101' };
  const folder = join(profile.folder, 'alone');
  await writeStudy(join(folder, 'now'), { seed: 'now', matrix: 64, slices: 12, patient, date: '20240310' });
  await writeStudy(join(folder, 'old'), { seed: 'old', matrix: 64, slices: 12, patient, date: '20230310' });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
  await press(page, 'g');
  await expect(page.locator('.viewer-notice')).toContainText('No other series lies in the same frame');
  await page.locator('[data-prior]').click();
  const prior = page.locator('.rail-priors .rail-series');
  await prior.focus();
  await press(page, 'Shift+Enter');
  await expect(page.locator('.viewer-notice')).toContainText('frame of reference');
  await expect(fused(page)).toHaveCount(0);
});
