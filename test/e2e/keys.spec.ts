import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { COMMANDS, type CommandId } from '../../renderer/commands/table.ts';
import { writeStudy } from '../study.ts';
import { importPaths, pickInDialog, type Vitrine } from './app.ts';
import { press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';
import { writeTwoSeries } from './two-series.ts';

/** How Playwright names the keys of a chord. */
const KEYS: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  Plus: '+',
  Minus: '-',
  Equal: '=',
  Question: '?',
  Comma: ',',
  Period: '.',
};

function playwrightKey(chord: string): string {
  const parts = chord.split('+').map((part) => KEYS[part] ?? (part.length === 1 ? part.toLowerCase() : part));
  const shifted = parts.includes('Shift') || parts.includes('Control');
  // With Shift held the comma's key makes another character, and chords go by its place.
  return parts.map((part) => (shifted && part === ',' ? 'Comma' : shifted && part === '.' ? 'Period' : part)).join('+');
}

/** A length between two points, set by keys alone; it is selected afterwards. */
const MARK = ['d', 'Enter', 'Enter', ...Array<string>(4).fill('Shift+ArrowRight'), 'Enter'];
const CURSOR = ['d', 'Enter'];
const TWO = ['Control+2'];

/** What must be done first so that a command can do something. Most need nothing. */
const BEFORE: Partial<Record<CommandId, readonly string[]>> = {
  'tool.window': ['s'],
  'tool.last': ['d', 'w'],
  'mark.undo': MARK,
  'mark.redo': [...MARK, 'Control+z'],
  'mark.remove': MARK,
  'cursor.up': CURSOR,
  'cursor.down': CURSOR,
  'cursor.left': CURSOR,
  'cursor.right': CURSOR,
  'cursor.up10': CURSOR,
  'cursor.down10': CURSOR,
  'cursor.left10': CURSOR,
  'cursor.right10': CURSOR,
  'draw.point': ['d'],
  'image.previous': ['End'],
  'image.previous10': ['End'],
  'image.first': ['End'],
  'series.previous': ['PageDown'],
  'viewport.next': TWO,
  'viewport.previous': TWO,
  'viewport.maximise': TWO,
  'keyImage.next': ['k', 'End'],
  'preset.auto': ['2'],
  'preset.softTissue': ['2'],
  'preset.file': ['2'],
  'window.reset': ['2'],
  'zoom.fit': ['+', '+'],
  'view.reset': ['+', '+'],
  'layout.1x1': TWO,
  'link.toggle': TWO,
  'link.keep': TWO,
  'reference.toggle': TWO,
  'fuse.less': ['g'],
  'fuse.more': ['BracketLeft'],
};

/** Pressed again afterwards: what they switch on would disturb the next command. */
const TOGGLES: ReadonlySet<string> = new Set([
  'cine.toggle',
  'overlay.hide',
  'rail.toggle',
  'panel.toggle',
  'panel.measurements',
  'panel.findings',
  'panel.report',
  'panel.info',
  'mpr.toggle',
  'segment.toggle',
  'fuse.toggle',
  'invert.toggle',
  'link.toggle',
  'link.keep',
  'reference.toggle',
  'flip.horizontal',
  'flip.vertical',
  'keyImage.toggle',
  'viewport.maximise',
]);

/** Everything that can be seen, as a hash. Two in a row that are equal mean that the page has come to rest. */
async function look(page: Page): Promise<string> {
  return createHash('sha256')
    .update(await page.screenshot())
    .digest('hex');
}

async function atRest(page: Page): Promise<string> {
  let last = await look(page);
  for (let turn = 0; turn < 40; turn++) {
    const now = await look(page);
    if (now === last) return now;
    last = now;
  }
  throw new Error('the page does not come to rest');
}

async function reset(page: Page): Promise<void> {
  await press(page, 'Escape', 'Escape', 'Control+1', 'Shift+Z', 'Shift+W', 'Home', 'w');
}

/** A reading room with two studies open, the first of which has two series. */
async function openTwoStudies(vitrine: Vitrine): Promise<void> {
  const { page, profile } = vitrine;
  const folder = join(profile.folder, 'studies');
  const patient = { name: 'TWO^Series', id: '0102', birthDate: '19880917' };
  const now = { patient, date: '20240310', studyDescription: 'now' };
  await writeTwoSeries(join(folder, 'two'), { seed: 'keys', matrix: 128, slices: 24, ...now });
  for (const [seed, date] of [
    ['before', '20230214'],
    ['long ago', '20190701'],
  ] as const) {
    const options = { seed, date, matrix: 64, slices: 12, patient, studyDescription: seed };
    await writeStudy(join(folder, seed), options);
  }
  await writeStudy(join(folder, 'one'), { seed: 'other', matrix: 128, slices: 12, patient: { name: 'ONE^Series' } });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.searchAndOpen(page, 'one');
  await page.keyboard.press('Alt+Home');
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'now');
}

