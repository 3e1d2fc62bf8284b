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
