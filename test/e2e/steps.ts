import type { Locator, Page } from '@playwright/test';
import { PASSPHRASE } from '../vault.ts';
import { imported, pickInDialog, type Vitrine } from './app.ts';

/** What a person does, step by step, by mouse and keys only. Used by the tests, the demonstration and the sweep. */

/** Waits for one of the application's screens: `first-run`, `recovery`, `unlock`, `locked`, `list`, `viewer`. */
export async function onScreen(page: Page, screen: string): Promise<void> {
  await page.locator(`[data-screen="${screen}"]`).waitFor({ timeout: 20_000 });
}

/** First run: name and passphrase, then the recovery code, one group of which is typed back. @returns the code */
export async function createVault(page: Page, options: { keychain?: boolean; name?: string } = {}): Promise<string[]> {
  await onScreen(page, 'first-run');
  await page.locator('input[name=name]').fill(options.name ?? 'Clinic A');
  await page.locator('input[name=passphrase]').fill(PASSPHRASE);
  await page.locator('input[name=again]').fill(PASSPHRASE);
  if (options.keychain === false) await page.locator('input[name=keychain]').uncheck();
  await page.locator('button[type=submit]').click();
  return await keepRecoveryCode(page);
}

/** Reads the code off the screen and types one group of it back. @returns the code */
export async function keepRecoveryCode(page: Page): Promise<string[]> {
  await onScreen(page, 'recovery');
  const sheet = page.getByTestId('recovery-code');
  await sheet.waitFor();
  const code = await sheet.locator('.mono').allInnerTexts();
  const field = page.getByTestId('recovery-group');
  const group = code[Number(await field.getAttribute('data-group'))];
  if (group === undefined) throw new Error('the screen asks for a group that is not there');
  await field.fill(group);
  await page.locator('button[type=submit]').click();
  await onScreen(page, 'list');
  return code;
}

/** Types the passphrase on the unlock or the locked screen. */
export async function unlock(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.locator('input[name=secret]').fill(passphrase);
  await page.locator('input[name=secret]').press('Enter');
}

export function search(page: Page): Locator {
  return page.getByTestId('search');
}

/** Rows of the study list that are studies. */
export function studyRows(page: Page): Locator {
  return page.locator('[data-study]');
}

/** The summary of an import that went well, once it is there. */
export async function importSummary(page: Page): Promise<Locator> {
  const summary = page.locator('[data-import="finished"][data-outcome="done"]');
  await summary.waitFor({ timeout: 60_000 });
  return summary;
}

/** Import of a folder or of files through the menu and the system's dialog. */
export async function importFromDialog(
  vitrine: Vitrine,
  kind: 'files' | 'folder',
  paths: readonly string[],
): Promise<void> {
  await pickInDialog(vitrine, paths);
  await vitrine.page.keyboard.press('Control+o');
  const choice = kind === 'files' ? 'Files or a ZIP' : 'A folder or a disc';
  await vitrine.page.getByRole('dialog').getByRole('button', { name: choice }).click();
}

/** Searches for `words` and opens the one study that is left. */
export async function searchAndOpen(page: Page, words: string): Promise<void> {
  await search(page).fill(words);
  const said = new RegExp(words, 'i');
  await studyRows(page).filter({ hasText: said }).first().waitFor();
  await studyRows(page).filter({ hasNotText: said }).first().waitFor({ state: 'detached' });
  await openFirst(page);
}

/** A new vault with the sample study in it, open for reading. @returns the study's id */
export async function openSample(page: Page): Promise<string> {
  await createVault(page);
  const studyId = (await imported(page, null)).studyIds[0] ?? '';
  await searchAndOpen(page, 'phantom');
  return studyId;
}

/** From the search field down to the first study of the list, and opens it. */
export async function openFirst(page: Page): Promise<void> {
  await search(page).press('ArrowDown');
  await page.keyboard.press('Enter');
  await shown(viewport(page));
}

export function viewport(page: Page, number = 1): Locator {
  return page.locator(`[data-viewport="${number}"]`);
}

/** Waits until a viewport shows an image, a particular one if asked (counted from 1). */
export async function shown(view: Locator, slice?: number): Promise<void> {
  const state = slice === undefined ? '[data-state="shown"]' : `[data-state="shown"][data-slice="${slice}"]`;
  await view.and(view.page().locator(state)).waitFor({ timeout: 20_000 });
}

/** A data attribute of a viewport, as a number. */
export async function figure(view: Locator, name: 'slice' | 'count' | 'zoom' | 'rotation'): Promise<number> {
  return Number(await view.getAttribute(`data-${name}`));
}

/** Moves the slider of the first viewport to an image (counted from 1) and waits until it is drawn. */
export async function toSlice(page: Page, slice: number): Promise<void> {
  await viewport(page).locator('input[type=range]').fill(String(slice));
  await shown(viewport(page), slice);
}

/** The first number in a text; the minus sign may be the typographer's. */
export function numberIn(words: string | null | undefined): number {
  return Number(/-?\d+(?:\.\d+)?/.exec((words ?? '').replace('\u2212', '-'))?.[0] ?? Number.NaN);
}
