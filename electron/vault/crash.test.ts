import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { importPaths, listAll, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { FileVault } from './file-vault.ts';

const CHILD = fileURLToPath(new URL('../../test/fixtures/vault-child.ts', import.meta.url));
const SLICES = 60;

let temp: TempVault;

beforeEach(async () => {
  temp = await TempVault.make();
  await (await FileVault.create(temp.open)).dispose();
});

afterEach(() => temp.remove());

async function phantom(seed: string): Promise<string> {
  const folder = join(temp.root, seed);
  await mkdir(folder);
  for (const { name, bytes } of phantomStudy({ slices: SLICES, matrix: 64, seed }))
    await writeFile(join(folder, name), bytes);
  return folder;
}

function startChild(folders: readonly string[]): ChildProcess {
  const { dir, vaultId, catalogueKey, wrappingKey } = temp.open;
  const hex = (key: Uint8Array) => Buffer.from(key).toString('hex');
  const open = { dir, vaultId, catalogueKey: hex(catalogueKey), wrappingKey: hex(wrappingKey) };
  return spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify({ open, folders })], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Kills the child with SIGKILL so many milliseconds after the first line that `at` accepts; answers what it said. */
async function killAt(child: ChildProcess, at: (line: string) => boolean, delay = 0): Promise<string[]> {
  const said: string[] = [];
  const ended = new Promise((resolve) => child.once('close', resolve));
  let planned = false;
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    said.push(line);
    if (planned || !at(line)) continue;
    planned = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  }
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

describe('kill -9', { timeout: 60_000 }, () => {
  it.each([0, 30, 80, 200])(
    '%i ms into an import: the study before it is whole, nothing half is seen',
    async (delay) => {
      const [first, second] = [await phantom('first'), await phantom('second')];
      await killAt(startChild([first, second]), (line) => line === `imported ${first}`, delay);
      const { vault, recovered } = await FileVault.open(temp.open);
      const rows = await listAll(vault);
      // The commit may have been done just before the kill: then the study is whole.
      expect(rows.every((row) => row.instanceCount === SLICES)).toBe(true);
      if (recovered.importsUndone === 1) expect(rows.length).toBe(1);
      expect((await verifyAll(vault)).problems).toEqual([]);
      expect((await readdir(join(temp.open.dir, 'studies'))).length).toBe(rows.length);
      expect((await importPaths(vault, [second])).outcome.outcome).toBe('done');
      expect((await listAll(vault)).length).toBe(2);
      expect((await verifyAll(vault)).problems).toEqual([]);
      await vault.dispose();
    },
  );

  it('between marks: every mark that was said to be saved is there', async () => {
    const said = await killAt(startChild([await phantom('drawn')]), (line) => line === 'saved 25');
    const saved = said.filter((line) => line.startsWith('saved')).length;
    const { vault } = await FileVault.open(temp.open);
    const [study] = await listAll(vault);
    const { annotations, unreadable } = await vault.annotations(study?.studyId ?? '');
    expect(unreadable).toBe(0);
    expect(annotations.length).toBeGreaterThanOrEqual(saved);
    expect(annotations[0]?.label).toBe('mark 1');
    expect((await verifyAll(vault)).problems).toEqual([]);
    await vault.dispose();
  });
});

describe('a second process', { timeout: 60_000 }, () => {
  it('is refused while the first lives, and let in as soon as it is dead', async () => {
    const child = startChild([await phantom('held')]);
    await killAt(child, (line) => {
      if (line !== 'saved 1') return false;
      expect(child.exitCode).toBeNull();
      return true;
    });
    const { vault } = await FileVault.open(temp.open);
    const blocked = startChild([]);
    const code = await new Promise((resolve) => blocked.once('close', resolve));
    expect(code).not.toBe(0);
    await vault.dispose();
  });
});
