import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PHANTOM_TRUTH } from '../../core/dicom/phantom/truth.ts';
import { writeStudy } from '../study.ts';
import { importPaths, quit, resize, type Vitrine } from './app.ts';
import { drawEllipse, drawLength, marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/**
 * Each screen at the smallest size that ui.md promises and at a large one, against committed pictures. Tolerance: two
 * pixels in ten thousand may differ (playwright.config.ts), which is less than most words. What a clock, the disk or the machine
 * decides is set to one value, and the recovery code, which is new each time, is covered.
 */
const SIZES = [
  [1280, 720],
  [1600, 1000],
] as const;

/** Clocks, free space and the engine's name as they were when the pictures were taken. */
async function steady(page: Page): Promise<void> {
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const before = node.nodeValue ?? '';
      const after = before
        .replace(/^[\d.,]+ [GT]B free$/, '80 GB free')
        .replace(/^Seal engine: \w+$/, 'Seal engine: native')
        .replace(/^(Saved|saved|Locked since) \d\d:\d\d(:\d\d)?$/, '$1 09:00');
      if (after !== before) node.nodeValue = after;
    }
    for (const cell of document.querySelectorAll('.data-table td'))
      if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(cell.textContent)) cell.textContent = '2026-01-15 09:00:00';
  });
}

async function compare(vitrine: Vitrine, name: string): Promise<void> {
  const { page } = vitrine;
  for (const [width, height] of SIZES) {
    await resize(vitrine, width, height);
    await page.mouse.move(width - 2, height - 2);
    await steady(page);
    const mask = [page.locator('.code-group .mono'), page.locator('label[for]:has(+ .code-input)')];
    await expect(page).toHaveScreenshot(`${name}-${width}x${height}.png`, { mask, maskColor: '#161a1f' });
  }
}

/** Invented patients, so that a list looks like one. */
const PATIENTS = [
  ['ADAMS^Ruth', '0017', '19610304', '20240311', 'CT abdomen, portal venous'],
  ['BRANDT^Jonas', '0102', '19880917', '20240310', 'CT chest, low dose'],
  ['CHEN^Wei', '0233', '19750122', '20240308', 'CT head'],
  ['OKAFOR^Ada', '0311', '19930630', '20240305', 'CT pulmonary angiography'],
  ['BRANDT^Jonas', '0102', '19880917', '20230214', 'CT chest'],
] as const;

async function importPatients(vitrine: Vitrine): Promise<void> {
  const folder = join(vitrine.profile.folder, 'patients');
  for (const [i, [name, id, birthDate, date, studyDescription]] of PATIENTS.entries()) {
    await writeStudy(join(folder, String(i)), {
      seed: `screens-${i}`,
      matrix: 64,
      slices: [8, 16, 10, 20, 32][i] ?? 8,
      patient: { name, id, birthDate, sex: i % 2 === 0 ? 'F' : 'M' },
      date,
      studyDescription,
      accessionNumber: `A-${4100 + i}`,
    });
  }
  await importPaths(vitrine, [folder]);
  await vitrine.page.getByRole('button', { name: 'Dismiss' }).click();
}

