import { join } from 'node:path';
import { writeStudy } from '../study.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

test('files and folders dropped on the window are imported', async ({ start, profile }) => {
  const files = await writeStudy(join(profile.folder, 'dropped'), {
    seed: 'dropped',
    matrix: 64,
    slices: 5,
    patient: { name: 'DROPPED^Study' },
  });
  await writeStudy(join(profile.folder, 'folder', 'deeper'), {
    seed: 'folder',
    matrix: 64,
    slices: 7,
    patient: { name: 'FOLDER^Study' },
  });
  const { page } = await start();
  await steps.createVault(page);
  const devtools = await page.context().newCDPSession(page);
  // What the window manager does when a person lets files go over the window.
  for (const [dropped, count] of [
    [files, 5],
    [[join(profile.folder, 'folder')], 7],
  ] as const) {
    const data = { items: [], files: [...dropped], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    }
    await expect(await steps.importSummary(page)).toContainText(String(count));
    await page.getByRole('button', { name: 'Dismiss' }).click();
  }
  await expect(steps.studyRows(page)).toHaveCount(2);
  await expect(steps.studyRows(page).filter({ hasText: 'DROPPED' })).toContainText('5');
  await expect(steps.studyRows(page).filter({ hasText: 'FOLDER' })).toContainText('7');
});

test('what is refused is named, with its reason, and stays until it is dismissed', async ({ start, profile }) => {
  const { page } = await start();
  const vitrine = { page };
  await steps.createVault(page);
  const folder = join(profile.folder, 'mixed');
  const [first = ''] = await writeStudy(folder, { seed: 'mixed', matrix: 64, slices: 3 });
  const { truncate, writeFile } = await import('node:fs/promises');
  await truncate(first, 2000);
  await writeFile(join(folder, 'setup.exe'), 'MZ');
  const devtools = await vitrine.page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  const summary = await steps.importSummary(page);
  await expect(summary).toContainText('setup.exe');
  await expect(summary).toContainText('is not a DICOM file');
  await expect(summary).toContainText('phantom-001.dcm');
  await page.getByRole('button', { name: 'Open the study' }).click();
  await steps.shown(steps.viewport(page));
  await expect(steps.viewport(page)).toHaveAttribute('data-count', '2');
  await expect(summary).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(summary).toHaveCount(0);
});
