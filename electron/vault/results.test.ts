import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { importPaths, listAll, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { FileVault } from './file-vault.ts';

let temp: TempVault;
let vault: FileVault;
let studyId = '';

beforeEach(async () => {
  temp = await TempVault.make();
  vault = await FileVault.create(temp.open);
  await importPaths(vault, [await temp.file('a.dcm', syntheticFile('mr', { seed: 'results' }))]);
  studyId = (await listAll(vault))[0]?.studyId ?? '';
});
afterEach(async () => {
  await vault.dispose();
  await temp.remove();
});

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i & 255);
const folder = (): string => join(temp.open.dir, 'studies', studyId);
const resultFiles = async (): Promise<string[]> => (await readdir(folder())).filter((name) => name.endsWith('.result'));

describe('results beside a study', () => {
  it('come back as they were, newest first, and name no patient in the clear', async () => {
    const first = await vault.results('append', { studyId, kind: 'lab.run', about: 'a cipher', bytes });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await vault.results('append', { studyId, kind: 'model.run', bytes: new Uint8Array(0) });
    expect(await vault.results('list', { studyId })).toEqual({ results: [second, first], unreadable: 0 });
    expect(first).toMatchObject({ kind: 'lab.run', about: 'a cipher', bytes: 5000 });
    expect(await vault.results('read', { studyId, resultId: first.resultId })).toEqual(bytes);
    expect(await vault.results('read', { studyId, resultId: second.resultId })).toHaveLength(0);
    const sealed = await readFile(join(folder(), `${first.resultId}.result`));
    expect(sealed.includes('vitrine-result')).toBe(false);
    expect(sealed.includes(Buffer.from(bytes.subarray(0, 32)))).toBe(false);
  });

  it('outlive a restart and a catalogue that is lost, and are counted by a verify', async () => {
    const { resultId } = await vault.results('append', { studyId, kind: 'lab.run', bytes });
    const counted = (await verifyAll(vault)).objects;
    await vault.dispose();
    for (const name of ['catalogue.db', 'catalogue.db-wal', 'catalogue.db-shm'])
      await rm(join(temp.open.dir, name), { force: true });
    const opened = await FileVault.open(temp.open);
    vault = opened.vault;
    expect(opened.recovered.catalogueRebuilt).toBe(true);
    expect(await vault.results('read', { studyId, resultId })).toEqual(bytes);
    expect(await verifyAll(vault)).toMatchObject({ objects: counted, problems: [] });
    await vault.results('remove', { studyId, resultId });
    await vault.results('remove', { studyId, resultId });
    expect(await resultFiles()).toEqual([]);
    expect((await verifyAll(vault)).objects).toBe(counted - 1);
  });

  it('are refused when they were altered, or put in another’s place', async () => {
    const a = await vault.results('append', { studyId, kind: 'lab.run', bytes });
    const b = await vault.results('append', { studyId, kind: 'lab.attack', bytes: bytes.slice().reverse() });
    const path = (id: string): string => join(folder(), `${id}.result`);
    await rename(path(b.resultId), path(a.resultId));
    expect(await vault.results('list', { studyId })).toEqual({ results: [], unreadable: 1 });
    await expect(vault.results('read', { studyId, resultId: a.resultId })).rejects.toThrow();
    expect((await verifyAll(vault)).problems).toMatchObject([{ kind: 'altered', objectId: a.resultId }]);
    const c = await vault.results('append', { studyId, kind: 'lab.run', bytes });
    const sealed = await readFile(path(c.resultId));
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await writeFile(path(c.resultId), sealed);
    await expect(vault.results('read', { studyId, resultId: c.resultId })).rejects.toThrow();
  });

  it('belong to a study that is there, under a kind that is one', async () => {
    const other = 'ab'.repeat(16);
    await expect(vault.results('list', { studyId: other })).rejects.toMatchObject({ code: 'vault/no-such-study' });
    await expect(vault.results('append', { studyId: other, kind: 'lab.run', bytes })).rejects.toThrow();
    await expect(vault.results('append', { studyId, kind: '../lab', bytes })).rejects.toMatchObject({
      code: 'vault/bad-request',
    });
    await expect(vault.results('read', { studyId, resultId: other })).rejects.toMatchObject({
      code: 'vault/object-missing',
    });
    expect(await resultFiles()).toEqual([]);
  });
});