test('every key of the reading screen does something', async ({ start }) => {
  test.setTimeout(240_000);
  const vitrine = await start();
  const { page } = vitrine;
  await openTwoStudies(vitrine);
  const dead: string[] = [];
  const commands = COMMANDS.filter(({ scope }) => ['grid', 'viewer', 'cursor'].includes(scope));
  // What plays never comes to rest: the cine's rate has its place in the test below, as the keys of open studies have.
  for (const { id, keys } of commands.filter(({ id, group }) => group !== 'study' && id !== 'cine.rate')) {
    for (const chord of keys) {
      await reset(page);
      await press(page, ...(BEFORE[id] ?? []));
      const before = await atRest(page);
      await press(page, playwrightKey(chord));
      const changed = await expect
        .poll(() => look(page), { timeout: 2000, intervals: [30, 60, 120, 250] })
        .not.toBe(before)
        .then(
          () => true,
          () => false,
        );
      if (!changed) dead.push(`${id} (${chord})`);
      if (TOGGLES.has(id)) await press(page, playwrightKey(chord));
    }
  }
  expect(dead, 'keys that did nothing').toEqual([]);
});

test('the keys of studies and priors do what they say', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openTwoStudies(vitrine);
  const view = (number: number) => steps.viewport(page, number);
  const date = () => view(1).locator('.overlay-top-right').textContent();
  await press(page, 'p');
  await expect(view(2).locator('.overlay-badges')).toContainText('2023-02-14');
  await press(page, 'Shift+P');
  await expect(view(2).locator('.overlay-badges')).toContainText('2019-07-01');
  await press(page, 'Control+p');
  await expect(page.getByRole('dialog')).toContainText('readable copy');
  await press(page, 'Escape');
  const go = async (key: string, says: string): Promise<void> => {
    await page.getByRole('application').focus();
    await press(page, key);
    await expect.poll(date, key).toContain(says);
  };
  await go('Control+ArrowLeft', '2023-02-14');
  await go('Control+ArrowRight', '2024-03-10');
  await press(page, 'Alt+Home');
  await steps.onScreen(page, 'list');
  await steps.search(page).fill('');
  await expect(steps.studyRows(page)).toHaveCount(4);
  await steps.openFirst(page);
  const name = () => view(1).locator('.overlay-top-left').textContent();
  const next = async (key: string, says: string): Promise<void> => {
    await page.getByRole('application').focus();
    await press(page, key);
    await expect.poll(name, key).toContain(says);
  };
  await next('Control+ArrowDown', 'ONE');
  await next('Control+ArrowUp', 'TWO');
});

test('the keys of every screen do what they say', async ({ start }) => {
  const vitrine = await start();
  const { page } = vitrine;
  await openTwoStudies(vitrine);
  const title = () => page.locator('.top-study[data-active=true]').textContent();
  const dialog = page.getByRole('dialog');

  expect(await title()).toContain('TWO');
  await press(page, 'Control+Shift+Tab');
  await expect.poll(title).toContain('ONE');
  await press(page, 'Control+Tab');
  await expect.poll(title).toContain('TWO');
  await steps.shown(steps.viewport(page));
  await press(page, 'c');
  const rate = () => page.locator('[data-item=cine]').textContent();
  const slow = await rate();
  await press(page, 'Shift+C');
  await expect.poll(rate, 'the rate of the cine changes while it plays').not.toBe(slow);
  await press(page, 'c');
  for (const chord of ['Control+k', 'F1', '?', 'Control+,', 'Control+o']) {
    await press(page, chord);
    await expect(dialog, chord).toBeVisible();
    await press(page, 'Escape');
    await expect(dialog, chord).toHaveCount(0);
  }
  await pickInDialog(vitrine, [join(vitrine.profile.folder, 'studies', 'one')]);
  await press(page, 'Control+Shift+O');
  await expect(await steps.importSummary(page)).toContainText('12');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
  await page.locator('[data-command-scope=grid]').focus();
  const regions = new Set<unknown>();
  for (let turn = 0; turn < 6; turn++) {
    await press(page, 'F6');
    regions.add(await focused());
  }
  expect(regions.size, 'F6 walks through the regions').toBeGreaterThan(2);
  await press(page, 'Control+w');
  await expect(page.locator('.top-study')).toHaveCount(1);
  await steps.shown(steps.viewport(page));
  await press(page, 'Alt+Home');
  await steps.onScreen(page, 'list');
  await page.getByRole('treegrid').focus();
  await press(page, 'Control+f');
  await expect(steps.search(page)).toBeFocused();
  await press(page, 'Control+l');
  await steps.onScreen(page, 'locked');
});