function insert(id: string) {
  const found = PHANTOM_TRUTH.inserts.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the phantom has no ${id}`);
  return found;
}

test('the screens before and beside the images', async ({ start }) => {
  const first = await start();
  const { page } = first;
  await steps.onScreen(page, 'first-run');
  await compare(first, 'first-run');
  await page.locator('input[name=passphrase]').fill('correct horse battery staple');
  await page.locator('input[name=again]').fill('correct horse battery staple');
  await page.locator('button[type=submit]').click();
  await steps.onScreen(page, 'recovery');
  await page.getByTestId('recovery-code').waitFor();
  await compare(first, 'recovery');
  await steps.keepRecoveryCode(page);
  await compare(first, 'list-empty');
  await press(page, 'Control+o');
  await page.getByRole('dialog').waitFor();
  await compare(first, 'import');
  await press(page, 'Escape');
  await importPatients(first);
  await expect(steps.studyRows(page)).toHaveCount(PATIENTS.length);
  await steps.search(page).press('ArrowDown');
  await press(page, 'ArrowDown', 'ArrowRight');
  await page.waitForFunction(() => {
    const thumbnail = document.querySelector<HTMLCanvasElement>('.strip-image');
    return (thumbnail?.getContext('2d')?.getImageData(48, 48, 1, 1).data[3] ?? 0) > 0;
  });
  await compare(first, 'list');
  await steps.search(page).fill('nobody');
  await page.getByRole('button', { name: 'Clear' }).waitFor();
  await compare(first, 'list-no-match');
  for (const [key, name] of [
    ['Control+k', 'palette'],
    ['F1', 'keys'],
    ['Control+,', 'settings'],
  ] as const) {
    await press(page, key);
    await page.getByRole('dialog').waitFor();
    await compare(first, name);
    await press(page, 'Escape');
  }
  await press(page, 'Control+l');
  await steps.onScreen(page, 'locked');
  await compare(first, 'locked');
  await quit(first);
});

test('the reading screen', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await resize(vitrine, 1280, 720);
  await steps.createVault(page);
  await page.getByRole('button', { name: 'Load sample' }).click();
  await steps.importSummary(page);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.searchAndOpen(page, 'phantom');
  const [left, right, rod] = [insert('bead-left'), insert('bead-right'), insert('rod-soft-tissue')];
  await steps.toSlice(page, left.slice + 1);
  await drawLength(page, [right.column, right.row], [left.column, left.row]);
  await expect(marks(page)).toHaveCount(1);
  await press(page, 'w');
  await compare(vitrine, 'viewer-length');
  await steps.toSlice(page, rod.slice + 1);
  await drawEllipse(page, [rod.column, rod.row], 14);
  await expect(marks(page)).toHaveCount(2);
  await press(page, 'w');
  await compare(vitrine, 'viewer');
  await press(page, 'Control+4');
  await expect(steps.viewport(page, 4)).toBeVisible();
  await compare(vitrine, 'viewer-2x2');
});

test('a prior beside the study, planes, report and print', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await resize(vitrine, 1280, 720);
  await steps.createVault(page);
  await importPatients(vitrine);
  await steps.searchAndOpen(page, 'brandt');
  await press(page, 'p');
  await steps.shown(steps.viewport(page, 2));
  await drawLength(page, [20, 32], [40, 32], 64);
  await expect(marks(page)).toHaveCount(1);
  await press(page, 'Escape', 'w');
  await compare(vitrine, 'viewer-prior');
  await press(page, 'Control+p');
  await page.getByRole('dialog').waitFor();
  await compare(vitrine, 'print');
  await press(page, 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect(page.getByRole('application'), 'a dialog gives the focus back').toBeFocused();
  await press(page, 'Control+1', 'v');
  await page.locator('[data-plane=sagittal][data-state=shown]').waitFor();
  await compare(vitrine, 'viewer-planes');
  await press(page, 'v', 'Alt+3');
  await page.locator('.report-field[data-section=findings]').fill('No nodule.');
  await expect(page.locator('.report-saved')).toContainText('saved');
  await page.getByRole('application').focus();
  await compare(vitrine, 'viewer-report');
});

test('the place Vault as it is seen', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await resize(vitrine, 1280, 720);
  await steps.createVault(page, { keychain: false });
  await page.getByRole('button', { name: 'Vault', exact: true }).click();
  await page.locator('[data-section=keys] tr[data-slot=recovery]').waitFor();
  await compare(vitrine, 'vault-keys');
  for (const [label, section] of [
    ['Users', 'users'],
    ['Backup and care', 'care'],
  ] as const) {
    await page.locator('.vault-section', { hasText: label }).click();
    await page.locator(`[data-section=${section}] .section`).first().waitFor();
    await compare(vitrine, `vault-${section}`);
  }
});
