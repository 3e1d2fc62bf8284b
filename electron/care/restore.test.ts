import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { discardRestore } from './restore.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-discard-'));
  await mkdir(join(folder, 'studies', 'one'), { recursive: true });
  await writeFile(join(folder, 'studies', 'one', 'a.object'), 'sealed');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('what a cancelled restore wrote goes, mark and all', async () => {
  await writeFile(join(folder, 'restoring'), '');
  await discardRestore(folder);
  expect(await readdir(folder)).toEqual([]);
});

it('a folder without the mark of a restore is left alone', async () => {
  await discardRestore(folder);
  expect(await readdir(folder)).toEqual(['studies']);
});

it('a vault is left alone, whatever mark lies in it', async () => {
  await writeFile(join(folder, 'restoring'), '');
  await writeFile(join(folder, 'vault.json'), '{}');
  await discardRestore(folder);
  expect((await readdir(folder)).sort()).toEqual(['restoring', 'studies', 'vault.json']);
});

it('a folder that is not there stays so', async () => {
  await discardRestore(join(folder, 'none'));
  expect(await readdir(folder)).toEqual(['studies']);
});
