import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, imported, type Profile, quit } from './app.ts';
import { press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const header = (profile: Profile) => join(profile.vault, 'vault.json');

async function everyStudy(page: Parameters<typeof ask>[0]) {
  return await ask(page, 'studies.search', {
    text: '',
    modality: '',
    since: '',
    sort: 'studyDate',
    descending: true,
    offset: 0,
    limit: 10,
  });
}

test('a vault of a newer version is refused by name and left as it is', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  await quit(first);
  const newer = JSON.stringify({ ...JSON.parse(await readFile(header(profile), 'utf8')), version: 99 });
  await writeFile(header(profile), newer);
  const { page } = await start();
  await steps.onScreen(page, 'unlock');
  await expect(page.getByText('This vault was made by a newer Vitrine.')).toBeVisible();
  await expect(page.locator('input'), 'nothing to type').toHaveCount(0);
  expect(await readFile(header(profile), 'utf8')).toBe(newer);
});

test('a damaged header is named, no new vault is offered, and the restored header opens', async ({
  start,
  profile,
}) => {
  const first = await start();
  await steps.createVault(first.page);
  await imported(first.page, null);
  await quit(first);
  const good = await readFile(header(profile), 'utf8');
  for (const damaged of [good.slice(0, good.length / 2), null]) {
    if (damaged === null) await rm(header(profile));
    else await writeFile(header(profile), damaged);
    const broken = await start();
    await steps.onScreen(broken.page, 'unlock');
    await expect(broken.page.getByText('The vault’s header, vault.json, is damaged.')).toBeVisible();
    await quit(broken);
  }
  await writeFile(header(profile), good);
  const { page } = await start();
  await steps.onScreen(page, 'list');
  expect((await everyStudy(page)).all).toBe(1);
});

test('an image altered by one byte is refused and named; the rest of the study opens', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  const { studyIds } = await imported(first.page, null);
  const studyId = studyIds[0] ?? '';
  const instances = (await ask(first.page, 'studies.details', { studyId })).series[0]?.instances ?? [];
  await quit(first);
  const victim = 4;
  const path = join(profile.vault, 'studies', studyId, `${instances[victim]?.objectId}.instance`);
  const bytes = await readFile(path);
  const place = bytes.length >> 1;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(path, bytes);

  const { page } = await start();
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'phantom');
  const view = steps.viewport(page);
  await press(page, 'Home');
  await steps.shown(view, 1);
  for (let step = 0; step < victim; step++) await press(page, 'ArrowDown');
  await expect(view).toHaveAttribute('data-state', 'failed');
  await expect(view).toHaveAttribute('data-error', 'seal/altered');
  await expect(view.getByText(/altered on disk/)).toBeVisible();
  await press(page, 'ArrowDown');
  await steps.shown(view, victim + 2);
  await press(page, 'End');
  await steps.shown(view, instances.length);
});

test('a catalogue that is gone is made anew from the sealed objects, marks included', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  const { studyIds } = await imported(first.page, null);
  const studyId = studyIds[0] ?? '';
  const before = await ask(first.page, 'studies.details', { studyId });
  await quit(first);
  for (const name of ['catalogue.db', 'catalogue.db-wal', 'catalogue.db-shm']) {
    await rm(join(profile.vault, name), { force: true });
  }
  const { page } = await start();
  await steps.onScreen(page, 'list');
  await steps.studyRows(page).first().waitFor();
  const after = await ask(page, 'studies.details', { studyId });
  expect(after.series.map(({ instances }) => instances.length)).toEqual(
    before.series.map(({ instances }) => instances.length),
  );
  expect(after.study.patientName).toBe(before.study.patientName);
});
