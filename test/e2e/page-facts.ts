import type { Page } from '@playwright/test';

/** Where the application's own page lives. */
export const APP_ORIGIN = 'vitrine://app';

/** The policy that came with the page. */
export async function contentPolicyOf(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const answer = await fetch('/index.html');
    return answer.headers.get('content-security-policy') ?? '';
  });
}

/** What a script of the page can reach that isn't the web's own. */
export async function globalsOf(page: Page): Promise<{ isolated: boolean; node: string[]; bridge: string[] }> {
  return await page.evaluate(() => ({
    isolated: window.crossOriginIsolated,
    node: ['require', 'process', 'module', 'Buffer', '__dirname', 'global', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(window.vitrine).sort(),
  }));
}

/** All text that the page holds, hidden or not: attributes, values, titles, styles' content. */
export async function everythingSaid(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const parts = [document.title, document.documentElement.outerHTML];
    for (const field of document.querySelectorAll('input, textarea')) parts.push((field as HTMLInputElement).value);
    return parts.join('\n');
  });
}

/** A text as it is drawn, with the colour of the nearest ground that covers what is below it; both as CSS writes them. */
interface DrawnText {
  readonly words: string;
  readonly ink: string;
  readonly ground: string;
}

/** Every text on the screen that isn't part of a control that is switched off. */
async function drawnTexts(page: Page): Promise<DrawnText[]> {
  return await page.evaluate(() => {
    const found: { words: string; ink: string; ground: string }[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const words = node.nodeValue?.trim() ?? '';
      const holder = node.parentElement;
      if (words === '' || holder === null || holder.getBoundingClientRect().width < 2) continue;
      if (holder.closest('option, .visually-hidden, [hidden], [data-viewport], :disabled, .overlay') !== null) continue;
      let ground = holder;
      while (ground.parentElement !== null && /, 0\)$|^transparent$/.test(getComputedStyle(ground).backgroundColor))
        ground = ground.parentElement;
      const [ink, under] = [getComputedStyle(holder).color, getComputedStyle(ground).backgroundColor];
      found.push({ words: words.slice(0, 40), ink, ground: under });
    }
    return found;
  });
}

/** Relative luminance of a CSS colour, WCAG 2.2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Texts with less contrast than 4.5 to 1 against their ground (WCAG 2.2, 1.4.3). */
export async function faintTexts(page: Page): Promise<string[]> {
  const faint = (await drawnTexts(page)).flatMap(({ words, ink, ground }) => {
    const [light = 0, dark = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    return contrast < 4.5 ? [`${words}: ${contrast.toFixed(1)}`] : [];
  });
  return [...new Set(faint)];
}

/** What a screen reader can't make sense of: controls without a name, names that point at nothing, ids given twice. */
export async function namelessParts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const faults: string[] = [];
    for (const part of document.querySelectorAll(
      'button, a, input, select, textarea, [role=tab], [role=progressbar]',
    )) {
      const labels = [...((part as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join('');
      const own = part.matches('select') ? '' : part.textContent;
      const name = `${part.getAttribute('aria-label') ?? ''}${part.getAttribute('title') ?? ''}${labels}${own}`;
      const by = part.getAttribute('aria-labelledby');
      if (name.trim() === '' && by === null) faults.push(`no name: ${part.outerHTML.slice(0, 80)}`);
    }
    for (const part of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
      const ids = `${part.getAttribute('aria-labelledby') ?? ''} ${part.getAttribute('aria-describedby') ?? ''}`;
      for (const id of ids.split(' ').filter((one) => one !== ''))
        if (document.getElementById(id) === null) faults.push(`points at nothing: ${id}`);
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id twice: ${id}`);
    return faults;
  });
}
