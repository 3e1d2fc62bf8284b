import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeStudy } from '../study.ts';
import { ask, importPaths, pickInDialog, quit, resize, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** Opens the place "Vault" and in it the section of care. */
async function openCare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.getByRole('button', { name: 'Backup and care' }).click();
  await page.getByRole('heading', { name: 'Backup', exact: true }).waitFor();
}

async function study(vitrine: Vitrine, seed: string): Promise<string> {
  const folder = join(vitrine.profile.folder, `source-${seed}`);
  await writeStudy(folder, { seed, slices: 4, matrix: 64, patient: { id: seed, name: `TEST^${seed}` } });
  await importPaths(vitrine, [folder]);
  return folder;
}

/** An object of the vault by its path. */
async function anObject(vitrine: Vitrine): Promise<string> {
  const studies = join(vitrine.profile.vault, 'studies');
  const [studyId = ''] = await readdir(studies);
  const name = (await readdir(join(studies, studyId))).find((file) => file.endsWith('.instance')) ?? '';
  return join(studies, studyId, name);
}

async function shoot(vitrine: Vitrine, name: string): Promise<void> {
  await resize(vitrine, 1280, 720);
  await vitrine.page.screenshot({ path: `out/care/${name}.png` });
}

test('backs up, tries the restore, finds damage and repairs it from the backup', async ({ start }) => {
  const vitrine = await start();
  const { page, profile } = vitrine;
  await steps.createVault(page, { keychain: false });
  await openCare(page);
  await expect(page.getByText('The vault is empty')).toBeVisible();
  await shoot(vitrine, 'empty');
  await page.keyboard.press('Escape');
  const source = await study(vitrine, 'one');
  await page.reload();
  await steps.onScreen(page, 'list');
  await openCare(page);
  const target = join(profile.folder, 'disk', 'backup');
  await mkdir(target, { recursive: true });
  await pickInDialog(vitrine, [target]);
  await page.getByRole('checkbox', { name: 'Read back what a backup writes' }).check();
  await page.getByRole('button', { name: 'Choose a folder and back up' }).click();
  await expect(page.getByText('1 study is in the backup')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('The backup holds everything.')).toBeVisible();
  await page.getByRole('button', { name: 'Try a restore' }).click();
  await expect(page.getByText('4 sealed files opened with today’s keys')).toBeVisible({ timeout: 30_000 });
  await shoot(vitrine, 'backed-up');
  const object = await anObject(vitrine);
  const bytes = await readFile(object);
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] as number) ^ 1;
  await writeFile(object, bytes);
  await page.getByRole('button', { name: 'Full check' }).click();
  await expect(page.getByText('a sealed file was altered or cut short')).toBeVisible({ timeout: 30_000 });
  await shoot(vitrine, 'damage');
  await page.getByRole('button', { name: 'Repair from the backup' }).click();
  await expect(page.getByText('1 of 1 damaged file was repaired.')).toBeVisible({ timeout: 30_000 });
  await rm(object);
  await pickInDialog(vitrine, [source]);
  await page.getByRole('button', { name: 'Repair from original files' }).click();
  await expect(page.getByText('1 of 1 damaged file was repaired.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Full check' }).click();
  await expect(page.getByText('4 files, all intact')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Start now' }).click();
  await expect(page.getByText('4 sealed files were read through.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Rebuild the study list' }).click();
  await expect(page.getByTestId('vault-notices').or(page.locator('[data-section="care"]'))).toBeVisible();
  await expect.poll(async () => (await ask(page, 'session.state', {})).notices).toContain('catalogue-rebuilt');
  await ask(page, 'settings.set', { ...(await ask(page, 'settings.get', {})), language: 'de' });
  await page.reload();
  await page.getByRole('button', { name: 'Tresor', exact: true }).click();
  await page.getByRole('button', { name: 'Sicherung und Pflege' }).click();
  await page.getByRole('heading', { name: 'Sicherung', exact: true }).waitFor();
  await shoot(vitrine, 'german');
});

test('an older copy of the vault is explained, read, not changed, and accepted', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page, { keychain: false });
  await study(first, 'monday');
  await quit(first);
  await cp(profile.vault, join(profile.folder, 'monday'), { recursive: true });
  const second = await start();
  await steps.onScreen(second.page, 'unlock');
  await steps.unlock(second.page);
  await steps.onScreen(second.page, 'list');
  await study(second, 'tuesday');
  await quit(second);
  await rm(profile.vault, { recursive: true });
  await cp(join(profile.folder, 'monday'), profile.vault, { recursive: true });
  const vitrine = await start();
  const { page } = vitrine;
  await steps.onScreen(page, 'unlock');
  await steps.unlock(page);
  await steps.onScreen(page, 'list');
  await expect(page.getByRole('heading', { name: 'This vault is an older copy of itself.' })).toBeVisible();
  await expect(study(vitrine, 'wednesday')).rejects.toThrow('vault/rolled-back');
  await openCare(page);
  await expect(page.getByText('Missing since: 1 study, 4 images, 0 saved marks')).toBeVisible();
  await shoot(vitrine, 'older');
  await page.getByRole('button', { name: 'Go on with this copy' }).click();
  await shoot(vitrine, 'older-ask');
  await page.getByRole('dialog').getByRole('button', { name: 'Go on with this copy' }).click();
  await expect(page.getByRole('heading', { name: 'This vault is an older copy of itself.' })).toHaveCount(0);
  await study(vitrine, 'wednesday');
});
