import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCHEMES } from '../core/schemes/registry.ts';
import { EVIDENCE, evidence } from './evidence.ts';
import { ROOT } from './provision/cache.ts';

describe('EVIDENCE.md', () => {
  it('is what a run prints: after a change, `npx tsx build/evidence.ts` writes it again', async () => {
    expect(await evidence()).toBe(await readFile(EVIDENCE, 'utf8'));
  }, 60_000);
});

describe('the registry', () => {
  it('has every system that has a file', async () => {
    const folder = join(ROOT, 'core', 'schemes');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    const declared = texts.flatMap((text) => [...text.matchAll(/^export const \w+: Scheme = \{$/gm)]);
    expect(declared).toHaveLength(SCHEMES.length);
  });
});
