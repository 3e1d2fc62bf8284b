import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const css = await readFile(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of a theme: those of `:root`, changed by the theme's own. */
function theme(selector: string): Map<string, string> {
  const colours = new Map<string, string>();
  for (const rule of [':root {', ...(selector === '' ? [] : [selector])]) {
    const start = css.indexOf(rule);
    expect(start, rule).toBeGreaterThanOrEqual(0);
    const body = css.slice(start, css.indexOf('}', start));
    for (const [, name = '', hex = ''] of body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)) colours.set(name, hex);
  }
  return colours;
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const LEVELS = ['ground', 'app', 'panel', 'raised', 'selected'];

describe.each([
  ['dark', ''],
  ['high contrast', ":root[data-theme='high-contrast'] {"],
])('the theme %s', (_name, selector) => {
  const colours = theme(selector);
  const pair = (a: string, b: string): number => contrast(colours.get(a) ?? '', colours.get(b) ?? '');

  it.each(['text', 'text-2', 'text-3', 'accent', 'ok', 'warning', 'danger', 'ai'])(
    '%s is legible on every level',
    (token) => {
      for (const level of LEVELS) expect(pair(token, level), level).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('shows edges and the focus on every level', () => {
    for (const level of LEVELS) {
      expect(pair('edge', level), level).toBeGreaterThanOrEqual(3);
      expect(pair('focus', level), level).toBeGreaterThanOrEqual(3);
    }
  });

  it('has legible words on filled buttons', () => {
    expect(pair('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-danger', 'danger')).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps every segment at 9:1 on black: its edge is drawn whole, its fill lets the image through', () => {
    for (const number of [1, 2, 3, 4, 5, 6]) expect(pair(`segment-${number}`, 'ground')).toBeGreaterThanOrEqual(9);
  });

  it('keeps every mark at 9:1 on black, so that its casing carries it on every grey', () => {
    for (const mark of ['mark-mine', 'mark-ai', 'mark-prior', 'mark-selected', 'mark-reference']) {
      expect(pair(mark, 'mark-casing'), mark).toBeGreaterThanOrEqual(9);
    }
  });
});

describe('the table of ui.md', () => {
  it('is what the tokens measure', () => {
    const dark = theme('');
    const measured = (token: string): string =>
      LEVELS.map((level) => contrast(dark.get(token) ?? '', dark.get(level) ?? '').toFixed(1)).join(' ');
    expect(measured('text')).toBe('16.4 14.8 13.7 12.1 10.0');
    expect(measured('text-3')).toBe('7.7 6.9 6.4 5.7 4.7');
  });
});
