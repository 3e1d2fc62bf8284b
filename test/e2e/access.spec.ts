import type { Page } from '@playwright/test';
import { words as german } from '../../renderer/text/de/words.ts';
import { words as english } from '../../renderer/text/en/words.ts';
import { ask, resize } from './app.ts';
import { marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import { faintTexts, namelessParts } from './page-facts.ts';
import * as steps from './steps.ts';

interface Stop {
  readonly what: string;
  readonly named: boolean;
  readonly ring: boolean;
  readonly inView: boolean;
  readonly size: number;
}

/** What the focus is on: whether it has a name, whether one sees that it has the focus, and how large it is. */
async function stopHere(page: Page): Promise<Stop> {
  return await page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const box = element.getBoundingClientRect();
    const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
    const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? '';
    const name = `${element.getAttribute('aria-label') ?? ''}${element.textContent}${label}${element.title}`;
    // A ring may be drawn by the element, by what surrounds it, or by what it points at (aria-activedescendant).
    const pointed = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    const around = [element, element.parentElement, pointed, ...element.querySelectorAll('*')];
    const ring = around.some((one) => {
      if (one === null) return false;
      return ['', '::before', '::after'].some((pseudo) => {
        const style = getComputedStyle(one, pseudo === '' ? null : pseudo);
        return (
          (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
        );
      });
    });
    return {
      what: `${role} ${name.trim().slice(0, 40)}`,
      named: name.trim() !== '' || element.hasAttribute('aria-labelledby'),
      ring,
      inView: box.width > 0 && box.bottom > 0 && box.top < window.innerHeight,
      size: Math.min(box.width, box.height),
    };
  });
}

/** Walks through a screen with Tab and holds every stop against what ui.md promises. */
async function walk(page: Page, screen: string, least: number): Promise<void> {
  const seen = new Set<string>();
  const faults: string[] = [];
  for (let turn = 0; turn < 40; turn++) {
    await page.keyboard.press('Tab');
    const stop = await stopHere(page);
    if (stop.what.startsWith('body') || seen.has(stop.what)) continue;
    seen.add(stop.what);
    if (!stop.named) faults.push(`${stop.what}: no name`);
    if (!stop.ring) faults.push(`${stop.what}: the focus is not seen`);
    if (!stop.inView) faults.push(`${stop.what}: out of sight`);
    // WCAG 2.2, 2.5.8: no target under 24 by 24; native controls and the lines between panels have their own size.
    if (stop.size < 24 && !/^(input|separator)/.test(stop.what)) faults.push(`${stop.what}: ${stop.size} px`);
  }
  expect(faults, screen).toEqual([]);
  expect(seen.size, `${screen}: stops of Tab`).toBeGreaterThanOrEqual(least);
}

test('every screen can be walked through by Tab, and the focus is always seen', async ({ start }) => {
  const { page } = await start();
  await steps.onScreen(page, 'first-run');
  await walk(page, 'first run', 4);
  await steps.createVault(page);
  await walk(page, 'empty list', 6);
  await page.getByRole('button', { name: 'Load sample' }).click();
  await steps.importSummary(page);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.studyRows(page).first().waitFor();
  await walk(page, 'list', 6);
  await steps.searchAndOpen(page, 'phantom');
  await walk(page, 'reading screen', 6);
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await walk(page, 'locked', 2);
});

test('a study is read and measured by keys alone, and says what it shows', async ({ start }) => {
  const { page } = await start();
  await steps.createVault(page);
  await page.getByRole('button', { name: 'Load sample' }).press('Enter');
  await steps.importSummary(page);
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
  await steps.search(page).focus();
  await page.keyboard.type('phantom');
  await steps.studyRows(page).first().waitFor();
  await steps.openFirst(page);
  const view = steps.viewport(page);
  await expect(page.getByRole('application')).toBeFocused();
  await press(page, 'End');
  await steps.shown(view, 128);
  await expect(view).toHaveAttribute('aria-label', /CT.*image 128 of 128/);
  await press(page, 'd', 'Enter', 'Enter', ...Array<string>(4).fill('Shift+ArrowRight'), 'Enter');
  await expect(marks(page)).toHaveCount(1);
  // 40 pixels of 360 / 512 mm: a length set by keys is exact.
  await expect(marks(page).locator('.measure-value')).toHaveText('28.1 mm');
  await press(page, 'Delete');
  await expect(marks(page)).toHaveCount(0);
  await press(page, 'Control+z');
  await expect(marks(page)).toHaveCount(1);
});

const PLACES = ['place.laboratory', 'place.forecast'] as const;
const SECTIONS = ['vault.keys', 'vault.users', 'vault.care', 'vault.audit'] as const;

/** Nothing too faint, nothing without a name, nothing wider than the window, at the smallest size that ui.md promises. */
async function sound(page: Page, screen: string): Promise<void> {
  expect(await faintTexts(page), `${screen}: contrast`).toEqual([]);
  expect(await namelessParts(page), `${screen}: names`).toEqual([]);
  const clipped = await page
    .locator('button, [role=tab], h1, h2, h3')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
  expect(clipped, `${screen}: clipped`).toEqual([]);
  const wide = await page
    .locator('html, main, .vault-section-body')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className));
  expect(wide, `${screen}: scrolls sideways`).toEqual([]);
}

test('the places can be walked through by Tab, are read by everybody, and lose nothing in German', async ({
  start,
}) => {
  test.setTimeout(150_000);
  const vitrine = await start();
  const { page } = vitrine;
  await resize(vitrine, 1280, 720);
  await steps.createVault(page, { keychain: false });
  const settings = await ask(page, 'settings.get', {});
  for (const [language, words] of [
    ['en', english],
    ['de', german],
  ] as const) {
    await ask(page, 'settings.set', { ...settings, language });
    await page.reload();
    await steps.onScreen(page, 'list');
    for (const place of PLACES) {
      await page.getByRole('button', { name: words[place], exact: true }).press('Enter');
      await page.locator('main, [data-screen]').first().waitFor();
      if (place === 'place.laboratory') await page.locator('.lab-protection').waitFor();
      if (language === 'en') await walk(page, place, 6);
      await sound(page, `${place} ${language}`);
    }
    await page.getByRole('button', { name: words['place.vault'], exact: true }).press('Enter');
    for (const section of SECTIONS) {
      await page.locator('.vault-section', { hasText: words[section] }).press('Enter');
      await page
        .locator(`[data-section=${section.slice('vault.'.length)}] .section`)
        .first()
        .waitFor();
      if (language === 'en') await walk(page, section, 8);
      await sound(page, `${section} ${language}`);
    }
  }
});
