import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeytarStore } from '../../native/keychain/keytar-store.ts';
import { ask, type Profile, quit } from './app.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** The real keyring of this session, as the operating system's own keychain manager would reach it. */
const keyring = createKeytarStore();

async function vaultId(profile: Profile): Promise<string> {
  return JSON.parse(await readFile(join(profile.vault, 'vault.json'), 'utf8')).vaultId;
}

test('the keychain opens the vault at start', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  expect(await keyring.get(await vaultId(profile))).not.toBeNull();
  await quit(first);
  const { page } = await start();
  await steps.onScreen(page, 'list');
});

test('a missing entry is shown, the passphrase opens, and the entry can be renewed', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  await quit(first);
  await keyring.delete(await vaultId(profile));

  const second = await start();
  await steps.onScreen(second.page, 'unlock');
  await expect(second.page.getByText('Keychain: no entry for this vault')).toBeVisible();
  await steps.unlock(second.page);
  await steps.onScreen(second.page, 'list');
  await second.page.getByRole('button', { name: 'Renew the entry' }).click();
  await expect.poll(async () => (await ask(second.page, 'session.state', {})).keychain).toBe('ok');
  await quit(second);
  await steps.onScreen((await start()).page, 'list');
});

test('a changed entry is shown and not used, and nothing is deleted', async ({ start, profile }) => {
  const first = await start();
  await steps.createVault(first.page);
  await quit(first);
  const id = await vaultId(profile);
  const header = await readFile(join(profile.vault, 'vault.json'), 'utf8');
  const foreign = new Uint8Array(randomBytes(32));
  await keyring.set(id, foreign);

  const { page } = await start();
  await steps.onScreen(page, 'unlock');
  await expect(page.getByText(/keychain.*changed/i).first()).toBeVisible();
  await steps.unlock(page);
  await steps.onScreen(page, 'list');
  expect(await readFile(join(profile.vault, 'vault.json'), 'utf8')).toBe(header);
  expect(await keyring.get(id)).toEqual(foreign);
});

test('wrong passphrases are said, wait longer each time, also after a restart, and lose nothing', async ({ start }) => {
  const first = await start();
  await steps.createVault(first.page, { keychain: false });
  await quit(first);
  const second = await start();
  const { page } = second;
  await steps.onScreen(page, 'unlock');
  const waits: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    await expect.poll(async () => (await ask(page, 'session.state', {})).retryAfterMs).toBe(0);
    await expect(page.locator('button[type=submit]')).toBeEnabled();
    await steps.unlock(page, `wrong ${attempt}`);
    await expect(page.getByText('This passphrase does not open the vault.')).toBeVisible();
    await expect(page.locator('button[type=submit]')).toHaveText('Unlock');
    waits.push((await ask(page, 'session.state', {})).retryAfterMs);
  }
  expect(waits.slice(0, 2)).toEqual([0, 0]);
  expect(waits[2]).toBeGreaterThan(0);
  expect(waits[3]).toBeGreaterThan(waits[2] ?? 0);
  await quit(second);
  const third = await start();
  await steps.onScreen(third.page, 'unlock');
  await expect.poll(async () => (await ask(third.page, 'session.state', {})).retryAfterMs).toBe(0);
  await expect(third.page.locator('button[type=submit]')).toBeEnabled();
  await steps.unlock(third.page);
  await steps.onScreen(third.page, 'list');
});

test('the recovery code opens the vault when the passphrase is lost', async ({ start }) => {
  const first = await start();
  const code = await steps.createVault(first.page, { keychain: false });
  await quit(first);
  const { page } = await start();
  await steps.onScreen(page, 'unlock');
  await page.getByRole('button', { name: 'Use the recovery code' }).click();
  await steps.unlock(page, code.join(' ').toLowerCase());
  await steps.onScreen(page, 'list');
});
