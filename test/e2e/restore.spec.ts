import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeStudy } from '../study.ts';
import { ask, importPaths, type Profile, pickInDialog, quit, resize, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** A vault with one study, backed up through the window, and then the computer is gone. @returns backup and recovery code */
async function lostComputer(start: () => Promise<Vitrine>, profile: Profile): Promise<{ to: string; code: string[] }> {
  const vitrine = await start();
  const { page } = vitrine;
  const code = await steps.createVault(page, { keychain: false });
  const source = join(profile.folder, 'source');
  await writeStudy(source, { seed: 'moved', slices: 12, matrix: 64, patient: { id: 'moved', name: 'TEST^MOVED' } });
  await importPaths(vitrine, [source]);
  const to = join(profile.folder, 'disk', 'backup');
  await mkdir(to, { recursive: true });
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.getByRole('button', { name: 'Backup and care' }).click();
  await pickInDialog(vitrine, [to]);
  await page.getByRole('button', { name: 'Choose a folder and back up' }).click();
  await expect(page.getByText('The backup holds everything.')).toBeVisible({ timeout: 30_000 });
  await quit(vitrine);
  await rm(profile.userData, { recursive: true });
  return { to, code };
}

async function toRestore(page: Page): Promise<void> {
  await steps.onScreen(page, 'first-run');
  await page.getByRole('button', { name: 'Restore from a backup…' }).click();
  await steps.onScreen(page, 'restore');
}

async function shoot(vitrine: Vitrine, name: string): Promise<void> {
  await resize(vitrine, 1280, 720);
  await vitrine.page.screenshot({ path: `out/restore/${name}.png` });
}

test('a new computer takes its vault from a backup, and both ways in open it', async ({ start, profile }) => {
  test.setTimeout(120_000);
  const { to, code } = await lostComputer(start, profile);
  const vitrine = await start();
  const { page } = vitrine;
  await steps.onScreen(page, 'first-run');
  await shoot(vitrine, 'first-run');
  await toRestore(page);
  await shoot(vitrine, 'empty');
  const choose = page.getByRole('button', { name: 'Choose the backup’s folder…' });
  await pickInDialog(vitrine, [profile.temp]);
  await choose.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot(vitrine, 'error');
  await pickInDialog(vitrine, [to]);
  await choose.click();
  await expect(page.getByText('1 study,')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await shoot(vitrine, 'facts');
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await steps.onScreen(page, 'unlock');
  await page.getByRole('button', { name: 'Use the recovery code' }).click();
  await shoot(vitrine, 'unlock');
  await steps.unlock(page, code.join('-'));
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'moved');
  await shoot(vitrine, 'study');
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await shoot(vitrine, 'locked');
  await steps.unlock(page);
  await steps.onScreen(page, 'list');
});

test('a restore that is cancelled leaves no vault', async ({ start, profile }) => {
  const { to } = await lostComputer(start, profile);
  const vitrine = await start();
  const { page } = vitrine;
  await toRestore(page);
  await pickInDialog(vitrine, [to]);
  const { backup } = await ask(page, 'restore.choose', {});
  await page.evaluate(async (source) => {
    const started = await window.vitrine.call('restore.start', { source });
    if (started.ok) await window.vitrine.call('jobs.cancel', { job: (started.value as { job: string }).job });
  }, backup?.source ?? '');
  await expect.poll(async () => (await ask(page, 'jobs.list', {})).running).toEqual([]);
  expect((await ask(page, 'session.state', {})).state).toBe('no-vault');
  expect(await readdir(profile.vault).catch(() => [])).toEqual([]);
  await page.reload();
  await steps.createVault(page, { keychain: false });
});
