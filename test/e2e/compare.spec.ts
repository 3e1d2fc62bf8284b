import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeStudy } from '../study.ts';
import { ask, importPaths, type Vitrine } from './app.ts';
import { drawLength, marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const JONAS = { name: 'BRANDT^Jonas', id: '0102', birthDate: '19880917', sex: 'M' };

/** One patient in three studies, of which the oldest bears another name, and one patient besides. */
async function openPatient(vitrine: Vitrine): Promise<void> {
  const { page } = vitrine;
  const folder = join(vitrine.profile.folder, 'studies');
  const study = (name: string, date: string, slices: number, patient: typeof JONAS): Promise<unknown> =>
    writeStudy(join(folder, name), { seed: name, matrix: 128, slices, date, patient, studyDescription: name });
  await study('now', '20240310', 64, JONAS);
  await study('before', '20230214', 32, JONAS);
  await study('long ago', '20190701', 16, { ...JONAS, name: 'SEIDEL^Jonas' });
  await study('somebody', '20240309', 16, { name: 'ADAMS^Ruth', id: '0017', birthDate: '19610304', sex: 'F' });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
}

const badges = (page: Page, view: number) => steps.viewport(page, view).locator('.overlay-badges');
const link = (page: Page) => page.locator('[data-item=link]');

test('priors stand below the series; the best one and older ones come beside it by a key', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openPatient(vitrine);
  const priors = page.locator('[data-prior]');
  await expect(priors).toHaveCount(2);
  await expect(priors.first()).toContainText('2023-02-14');
  await expect(priors.first(), 'one name, so nothing is said').not.toContainText('Other name');
  await expect(priors.nth(1), 'a name that differs is shown').toContainText('SEIDEL, Jonas');

  await steps.toSlice(page, 33);
  await page.getByRole('application').focus();
  await press(page, 'p');
  await steps.shown(steps.viewport(page, 2));
  await expect(badges(page, 1)).toContainText('CURRENT 2024-03-10');
  await expect(badges(page, 2)).toContainText('PRIOR 2023-02-14');
  await expect(steps.viewport(page), 'the study that is read stays where it was').toHaveAttribute('data-slice', '33');
  await expect(steps.viewport(page, 1)).toHaveAttribute('data-active', 'true');

  // Slices of 5 mm beside slices of 10 mm: the prior goes as many millimetres, not as many images.
  const before = await steps.figure(steps.viewport(page, 2), 'slice');
  await press(page, 'Shift+ArrowDown');
  await steps.shown(steps.viewport(page), 43);
  await steps.shown(steps.viewport(page, 2), before + 5);
  await expect(link(page)).toContainText('offset');
  const scale = async (view: number, slices: number): Promise<number> =>
    (await steps.figure(steps.viewport(page, view), 'zoom')) * slices;
  await press(page, '+', '+');
  await expect
    .poll(async () => Math.abs((await scale(1, 1)) / (await scale(2, 1)) - 1), 'zoom follows')
    .toBeLessThan(0.01);

  await press(page, 'Shift+P');
  await expect(badges(page, 2)).toContainText('PRIOR 2019-07-01');
  await expect(badges(page, 2), 'each viewport says whose images it shows').toContainText('OTHER NAME');
  await expect(steps.viewport(page, 2).locator('.overlay-top-left')).toContainText('SEIDEL, Jonas');
  await expect(steps.viewport(page, 1).locator('.overlay-top-left')).toContainText('BRANDT, Jonas');
  await press(page, 'Shift+P');
  await expect(page.locator('.viewer-notice')).toContainText('no older prior');
  await press(page, 'Escape');
  await expect(page.locator('.viewer-notice')).toBeHidden();
});

test('a mark on a prior is kept with the prior, dotted, and undo finds it', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openPatient(vitrine);
  await page.getByRole('application').focus();
  await press(page, 'p');
  await steps.shown(steps.viewport(page, 2));
  await drawLength(page, [40, 64], [60, 64], 128, 2);
  await expect(marks(page)).toHaveCount(1);
  await expect(page.locator('.measure')).toContainText('Prior of 2023-02-14');
  const line = steps.viewport(page, 2).locator('.svg-layer line[stroke-dasharray]');
  await press(page, 'Escape', 'w');
  await expect(line.first()).toHaveAttribute('stroke', '#ff9d8a');
  await drawLength(page, [40, 64], [60, 64], 128);
  await expect(marks(page)).toHaveCount(2);

  const { rows } = await ask(page, 'studies.search', {
    text: 'before',
    modality: '',
    since: '',
    sort: 'studyDate',
    descending: true,
    offset: 0,
    limit: 5,
  });
  const kept = async (): Promise<number> =>
    (await ask(page, 'annotations.load', { studyId: rows[0]?.studyId ?? '' })).annotations.length;
  await expect.poll(kept).toBe(1);
  await press(page, 'Control+z');
  await expect(marks(page)).toHaveCount(1);
  expect(await kept(), 'undo takes the last one back, which was on the study itself').toBe(1);
  await press(page, 'Control+z');
  await expect.poll(kept).toBe(0);
});

test('a prior unfolds in the rail and its series load by Enter and by a drag', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openPatient(vitrine);
  await page.locator('[data-prior]').first().press('Enter');
  const series = page.locator('.rail-priors .rail-series');
  await expect(series).toHaveCount(1);
  await series.press('Enter');
  await expect(badges(page, 1)).toContainText('PRIOR 2023-02-14');
  await page.getByRole('application').focus();
  await press(page, 'Control+2');
  await page.locator('.viewer-rail > ul .rail-series').dragTo(steps.viewport(page, 2));
  await expect(badges(page, 2)).toContainText('CURRENT 2024-03-10');
  await expect(badges(page, 1)).toContainText('PRIOR 2023-02-14');
});

test('keys go to the patient’s other studies and to other patients', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openPatient(vitrine);
  const date = (): Promise<string | null> => steps.viewport(page).locator('.overlay-top-right').textContent();
  const go = async (key: string, to: string): Promise<void> => {
    await steps.shown(steps.viewport(page));
    await page.getByRole('application').focus();
    await press(page, key);
    await expect.poll(date, key).toContain(to);
  };
  await go('Control+ArrowLeft', '2023-02-14');
  await go('Control+ArrowRight', '2024-03-10');
  await go('Control+ArrowDown', '2024-03-09');
  await expect(steps.viewport(page).locator('.overlay-top-left')).toContainText('ADAMS, Ruth');
  await go('Control+ArrowUp', '2024-03-10');
});
