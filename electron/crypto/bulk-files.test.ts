import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../core/bytes.ts';
import { type ObjectId, parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import { objectSealing, openBytes, sealedLength } from '../../core/seal/seal.ts';
import { createStudyKey, deriveObjectKey } from '../../core/seal/study-key.ts';
import { nativeTitle } from '../../test/fixtures/engines.ts';
import { type BulkFiles, chooseBulkFiles } from './bulk-files.ts';
import { chooseEngine } from './choose-engine.ts';

const files = chooseBulkFiles();
const id = (digit: string) => digit.repeat(32);
const context = {
  vaultId: parseId<VaultId>(id('1')),
  studyId: parseId<StudyId>(id('2')),
  objectId: parseId<ObjectId>(id('3')),
  kind: 'instance',
  version: 1,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(files === null)(`whole files: ${nativeTitle}`, () => {
  const bulk = files as BulkFiles;
  const engine = chooseEngine();
  const key = () => deriveObjectKey(engine, createStudyKey(engine), context);

  it.each([0, 1, 131_039, 131_040, 131_041, 500_000])('seal %i bytes as the sealer does', async (length) => {
    const plaintext = new Uint8Array(randomBytes(length));
    const path = join(folder, 'object');
    const own = key();
    const hash = await bulk.seal(own, objectSealing(context), plaintext, path);
    expect(Buffer.from(hash)).toEqual(createHash('sha256').update(plaintext).digest());
    const sealed = new Uint8Array(await readFile(path));
    expect(sealed.length).toBe(sealedLength(length));
    expect(openBytes(engine, own, context, sealed)).toEqual(plaintext);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('open what was sealed, at any place, and nothing that was touched', async () => {
    const plaintext = new Uint8Array(randomBytes(300_000));
    const path = join(folder, 'object');
    const own = key();
    const sealing = objectSealing(context);
    await bulk.seal(own, sealing, plaintext, path);
    for (const [offset, length] of [
      [0, 300_000],
      [1500, 298_500],
      [131_039, 2],
      [299_999, 1],
      [300_000, 0],
    ] as const) {
      const out = new Uint8Array(length);
      expect(await bulk.open(own, sealing, path, offset, out)).toBe(true);
      expect(Buffer.from(out).equals(plaintext.subarray(offset, offset + length))).toBe(true);
    }
    const out = new Uint8Array(10).fill(9);
    expect(await bulk.open(own, sealing, path, 299_995, out)).toBe(false);
    expect(out).toEqual(new Uint8Array(10));
    expect(await bulk.open(key(), sealing, path, 0, out)).toBe(false);
    const sealed = await readFile(path);
    sealed[200_000] = (sealed[200_000] ?? 0) ^ 1;
    await writeFile(path, sealed);
    expect(await bulk.open(own, sealing, path, 0, out)).toBe(false);
    expect(await bulk.open(own, sealing, join(folder, 'none'), 0, out)).toBe(false);
  });

  it('write over nothing, and say what the system said', async () => {
    const path = join(folder, 'there');
    await writeFile(path, 'kept');
    const plaintext = new Uint8Array(10);
    await expect(bulk.seal(key(), objectSealing(context), plaintext, path)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path, 'utf8')).toBe('kept');
    const nowhere = join(folder, 'no', 'folder');
    await expect(bulk.seal(key(), objectSealing(context), plaintext, nowhere)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('are read when they have the length that was told', async () => {
    const path = join(folder, 'name with ä');
    await writeFile(path, 'seven b');
    const out = new Uint8Array(7);
    expect(await bulk.read(path, out)).toBe(true);
    expect(out).toEqual(utf8('seven b'));
    expect(await bulk.read(path, new Uint8Array(6))).toBe(false);
    expect(await bulk.read(path, new Uint8Array(8))).toBe(false);
    await expect(bulk.read(join(folder, 'none'), out)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(bulk.read(folder, out)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
