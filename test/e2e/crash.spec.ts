import { PHANTOM_TRUTH } from '../../core/dicom/phantom/truth.ts';
import { ask, killTree } from './app.ts';
import { drawLength, marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** A stroke that has been on the screen for this long is never lost. */
const ON_SCREEN_MS = 100;

test('kill -9 a tenth of a second after a stroke: at the next start it is there, on its slice', async ({ start }) => {
  const first = await start();
  const studyId = await steps.openSample(first.page);
  const slices = [12, 47, PHANTOM_TRUTH.geometry.slices];
  for (const slice of slices) {
    await steps.toSlice(first.page, slice);
    await drawLength(first.page, [200, 200], [260, 240 + slice / 4]);
    await first.page.waitForTimeout(ON_SCREEN_MS);
  }
  await killTree(first);

  const { page } = await start();
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'phantom');
  await expect(marks(page)).toHaveCount(slices.length);
  const { annotations, unreadable } = await ask(page, 'annotations.load', { studyId });
  expect(unreadable).toBe(0);
  expect(annotations).toHaveLength(slices.length);
  for (const [place, slice] of slices.entries()) {
    await marks(page).nth(place).locator('.measure-go').click();
    await steps.shown(steps.viewport(page), slice);
    await expect(page.locator('.mark-label')).toHaveCount(1);
  }
});

test('a vault process that dies while a study is read comes back by itself', async ({ start }) => {
  const { electron, page } = await start();
  const studyId = await steps.openSample(page);
  const victim = await electron.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Vitrine vault')?.pid ?? 0,
  );
  expect(victim).toBeGreaterThan(0);
  process.kill(victim, 'SIGKILL');
  await expect.poll(async () => (await ask(page, 'session.state', {})).state).toBe('unlocked');
  await expect
    .poll(() =>
      ask(page, 'studies.search', {
        text: 'phantom',
        modality: '',
        since: '',
        sort: 'studyDate',
        descending: true,
        offset: 0,
        limit: 10,
      }).then(
        ({ total }) => total,
        () => -1,
      ),
    )
    .toBe(1);
  // The study that was open goes on: also with images that the dead process had not sent yet.
  await press(page, 'End');
  await steps.shown(steps.viewport(page), PHANTOM_TRUTH.geometry.slices);
  await drawLength(page, [200, 200], [260, 240]);
  await expect(marks(page)).toHaveCount(1);
  await expect.poll(async () => (await ask(page, 'annotations.load', { studyId })).annotations.length).toBe(1);
});
