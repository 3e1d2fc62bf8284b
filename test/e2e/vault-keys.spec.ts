import { randomFillSync } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { createEscrowFiles } from '../../core/keys/escrow.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import { argon2idDirect } from '../../electron/crypto/argon2.ts';
import { sharesOf } from '../fixtures/pdf-text.ts';
import { PASSPHRASE } from '../vault.ts';
import { imported, pickInDialog, resize, type Vitrine } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const ADMIN = 'the words of the administrator';

async function toKeys(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.locator('.vault-section', { hasText: 'Keys' }).click();
  const section = page.locator('[data-section="keys"]');
  await section.getByTestId('slots').waitFor();
  return section;
}

/** The save dialog answers with `path`. */
async function saveTo({ electron }: Vitrine, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

const slot = (section: Locator, kind: string): Locator => section.locator(`tr[data-slot="${kind}"]`);

/** Screenshots for whoever looks at the screen; nothing is compared. */
async function shoot(page: Page, name: string): Promise<void> {
  await mkdir('out/keys-screens', { recursive: true });
  await page.screenshot({ path: `out/keys-screens/${name}.png` });
}

test('ways in are tested, printed, escrowed, removed, and open the vault', async ({ start }) => {
  test.setTimeout(240_000);
  const vitrine = await start();
  const { page, profile } = vitrine;
  await resize(vitrine, 1280, 720);
  const code = await steps.createVault(page, { keychain: false });
  await imported(page, null);
  const section = await toKeys(page);
  const dialog = page.getByRole('dialog');
  await shoot(page, 'section');

  // A drill: the date is remembered.
  await expect(slot(section, 'recovery')).toContainText('never');
  await slot(section, 'recovery').getByRole('button', { name: 'Test: Recovery code' }).click();
  await dialog.getByLabel('Recovery code').fill(code.join('-'));
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(dialog.getByText('It opens the vault.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(slot(section, 'recovery')).toContainText('Ready');

  // Shares: the sheets are where the person says, and nowhere else.
  const pdf = join(profile.folder, 'sheets.pdf');
  await saveTo(vitrine, pdf);
  await section.getByRole('button', { name: 'Print key shares' }).click();
  await dialog.getByLabel('Sheets', { exact: true }).selectOption('3');
  await dialog.getByLabel('Needed to open').selectOption('2');
  await dialog.getByLabel('Passphrase of the vault').fill('not the passphrase');
  await shoot(page, 'shares');
  await dialog.getByRole('button', { name: 'Write PDF' }).click();
  await expect(dialog.getByText('This passphrase does not open the vault.')).toBeVisible();
  await dialog.getByLabel('Passphrase of the vault').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Write PDF' }).click();
  await expect(dialog.getByText('The sheets are written.')).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole('button', { name: 'Done' }).click();
  const shares = await sharesOf(await readFile(pdf));
  expect(shares).toHaveLength(3);
  await expect(slot(section, 'shares')).toContainText('any 2 of 3 sheets');

  // Escrow to an administrator's public file.
  const files = await createEscrowFiles({
    label: 'Clinic IT',
    createdAt: new Date().toISOString(),
    passphrase: passphraseBytes(ADMIN),
    argon2id: argon2idDirect,
    randomFill: (out) => void randomFillSync(out),
  });
  const [publicFile, secretFile] = [join(profile.folder, 'it.public.json'), join(profile.folder, 'it.secret.json')];
  await writeFile(publicFile, files.publicText);
  await writeFile(secretFile, files.secretText);
  await pickInDialog(vitrine, [publicFile]);
  await section.getByRole('button', { name: 'Add escrow' }).click();
  await dialog.getByRole('button', { name: 'Choose the public key file' }).click();
  await expect(dialog.getByText(files.fingerprint)).toBeVisible();
  await shoot(page, 'escrow');
  await dialog.getByLabel('Passphrase of the vault').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Add escrow' }).click();
  await expect(slot(section, 'escrow')).toContainText(files.fingerprint, { timeout: 20_000 });

  // Locked: two sheets of other people open it.
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await page.getByRole('button', { name: 'Use the recovery code' }).click();
  await page.getByRole('button', { name: 'Other ways in' }).click();
  await page.getByLabel('Key shares').last().fill(`${shares[2]}\n`);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('These are 1 of the 2 shares')).toBeVisible();
  await shoot(page, 'unlock-shares');
  await page.getByLabel('Key shares').last().fill(`${shares[2]}\n${shares[0]?.toLowerCase()}\n`);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await steps.onScreen(page, 'list');

  // Locked again: the administrator opens it.
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await pickInDialog(vitrine, [secretFile]);
  await page.getByRole('button', { name: 'Use the recovery code' }).click();
  await page.getByRole('button', { name: 'Other ways in' }).click();
  await page.getByLabel('Other ways in').selectOption('escrow');
  await page.getByRole('button', { name: 'Choose the escrow key file' }).click();
  await page.getByLabel('Passphrase of the escrow key').fill(ADMIN);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await steps.onScreen(page, 'list');

  // Whoever came in by escrow sets a new passphrase without knowing the old one, and removes the escrow.
  const again = await toKeys(page);
  await slot(again, 'passphrase').getByRole('button', { name: 'Change: Passphrase' }).click();
  await dialog.getByLabel('New passphrase', { exact: true }).fill('quite another passphrase');
  await dialog.getByLabel('New passphrase again').fill('quite another passphrase');
  await dialog.getByRole('button', { name: 'Change passphrase' }).click();
  await expect(dialog).toBeHidden({ timeout: 20_000 });
  await slot(again, 'escrow')
    .getByRole('button', { name: /^Remove/ })
    .click();
  await shoot(page, 'remove');
  await dialog.getByRole('button', { name: /^Remove Escrow/ }).click();
  await expect(slot(again, 'escrow')).toHaveCount(0);
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await steps.unlock(page, 'quite another passphrase');
  await steps.onScreen(page, 'list');
});

test('the vault gets a new key, studies are sealed anew, and shredded by a rule after a dry run', async ({ start }) => {
  test.setTimeout(240_000);
  const vitrine = await start();
  const { page, profile } = vitrine;
  await resize(vitrine, 1280, 720);
  const code = await steps.createVault(page, { keychain: false });
  await imported(page, null);
  const section = await toKeys(page);
  const dialog = page.getByRole('dialog');
  await section.getByRole('button', { name: 'Change the vault’s key' }).click();
  await dialog.getByLabel('Passphrase of the vault').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Change the vault’s key' }).click();
  // The new code is shown, and asked for, before anything else; then the work goes on where it was.
  await steps.onScreen(page, 'recovery');
  const renewed = await page.getByTestId('recovery-code').locator('.mono').allInnerTexts();
  expect(renewed).not.toEqual(code);
  const group = Number(await page.getByTestId('recovery-group').getAttribute('data-group'));
  await page.getByTestId('recovery-group').fill(renewed[group] ?? '');
  await page.locator('button[type=submit]').click();
  const after = await toKeys(page);
  await expect
    .poll(async () => JSON.parse(await readFile(join(profile.vault, 'vault.json'), 'utf8')).rotation, {
      timeout: 30_000,
    })
    .toBeNull();
  const keyFile = join(profile.vault, 'studies', (await readdir(join(profile.vault, 'studies')))[0] ?? '', 'study.key');
  const key = await readFile(keyFile, 'hex');
  await after.getByRole('button', { name: 'Seal all studies anew' }).click();
  await expect.poll(async () => readFile(keyFile, 'hex').catch(() => key), { timeout: 60_000 }).not.toBe(key);

  // The study is read on under its new keys.
  await page.getByRole('button', { name: 'Studies', exact: true }).click();
  await steps.searchAndOpen(page, 'phantom');
  await steps.shown(steps.viewport(page));

  const rules = await toKeys(page);
  await rules.getByLabel('Modality').fill('ct');
  await rules.getByLabel('Years').fill('0.25');
  await rules.getByRole('button', { name: 'Add rule' }).click();
  await rules.getByLabel('Keep studies of minors').selectOption('');
  await rules.getByRole('button', { name: 'Dry run' }).click();
  await rules.getByTestId('due').waitFor();
  await rules.getByRole('button', { name: 'Shred 1 study' }).scrollIntoViewIfNeeded();
  await shoot(page, 'retention');
  await rules.getByRole('button', { name: 'Shred 1 study' }).click();
  await shoot(page, 'shred');
  await dialog.getByRole('button', { name: 'Shred 1 study' }).click();
  await expect(rules.getByText('1 study was shredded, with a signed certificate.')).toBeVisible({ timeout: 30_000 });
  // The study's tab is gone with it, and the list has nothing more.
  await expect(page.locator('.top-study')).toHaveCount(0);
  await page.getByRole('button', { name: 'Studies', exact: true }).click();
  await steps.search(page).fill('');
  await expect(page.getByText('No studies yet')).toBeVisible();
});

test('a study is shredded from the list after a question that names the act', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await steps.createVault(page, { keychain: false });
  await imported(page, null);
  await steps.search(page).press('ArrowDown');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Type a command').fill('shred');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Shred 1 study' });
  await expect(dialog).toContainText('PHANTOM');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(steps.studyRows(page)).toHaveCount(1);
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Type a command').fill('shred');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Shred 1 study' }).click();
  await expect(page.getByText('No studies yet')).toBeVisible();
});

test('in German nothing of the keys is clipped', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await resize(vitrine, 1280, 720);
  await steps.createVault(page, { keychain: false });
  await page.keyboard.press('Control+Comma');
  await page.getByLabel('Language').selectOption('de');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Tresor', exact: true }).click();
  await page.locator('.vault-section', { hasText: 'Schlüssel' }).click();
  const section = page.locator('[data-section="keys"]');
  await section.getByTestId('slots').waitFor();
  await shoot(page, 'german');
  const wide = await section.evaluate((node) => node.scrollWidth - node.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
