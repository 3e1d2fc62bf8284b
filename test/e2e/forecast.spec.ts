import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { SAMPLE_DAYS, SAMPLE_TEST_DAYS, sampleSeries } from '../../core/private/sample-series.ts';
import { ask, pickInDialog, resize } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const SLOW = 120_000;

async function toForecast(page: Page): Promise<void> {
  await steps.createVault(page);
  await page.getByRole('button', { name: 'Forecast', exact: true }).click();
  await steps.onScreen(page, 'forecast');
  await page.locator('.forecast-form').waitFor();
}

/** The names of the application's processes that compute for a forecast. */
function processes(page: Page): ReturnType<Page['locator']> {
  return page.locator('[data-job="private.forecast"]');
}

test('the sample is forecast in the clear and on ciphertexts, and the result outlives a reload', async ({ start }) => {
  test.setTimeout(SLOW);
  const vitrine = await start();
  const { page } = vitrine;
  await toForecast(page);
  await expect(page.getByText('Nothing was forecast yet')).toBeVisible();
  await page.getByRole('button', { name: 'Use the sample' }).click();
  await expect(page.locator('[data-series="sample"]')).toContainText(String(SAMPLE_DAYS));
  await page.getByLabel('Last days to forecast').fill(String(SAMPLE_TEST_DAYS));
  await page.getByLabel('Last days to forecast').press('Enter');
  await expect(processes(page)).toBeVisible();
  const result = page.locator('.forecast-result');
  await expect(result).toBeVisible({ timeout: SLOW });
  await expect(result.locator('.plot canvas')).toBeVisible();
  const rows = result.locator('.forecast-days tbody tr');
  await expect(rows).toHaveCount(SAMPLE_TEST_DAYS);
  // Plain and encrypted are the same network, but for the rounding to integers.
  for (const cells of await rows.all()) {
    const [plain, encrypted] = (await cells.locator('td').allInnerTexts()).slice(1).map(steps.numberIn);
    expect(Math.abs((plain ?? 0) - (encrypted ?? 1e9))).toBeLessThan(40);
  }
  await expect(result.getByRole('row', { name: /secret key/ })).toContainText('never there');
  const shown = await rows.allInnerTexts();
  await resize(vitrine, 1280, 720);
  await page.mouse.move(1278, 718);
  // For README, with the figures that the compared pictures leave out.
  await page.screenshot({ path: 'out/forecast/forecast.png' });
  for (const [width, height] of [
    [1280, 720],
    [1600, 1000],
  ] as const) {
    await resize(vitrine, width, height);
    await page.mouse.move(width - 2, height - 2);
    // The time and the noise that is left differ from run to run; the foot of the window has the disk's free space.
    const mask = [page.locator('.forecast-cost td'), page.locator('.status-bar')];
    await expect(page).toHaveScreenshot(`forecast-${width}x${height}.png`, { mask, maskColor: '#161a1f' });
  }

  await page.reload();
  await steps.onScreen(page, 'list');
  await page.getByRole('button', { name: 'Forecast', exact: true }).click();
  await expect(rows).toHaveCount(SAMPLE_TEST_DAYS);
  expect(await rows.allInnerTexts()).toEqual(shown);
});

test('a CSV is taken by drop, and one that can’t be forecast says what is wrong with it', async ({
  start,
  profile,
}) => {
  const { page } = await start();
  await toForecast(page);
  const devtools = await page.context().newCDPSession(page);
  const drop = async (name: string, lines: readonly string[]): Promise<void> => {
    const file = join(profile.folder, name);
    await writeFile(file, lines.join('\n'));
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    // In over the top bar, where the whole window would take it, to where the series is asked for.
    for (const type of ['dragEnter', 'dragOver'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 10, data });
    await expect(page.locator('.drop-target')).toBeVisible();
    // The first move to another element is its `dragenter` alone.
    for (const x of [699, 700]) await devtools.send('Input.dispatchDragEvent', { type: 'dragOver', x, y: 400, data });
    await expect(page.locator('.drop-target')).toHaveCount(0);
    await expect(page.locator('.forecast[data-over="true"]')).toBeVisible();
    await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 700, y: 400, data });
  };
  const rows = sampleSeries().map(({ date, value }) => `${date},${value}`);
  const spoilt = (row: string): string[] => ['date,cases', ...rows.slice(0, 9), row, ...rows.slice(10)];
  for (const [name, lines, said] of [
    ['gap.csv', ['date,cases', ...rows.slice(0, 9), ...rows.slice(10)], 'Line 11 does not follow the line before it'],
    ['text.csv', spoilt('2030-01-10,many'), 'Line 11 has no number'],
    ['empty.csv', spoilt('2030-01-10,'), 'Line 11 has no number'],
    ['short.csv', ['date,cases', ...rows.slice(0, 10)], '10 rows'],
    ['picture.csv', ['\u0000\u0001', 'x'], 'Line 1'],
  ] as const) {
    await drop(name, lines);
    await expect(page.getByRole('alert'), name).toContainText(said);
    await expect(page.locator('[data-series]')).toHaveCount(0);
  }
  await drop('good.csv', ['Datum;Fälle', ...rows.map((row) => row.replace(',', ';'))]);
  await expect(page.locator('[data-series="file"]')).toContainText(String(SAMPLE_DAYS));
  await expect(page.getByRole('alert')).toHaveCount(0);
  // It was not taken for an import.
  await expect(page.locator('[data-import]')).toHaveCount(0);
});

test('a cancelled forecast ends within a second, and a CSV that is none says where', async ({ start, profile }) => {
  test.setTimeout(SLOW);
  const vitrine = await start();
  const { page } = vitrine;
  await toForecast(page);
  const lines = sampleSeries().map(({ date, value }) => `${date},${value}`);
  const [good, bad] = [join(profile.folder, 'good.csv'), join(profile.folder, 'bad.csv')];
  await writeFile(good, ['date,cases', ...lines].join('\n'));
  await writeFile(bad, ['date,cases', ...lines.slice(0, 20), ...lines.slice(21)].join('\n'));
  await pickInDialog(vitrine, [bad]);
  await page.getByRole('button', { name: 'Open CSV' }).click();
  await expect(page.getByText('Line 22 does not follow the line before it')).toBeVisible();
  await pickInDialog(vitrine, [good]);
  await page.getByRole('button', { name: 'Open CSV' }).click();
  await expect(page.locator('[data-series="file"]')).toContainText('2030-01-01');
  await expect(page.getByRole('alert')).toHaveCount(0);

  await page.getByLabel('Network').selectOption('2conv');
  await page.locator('.forecast-form').getByRole('button', { name: 'Forecast' }).click();
  await expect(processes(page)).toHaveAttribute('data-state', 'running');
  const asked = Date.now();
  await processes(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The forecast was cancelled')).toBeVisible();
  expect(Date.now() - asked).toBeLessThan(1000);
  await expect(page.getByRole('button', { name: 'Forecast', exact: true }).last()).toBeEnabled();

  await page.getByLabel('Last days to forecast').fill(String(SAMPLE_TEST_DAYS * 100));
  await expect(page.locator('.forecast-form').getByRole('button', { name: 'Forecast' })).toBeDisabled();
  expect((await ask(page, 'jobs.list', {})).running).toEqual([]);
});
