import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SYSTEMS } from '../core/systems/registry.ts';
import { EVIDENCE, evidence } from './evidence.ts';
import { ROOT } from './provision/cache.ts';

describe('EVIDENCE.md', () => {
  it('is what a run prints: after a change, `npx tsx build/evidence.ts` writes it again', async () => {
    expect(await evidence()).toBe(await readFile(EVIDENCE, 'utf8'));
  }, 60_000);
});

describe('the registry', () => {
  it('has every system that has a file', async () => {
    const files = (await readdir(join(ROOT, 'core'), { recursive: true })).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    );
    const texts = await Promise.all(files.map((name) => readFile(join(ROOT, 'core', name), 'utf8')));
    const declared = texts.flatMap((text) => [...text.matchAll(/^export const \w+: (Scheme|Published\w+) = \{$/gm)]);
    expect(declared).toHaveLength(SYSTEMS.length);
  });

  it('names each system once, by reference number behind the comparison line', () => {
    expect(new Set(SYSTEMS.map(({ id }) => id)).size).toBe(SYSTEMS.length);
    const references = SYSTEMS.map(({ reference }) => reference ?? 0);
    expect(references).toEqual(references.toSorted((a, b) => a - b));
  });
});
