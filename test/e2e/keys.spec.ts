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
  'reference.toggle': TWO,
};

/** Pressed again afterwards: what they switch on would disturb the next command. */
const TOGGLES: ReadonlySet<string> = new Set([
  'cine.toggle',
  'overlay.hide',
  'rail.toggle',
  'panel.toggle',
  'panel.measurements',
  'panel.info',
  'invert.toggle',
  'link.toggle',
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
  await writeTwoSeries(join(folder, 'two'), { seed: 'keys', matrix: 128, slices: 24, patient: { name: 'TWO^Series' } });
  await writeStudy(join(folder, 'one'), { seed: 'other', matrix: 128, slices: 12, patient: { name: 'ONE^Series' } });
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.searchAndOpen(page, 'one');
  await page.keyboard.press('Alt+Home');
  await steps.onScreen(page, 'list');
  await steps.searchAndOpen(page, 'two');
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
