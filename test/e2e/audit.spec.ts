import { execFile } from 'node:child_process';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { imported, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const run = promisify(execFile);

/** Goes to the audit log by the top bar. */
async function toLog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.getByRole('button', { name: 'Audit log', exact: true }).click();
  await page.locator('[data-section="audit"] table').waitFor();
}

/** The save dialog answers with `path`. */
async function saveTo({ electron }: Vitrine, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

test('the audit log shows what was done, is exported, and says where it was altered', async ({ start }) => {
  const vitrine = await start();
  const { page, profile } = vitrine;
  await steps.createVault(page);
  await imported(page, null);
  await steps.searchAndOpen(page, 'phantom');
  await toLog(page);
  const section = page.locator('[data-section="audit"]');
  const events = section.locator('tbody tr td:nth-child(2)');
  await expect(events.first()).toHaveText('Audit log read');
  expect(await events.allInnerTexts()).toEqual(
    expect.arrayContaining(['Study opened', 'Imported', 'Key slots changed', 'Unlocked', 'Vault created']),
  );
  // Ids only: nothing of the patient is in the log.
  expect(((await section.textContent()) ?? '').toLowerCase()).not.toMatch(/phantom|vitrine-000/);
  await section.getByRole('combobox', { name: 'Show' }).selectOption('studies');
  await expect(events.first()).toHaveText('Study opened');
  await section.getByRole('combobox', { name: 'Show' }).selectOption('failures');
  await expect(section.getByText('No entry of this kind.')).toBeVisible();

  await section.getByRole('button', { name: 'Verify the log' }).click();
  await expect(section.getByText(/The log is whole: \d+ entries/)).toBeVisible();

  const exported = join(profile.folder, 'audit.json');
  await saveTo(vitrine, exported);
  await section.getByRole('button', { name: 'Export' }).click();
  await expect(section.getByText(/entries written/)).toBeVisible();
  expect(JSON.parse(await readFile(exported, 'utf8'))).toMatchObject({ format: 'vitrine-audit-export', version: 1 });
  const { stdout } = await run(process.execPath, [
    join('build', 'vitrine.mjs'),
    ...['audit', 'verify', '--from', exported, '--json'],
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [] });

  const log = join(profile.vault, 'audit');
  const [first] = (await readdir(log)).filter((name) => name === '1.audit');
  if (first === undefined) throw new Error('the log has no first part');
  await truncate(join(log, first), 200);
  await section.getByRole('button', { name: 'Verify the log' }).click();
  await expect(section.getByText('Part 1 was altered, cut short or exchanged.')).toBeVisible();
});
