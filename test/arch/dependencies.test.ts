import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const table = createRequire(import.meta.url)('../../build/import-table.cjs') as {
  PACKAGES: Record<string, readonly string[]>;
};
const manifest: Record<'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
  await readFile(join(ROOT, 'package.json'), 'utf8'),
);

describe('dependencies', () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };

  it('each have a row that says which folders may use them', () => {
    expect(Object.keys(all).filter((name) => !(name in table.PACKAGES))).toEqual([]);
  });

  it('each row is a dependency', () => {
    expect(Object.keys(table.PACKAGES).filter((name) => !(name in all))).toEqual([]);
  });

  it('a package of the product has a folder that may use it', () => {
    expect(Object.keys(manifest.dependencies).filter((name) => table.PACKAGES[name]?.length === 0)).toEqual([]);
  });

  it('are pinned to one version', () => {
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are installed without running their scripts', async () => {
    expect(await readFile(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });
});
