import { expect, test } from './fixture.ts';
import { everythingSaid } from './page-facts.ts';
import * as steps from './steps.ts';

/** What the sample study would leave: name, id, accession, description, and the marks of the viewer. */
const TRACES = /phantom|VITRINE-000|chest|data-slice|data-annotation|<canvas/i;

test('locking leaves no trace of a patient on the screen, and the passphrase brings the study back', async ({
  start,
}) => {
  const { electron, page } = await start();
  await steps.openSample(page);
  expect(await everythingSaid(page)).toMatch(TRACES);
  const titles = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.getTitle()));
  expect(await titles()).toEqual(['Vitrine']);

  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  expect(await everythingSaid(page)).not.toMatch(TRACES);
  expect(await titles()).toEqual(['Vitrine']);
  const vaults = () =>
    electron.evaluate(({ app }) => app.getAppMetrics().filter(({ name }) => name === 'Vitrine vault').length);
  await expect.poll(vaults, { message: 'the process that held the keys has ended' }).toBeLessThanOrEqual(1);
  const refused = await page.evaluate(() =>
    window.vitrine.call('studies.search', {
      text: '',
      modality: '',
      since: '',
      sort: 'studyDate',
      descending: true,
      offset: 0,
      limit: 10,
    }),
  );
  expect(refused).toMatchObject({ ok: false, error: { code: 'vault/locked' } });

  await steps.unlock(page);
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'phantom');
});

test('Ctrl+L locks from a search field and from a dialog', async ({ start }) => {
  const { page } = await start();
  await steps.createVault(page);
  await steps.search(page).fill('somebody');
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  expect(await everythingSaid(page)).not.toContain('somebody');
  await steps.unlock(page);
  await steps.onScreen(page, 'list');
  await page.keyboard.press('F1');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
