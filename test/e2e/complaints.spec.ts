import { join } from 'node:path';
import { importPaths } from './app.ts';
import { drawLength, marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';
import { writeTwoSeries } from './two-series.ts';

/**
 * What readers complain of in other viewers (the issue numbers are OHIF's and Horos'). Sorting beyond 100 rows (#5589) is
 * held in electron/vault/study-list.test.ts, dead keys (#2870, #4803) in keys.spec.ts, dull marks (Horos #772, #739, #693)
 * in renderer/ui/tokens.test.ts, whose images a viewport shows (#5284) in compare.spec.ts.
 */
test('measuring asks nothing, and the first mark opens the list with its name and picture (#4039, #4079, #4034)', async ({
  start,
}) => {
  const { page } = await start();
  await steps.openSample(page);
  await steps.toSlice(page, 48);
  await page.getByRole('application').focus();
  await press(page, 'Control+j');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await drawLength(page, [200, 256], [300, 256]);
  await expect(page.locator('[role=dialog], [role=alertdialog], [role=alert]')).toHaveCount(0);
  await expect(marks(page)).toHaveCount(1);
  await expect(marks(page).locator('.measure-name')).toHaveText('Length');
  const brightest = () =>
    marks(page)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return Math.max(...pixels.filter((_, i) => i % 4 !== 3));
      });
  await expect.poll(brightest, 'the picture is drawn').toBeGreaterThan(100);
  await press(page, 'Escape', 'Space');
  await expect(steps.viewport(page).locator('.overlay-badges'), 'what is hidden is said (Horos #826)').toContainText(
    'MARKS HIDDEN',
  );
});

test('window, active view, rail and lines are clear in every layout (#5633, #5384, #6026, #2796, #1994, Horos #867, #826)', async ({
  start,
}) => {
  const vitrine = await start();
  const { page } = vitrine;
  const folder = join(vitrine.profile.folder, 'two');
  await writeTwoSeries(folder, { seed: 'complaints', matrix: 64, slices: 12 });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
  await page.getByRole('application').focus();
  const order = () => page.locator('.viewer-rail > ul .rail-description').allInnerTexts();
  const before = await order();
  for (const layout of ['1', '2', '3', '4', '5', '6']) {
    await press(page, `Control+${layout}`);
    const shown = page.locator('[data-viewport][data-state=shown]');
    await expect(shown).toHaveCount(layout === '1' ? 1 : 2);
    for (const view of await shown.all())
      await expect(view.locator('.overlay-bottom-left'), layout).toContainText(/W \d+/);
    await expect(page.locator('[data-viewport][data-active=true]'), layout).toHaveCount(1);
  }
  await press(page, 'Control+2', 'ArrowRight', '2');
  await expect(steps.viewport(page, 2)).toHaveAttribute('data-window', '1500/-600');
  await expect(steps.viewport(page, 1), 'commands go to the active one only').not.toHaveAttribute(
    'data-window',
    '1500/-600',
  );
  await press(page, 'o');
  await expect(page.locator('.viewer-notice'), 'no line, and why').toContainText('parallel');
  await press(page, 'PageDown', 'PageUp');
  expect(await order(), 'the rail keeps its order').toEqual(before);
  const scrolls = await page.locator('.viewer-rail').evaluate((rail) => getComputedStyle(rail).overflowY);
  expect(scrolls, 'and scrolls by itself').toBe('auto');
});
