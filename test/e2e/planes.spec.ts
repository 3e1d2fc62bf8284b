import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PHANTOM_TRUTH } from '../../core/dicom/phantom/truth.ts';
import { writeStudy } from '../study.ts';
import { importPaths, killTree } from './app.ts';
import { drawLength, marks, place, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const notice = (page: Page) => page.locator('.viewer-notice');

function insert(id: string) {
  const found = PHANTOM_TRUTH.inserts.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the phantom has no ${id}`);
  return found;
}

/** The value line under the pointer in a viewport, at a pixel of its plane. */
async function valueAt(page: Page, view: number, pixel: readonly [number, number], columns: number, rows: number) {
  const [x, y] = await place(page, pixel, columns, view, rows);
  await page.mouse.move(x, y);
  return steps.viewport(page, view).locator('.overlay-bottom-left').getByText('HU');
}

test('planes of a regular series: true values, one window, the place is kept, marks are not lost', async ({
  start,
}) => {
  test.setTimeout(240_000);
  const vitrine = await start();
  const { page } = vitrine;
  await steps.openSample(page);
  const rod = insert('rod-bone');
  await steps.toSlice(page, rod.slice + 1);
  await drawLength(page, [200, 256], [300, 256]);
  await expect(marks(page)).toHaveCount(1);
  await press(page, 'Escape', 'w', 'v');
  await page.locator('[data-plane=coronal][data-state=shown]').waitFor({ timeout: 40_000 });
  await expect(page.locator('[data-command-scope=grid]')).toHaveAttribute('data-layout', 'planes');
  for (const [view, plane] of ['axial', 'coronal', 'sagittal'].entries())
    await expect(steps.viewport(page, view + 1)).toHaveAttribute('data-plane', plane);
  await expect(steps.viewport(page, 2).locator('.overlay-badges')).toContainText('CORONAL REFORMAT');
  await expect(steps.viewport(page, 2).locator('.overlay-edge-top')).toHaveText('H');
  await expect(steps.viewport(page, 3).locator('.overlay-edge-left')).toHaveText('A');
  await expect(steps.viewport(page), 'the slice that was read').toHaveAttribute('data-slice', String(rod.slice + 1));

  // The crosshair on the rod in the axial plane brings both other planes to it.
  await press(page, 'h');
  const column = Math.round(rod.column);
  const row = Math.round(rod.row);
  const [x, y] = await place(page, [column, row], 512);
  await page.mouse.click(x, y);
  await steps.shown(steps.viewport(page, 2), row + 1);
  await steps.shown(steps.viewport(page, 3), column + 1);
  const slices = PHANTOM_TRUTH.geometry.slices;
  await expect(await valueAt(page, 2, [column, slices - 1 - rod.slice], 512, slices)).toContainText(`${rod.hu} HU`);
  await expect(await valueAt(page, 3, [row, slices - 1 - rod.slice], 512, slices)).toContainText(`${rod.hu} HU`);

  await press(page, '3');
  for (const view of [1, 2, 3]) await expect(steps.viewport(page, view)).toHaveAttribute('data-window', '2500/480');
  await press(page, 'Shift+S');
  await expect(steps.viewport(page, 2).locator('.overlay-badges')).toContainText('MIP 10 mm');
  await expect(steps.viewport(page, 2)).toHaveAttribute('data-window', '2500/480');
  await press(page, 'Shift+S', 'Shift+S', 'Shift+S');
  await expect(steps.viewport(page, 2).locator('.overlay-badges')).not.toContainText('mm');

  // A length along the body, across 40 slices, and a mark of the slices on their own plane.
  await expect(steps.viewport(page, 1).locator('.mark-label[data-mark=length]'), 'drawn on its slice').toBeVisible();
  const middle = (slices - 1) / 2;
  await press(page, 'd');
  const [x0, y0] = await place(page, [256, middle - 20], 512, 2, slices);
  const [x1, y1] = await place(page, [256, middle + 20], 512, 2, slices);
  await page.mouse.move(x0, y0);
  await page.mouse.down();
  await page.mouse.move(x1, y1, { steps: 6 });
  await page.mouse.up();
  await expect(marks(page)).toHaveCount(2);
  await expect(marks(page).nth(1)).toContainText('Coronal plane');
  const length = steps.numberIn(await marks(page).nth(1).locator('.measure-value').textContent());
  expect(Math.abs(length - 40 * PHANTOM_TRUTH.geometry.sliceSpacing)).toBeLessThan(1.5);
  await press(page, 'Escape', 'w', 'ArrowLeft', 'v');
  await expect(page.locator('[data-command-scope=grid]')).toHaveAttribute('data-layout', '1x1');
  await steps.shown(steps.viewport(page), rod.slice + 1);
  await expect(marks(page)).toHaveCount(2);
  await expect(steps.viewport(page).locator('.mark-label[data-mark=length]')).toHaveCount(1);
  // The plane that it was measured on, at its place, out of the journal.
  await killTree(vitrine);
  const again = (await start()).page;
  await steps.onScreen(again, 'list');
  await steps.searchAndOpen(again, 'phantom');
  await expect(marks(again)).toHaveCount(2);
  await marks(again).nth(1).locator('.measure-go').click();
  await steps.shown(steps.viewport(again, 2), row + 1);
  await expect(steps.viewport(again, 2).locator('.mark-label[data-mark=length]')).toContainText('mm');
});

test('planes are refused with the reason where they would lie', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  const folder = join(vitrine.profile.folder, 'few');
  const files = await writeStudy(folder, { seed: 'gap', matrix: 64, slices: 20 });
  await steps.createVault(page);
  await importPaths(
    vitrine,
    files.filter((_, index) => index !== 7),
  );
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
  await press(page, 'Shift+S');
  await expect(notice(page)).toContainText('Press V first');
  await press(page, 'v');
  await expect(notice(page)).toContainText('aren’t evenly spaced');
  await expect(steps.viewport(page), 'the series is as it was').toHaveAttribute('data-state', 'shown');
  await notice(page).getByRole('button').click();
  await expect(notice(page)).toBeHidden();
});
