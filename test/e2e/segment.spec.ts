import type { Page } from '@playwright/test';
import { killTree } from './app.ts';
import { place, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** Rows of the segments in the panel. */
const rows = (page: Page) => page.locator('.segment-row');
/** Numbers of the segments that are drawn on the first viewport's image. */
const drawn = (page: Page) => steps.viewport(page).locator('.segments canvas');

async function stroke(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [x0, y0] = await place(page, from, 512);
  const [x1, y1] = await place(page, to, 512);
  await page.mouse.move(x0, y0);
  await page.mouse.down();
  await page.mouse.move(x1, y1, { steps: 6 });
  await page.mouse.up();
}

/** Millilitres that a row says. */
async function volume(page: Page, number: number): Promise<number> {
  const words = page.locator(`.segment-row[data-segment="${number}"] .segment-value`);
  await expect(words).toContainText('ml');
  return steps.numberIn(await words.textContent());
}

test('segments are painted by mouse and by keys, undone, and there again after kill -9', async ({ start }) => {
  test.setTimeout(240_000);
  const first = await start();
  const { page } = first;
  await steps.openSample(page);
  await steps.toSlice(page, 60);
  await press(page, 'Control+e');
  await expect(page.locator('[data-command="segment.toggle"]').first()).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.status-bar')).toContainText('Segmenting: brush 9 px');
  await press(page, 'BracketRight', 'BracketRight');
  await expect(page.locator('.segment-size')).toHaveText('17 px');
  await stroke(page, [200, 256], [280, 256]);
  await expect(rows(page)).toHaveCount(1);
  await expect(drawn(page)).toHaveAttribute('data-segments', '1');
  // A band of 17 by 80 pixels with round ends, 0.703 mm a pixel and 2.5 mm a slice.
  const truth = ((17 * 80 + (Math.PI * 17 ** 2) / 4) * (360 / 512) ** 2 * 2.5) / 1000;
  expect(Math.abs((await volume(page, 1)) / truth - 1)).toBeLessThan(0.03);

  await press(page, 'e');
  await stroke(page, [270, 240], [270, 272]);
  const erased = await volume(page, 1);
  await expect.poll(() => volume(page, 1)).toBeLessThan(truth * 0.9);
  await press(page, 'Control+z');
  await expect.poll(() => volume(page, 1)).toBeGreaterThan(truth * 0.95);
  await press(page, 'Control+y');
  await expect.poll(() => volume(page, 1)).toBeLessThan(truth * 0.9);
  expect(erased).toBeGreaterThan(0);

  // By keys: a new segment, the cursor in the middle, the brush down, ten pixels to the right, up.
  await press(page, 'Shift+N', 'b', 'Enter', 'Enter', 'Shift+ArrowRight', 'Enter', 'Escape');
  await expect(rows(page)).toHaveCount(2);
  const band = ((17 * 10 + (Math.PI * 17 ** 2) / 4) * (360 / 512) ** 2 * 2.5) / 1000;
  expect(Math.abs((await volume(page, 2)) / band - 1)).toBeLessThan(0.05);
  // Another slice; what has been on the screen for a tenth of a second is never lost.
  await steps.toSlice(page, 61);
  await stroke(page, [300, 256], [310, 256]);
  await page.waitForTimeout(100);
  await killTree(first);

  const again = await start();
  await steps.onScreen(again.page, 'list');
  await steps.searchAndOpen(again.page, 'phantom');
  await expect(rows(again.page)).toHaveCount(2);
  await expect.poll(() => volume(again.page, 2)).toBeCloseTo(2 * band, 1);
  await rows(again.page).first().locator('.segment-go').click();
  await steps.shown(steps.viewport(again.page), 60);
  await expect(drawn(again.page)).toHaveAttribute('data-segments', '1 2');
  await rows(again.page).nth(1).locator('button').nth(1).click();
  await expect(drawn(again.page), 'a segment that is not shown').toHaveAttribute('data-segments', '1');
  await rows(again.page).first().locator('button').nth(2).click();
  await expect(rows(again.page)).toHaveCount(1);
  await again.page.getByRole('application').focus();
  await press(again.page, 'Control+z');
  await expect(rows(again.page)).toHaveCount(2);
  await expect(drawn(again.page)).toHaveAttribute('data-segments', '1');
});

test('the keys of painting go first, and are gone when it ends', async ({ start }) => {
  const { page } = await start();
  await steps.openSample(page);
  const tool = () => steps.viewport(page).locator('.viewport-image').getAttribute('data-tool');
  await press(page, 'e');
  await expect.poll(tool).toBe('ellipse');
  await press(page, 'Control+e');
  await expect.poll(tool).toBe('brush');
  await press(page, 'e');
  await expect.poll(tool).toBe('eraser');
  await press(page, 'w');
  await expect.poll(tool, 'the other tools are still there').toBe('window');
  await press(page, 'b');
  await expect.poll(tool).toBe('brush');
  await press(page, 'Escape');
  await expect.poll(tool, 'the tool that was there before').toBe('ellipse');
  await press(page, 'b');
  await expect.poll(tool).toBe('text');
});
