import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '../contract/operations.ts';
import { SCHEMES } from '../systems/registry.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The only product files outside this room that may know a scheme: they show it, and write nothing of it. */
const SHOWING =
  /^(core\/systems\/registry\.ts$|electron\/(laboratory\/|infer\/source-image\.ts$|cli\/(commands\/lab|lab-text)\.ts$|decode\/(jpeg-codec|png)\.ts$))/;

async function sources(rooms: readonly string[]): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for (const room of rooms)
    for (const entry of await readdir(join(ROOT, room), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/');
      if (!entry.isFile() || !/(?<!\.test)\.tsx?$/.test(path) || path.startsWith('core/schemes/')) continue;
      found.push({ path, text: await readFile(join(ROOT, path), 'utf8') });
    }
  return found;
}

describe('a study stays in its envelope', () => {
  it('nothing that imports, seals, stores or exports a study knows a scheme', async () => {
    const knowing = (await sources(['core', 'electron', 'renderer', 'native'])).filter(({ text }) =>
      // A code for a picture that can't be read is no scheme.
      /\b(schemes|systems)\/(?!errors\.ts)[\w-]+\.ts'/.test(text),
    );
    expect(knowing.map(({ path }) => path).filter((path) => !SHOWING.test(path))).toEqual([]);
    expect(knowing.length).toBeGreaterThan(0);
  });

  it('what shows a scheme writes no file', async () => {
    const showing = (await sources(['electron'])).filter(({ path }) => SHOWING.test(path));
    expect(showing.filter(({ text }) => /writeFile|createWriteStream|appendFile|open\([^)]*'[wa]/.test(text))).toEqual(
      [],
    );
  });

  it('only the Laboratory’s own operations take a system or its parameters', () => {
    for (const [name, { request }] of Object.entries(operations)) {
      if (/^(lab|model|private)\./.test(name)) continue;
      const shape = JSON.stringify(z.toJSONSchema(request, { unrepresentable: 'any' }));
      expect(shape, name).not.toMatch(/"(systems?|parameters)":/);
    }
  });

  it('no operation between page and main names a scheme or takes a way to protect', () => {
    for (const [name, { request }] of Object.entries(operations)) {
      const shape = JSON.stringify(z.toJSONSchema(request, { unrepresentable: 'any' }));
      for (const { id } of SCHEMES) expect(shape.includes(id), `${name} names ${id}`).toBe(false);
      expect(shape).not.toMatch(/"(scheme|cipher|algorithm|protection)"/i);
    }
  });
});
