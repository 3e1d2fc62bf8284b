import type { Page } from '@playwright/test';
import { imported } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

async function toUsers(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.getByRole('button', { name: 'Users', exact: true }).click();
  await page.locator('[data-section="users"]').waitFor();
}

async function addAccount(page: Page, user: string, name: string, roles: string[], attributes = ''): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[name=user]').fill(user);
  await dialog.locator('input[name=displayName]').fill(name);
  for (const role of roles) await dialog.locator(`input[name=role-${role}]`).check();
  await dialog.locator('input[name=attributes]').fill(attributes);
  await dialog.locator('input[name=passphrase]').fill(`${user} passphrase`);
  await dialog.getByRole('button', { name: 'Add the account' }).click();
  await dialog.waitFor({ state: 'detached', timeout: 30_000 });
  await page.locator(`[data-user="${user}"]`).waitFor();
}

async function signIn(page: Page, user: string): Promise<void> {
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await page.getByRole('combobox', { name: 'Account' }).selectOption(user);
  await steps.unlock(page, `${user} passphrase`);
}

test('several people use one workstation, each with what the role is for', async ({ start }) => {
  test.setTimeout(180_000);
  const { page } = await start();
  await steps.createVault(page);
  await toUsers(page);
  await addAccount(page, 'rita', 'Dr. Rita Klein', ['radiologist'], 'cardiology');
  await addAccount(page, 'rolf', 'Dr. Rolf Amsel', ['radiologist']);
  await addAccount(page, 'tom', 'Tom Berger', ['technologist']);
  await addAccount(page, 'aud', 'Audrey Weiss', ['auditor']);

  const rule = page.locator('input[name=rule]');
  await rule.fill('radiologist AND');
  await rule.press('Enter');
  await expect(page.getByText('At character 16: a role or an attribute is missing here')).toBeVisible();
  await rule.fill('radiologist and cardiology or attending');
  await rule.press('Enter');
  await expect(page.getByText('Studies imported from now on are under this rule.')).toBeVisible();
  await expect(rule).toHaveValue('(radiologist AND cardiology) OR attending');

  await signIn(page, 'tom');
  await steps.onScreen(page, 'list');
  await imported(page, null);
  await expect(page.getByRole('button', { name: 'Laboratory' })).toHaveCount(0);
  await steps.searchAndOpen(page, 'phantom').catch(() => undefined);
  await expect(page.getByText('None of your account’s roles may do this.')).toBeVisible();

  await signIn(page, 'rolf');
  await steps.onScreen(page, 'list');
  const row = page.locator('tr[data-study]');
  await expect(row).toContainText('Restricted');
  await expect(row).not.toContainText(/phantom/i);
  await row.dblclick();
  await expect(page.getByText('(radiologist AND cardiology) OR attending')).toBeVisible();
  await page.getByRole('button', { name: 'Break the glass' }).click();
  await page.locator('input[name=reason]').fill('Polytrauma at night, cardiologist not reached');
  await page.getByRole('button', { name: 'Open the study past its rule' }).click();
  await page.locator('canvas').first().waitFor();

  await signIn(page, 'aud');
  await page.locator('[data-section="users"]').waitFor();
  await expect(page.getByTestId('glass-log').locator('tbody tr')).toHaveCount(1);
  await expect(page.getByText('Polytrauma at night, cardiologist not reached')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Studies' })).toHaveCount(0);

  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await page.getByRole('combobox', { name: 'Account' }).selectOption({ label: 'Owner (passphrase of the vault)' });
  await steps.unlock(page);
  await toUsers(page);
  await page
    .locator('[data-user="rolf"]')
    .getByRole('button', { name: /Remove/ })
    .click();
  await expect(page.getByRole('dialog').getByText(/A copy of the vault from before/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove Dr. Rolf Amsel' }).click();
  await expect(page.locator('[data-user="rolf"]')).toHaveCount(0);
  await expect(page.getByText('Keys of generation 2; all studies are wrapped to them.')).toBeVisible({
    timeout: 30_000,
  });
});
