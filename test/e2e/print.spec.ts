import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, type Vitrine } from './app.ts';
import { drawLength, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** The person says where, in the system's dialog: the one thing that a test can't press. Null closes it. */
async function saveInDialog({ electron }: Vitrine, filePath: string | null): Promise<void> {
  await electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: path === null, filePath: path ?? '' });
  }, filePath);
}

test('printing asks first, writes a PDF where the person says, and is named in the audit log', async ({ start }) => {
  const vitrine = await start();
  const { page, profile } = vitrine;
  await steps.openSample(page);
  await steps.toSlice(page, 60);
  await drawLength(page, [200, 256], [300, 256]);
  await press(page, 'Escape', 'w', 'i', 'i');
  await expect(steps.viewport(page).locator('.overlay-top-left'), 'overlays are off').toBeEmpty();

  await press(page, 'Control+p');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('readable copy');
  const pdf = join(profile.folder, 'view.pdf');
  await saveInDialog(vitrine, null);
  await dialog.getByRole('button', { name: 'Save readable PDF' }).click();
  await expect(dialog, 'who closes the system’s dialog has printed nothing').toHaveCount(0);
  await expect(page.locator('.viewer-notice')).toBeHidden();

  await press(page, 'Control+p');
  await saveInDialog(vitrine, pdf);
  await dialog.getByRole('button', { name: 'Save readable PDF' }).click();
  await expect(page.locator('.viewer-notice')).toContainText('readable PDF');
  const bytes = await readFile(pdf);
  expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(bytes.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 'one sheet').toBe(1);
  expect((await stat(pdf)).mode & 0o077, 'nobody else may read it').toBe(0);
  await expect(steps.viewport(page).locator('.overlay-top-left'), 'the screen is as it was').toBeEmpty();

  await page.locator('.viewer-notice').getByRole('button').click();
  await saveInDialog(vitrine, join(profile.folder, 'no such folder', 'view.pdf'));
  await press(page, 'Control+p');
  await dialog.getByRole('button', { name: 'Save readable PDF' }).click();
  await expect(dialog.getByRole('alert'), 'a copy that was not written is not said to be').toContainText(
    'export/not-written',
  );

  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await press(page, 'Control+p');
  await expect(dialog.getByRole('button', { name: 'Cancel' }), 'the safe button has the focus').toBeFocused();
  await press(page, 'Escape');

  const { entries } = await ask(page, 'audit.list', { topic: 'studies', studyId: null, before: null, limit: 50 });
  const exports = entries.filter(({ kind }) => kind === 'exported');
  expect(exports.map(({ code }) => code)).toEqual(['export/not-written', null]);
  expect(exports.every(({ studyIds }) => studyIds.length === 1)).toBe(true);
});
