import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const ROOMS = ['core', 'electron', 'native', 'renderer', 'models', 'build', 'test'];

async function sources(rooms: readonly string[]): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for (const room of rooms) {
    const entries = await readdir(join(ROOT, room), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !/\.(ts|tsx|cjs|mjs)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      found.push({ path: relative(ROOT, path).replaceAll('\\', '/'), text: await readFile(path, 'utf8') });
    }
  }
  return found;
}

const product = (await sources(ROOMS.slice(0, 5))).filter(({ path }) => !/\.test\.tsx?$/.test(path));
const all = await sources(ROOMS);

/** Files that hold `pattern`, this one (which must name what it forbids) left out. */
function holding(files: readonly { path: string; text: string }[], pattern: RegExp): string[] {
  return files.filter(({ path, text }) => path !== 'test/arch/house.test.ts' && pattern.test(text)).map((f) => f.path);
}

describe('the house', () => {
  it('registers IPC handlers in one place', () => {
    const calls = product.flatMap(({ path, text }) =>
      [...text.matchAll(/\bipcMain\s*\.\s*(handle|on)\w*\(/g)].map(() => path),
    );
    expect(calls).toEqual(['electron/registrar.ts']);
  });

  it('has no comment that silences a check', () => {
    expect(holding(all, /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/)).toEqual([]);
  });

  it('has no focused test, and none that is skipped whatever the machine has', () => {
    expect(holding(all, /\b(it|test|describe)\s*\.\s*((only|todo)\b|skip\(\s*['"`])/)).toEqual([]);
  });

  it('has no drawer for what belongs nowhere', () => {
    expect(
      all.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?|misc|common)(\/|\.)/.test(path)),
    ).toEqual([]);
  });

  it('leaves no note without a place to look', () => {
    expect(holding(all, /\b(TODO|FIXME|XXX)\b(?!.*#\d)/)).toEqual([]);
  });
});
