import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { expandSources } from './expand.ts';
import type { ImportSource, RefusedSource, SourceLimits } from './types.ts';

async function list(
  paths: string[],
  limits: Partial<SourceLimits> = {},
): Promise<{ sources: ImportSource[]; refused: RefusedSource[] }> {
  const sources: ImportSource[] = [];
  const refused: RefusedSource[] = [];
  for await (const item of expandSources(paths, limits)) {
    if ('refused' in item) refused.push(item);
    else sources.push(item);
  }
  return { sources, refused };
}

async function readAll(source: ImportSource): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function tempFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vitrine-sources-'));
}

describe('expandSources', () => {
  it('walks folders in a fixed order, passes over links, clutter and a DICOMDIR', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'series'));
    for (const name of ['IM10', 'IM2', '.DS_Store', 'DICOMDIR']) await writeFile(join(folder, 'series', name), name);
    await writeFile(join(folder, 'a.dcm'), 'bytes');
    await symlink('/etc', join(folder, 'link'));
    const { sources, refused } = await list([folder]);
    expect(sources.map((source) => source.name)).toEqual(['a.dcm', 'IM2', 'IM10']);
    expect(refused).toEqual([]);
    expect((await readAll(sources[0] as ImportSource)).toString()).toBe('bytes');
    expect(Buffer.from(await (sources[0] as ImportSource).readPrefix(3)).toString()).toBe('byt');
  });

  it('names what is missing and notices a file that changed', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'x.dcm');
    await writeFile(path, 'before');
    const { sources, refused } = await list([path, join(folder, 'gone.dcm')]);
    expect(refused).toEqual([{ path: join(folder, 'gone.dcm'), refused: 'source/missing' }]);
    await writeFile(path, 'afterwards');
    await expect(readAll(sources[0] as ImportSource)).rejects.toMatchObject({ code: 'source/changed' });
  });

  it('stops at the number of files it may take', async () => {
    const folder = await tempFolder();
    for (const name of ['1', '2', '3']) await writeFile(join(folder, name), name);
    const { sources, refused } = await list([folder], { maxFiles: 2 });
    expect(sources).toHaveLength(2);
    expect(refused.map((item) => item.refused)).toEqual(['source/too-many']);
  });

  it('reports a damaged archive', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'damaged.zip');
    await writeFile(path, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200)]));
    expect((await list([path])).refused).toEqual([{ path, refused: 'source/archive-damaged' }]);
  });
});

const made = sharedData('dicom/broken/made');
const zipped = sharedData('dicom/series/mr-t1-defaced-384-slices.zip');
const fileSets = sharedData('dicom/dicomdir');

describe.skipIf(!made)('archives of the shared data', () => {
  it('takes the image of zip-slip and refuses the entry that points outside', async () => {
    const { sources, refused } = await list([join(made ?? '', 'zip-slip.zip')]);
    expect(sources.map((source) => source.name)).toEqual(['MR.dcm']);
    expect((await readAll(sources[0] as ImportSource)).length).toBe(9830);
    expect(refused.map((item) => item.refused)).toEqual(['source/unsafe-path']);
  });

  it('refuses the bomb by its ratio, before a byte is inflated', async () => {
    const { sources, refused } = await list([join(made ?? '', 'zip-bomb.zip')]);
    expect(sources).toEqual([]);
    expect(refused.map((item) => item.refused)).toContain('source/archive-limit');
  });

  it('takes a DICOM file with "PK" in its preamble as a file', async () => {
    const { sources } = await list([join(made ?? '', 'preamble-pk.dcm')]);
    expect(sources.map((source) => source.name)).toEqual(['preamble-pk.dcm']);
  });
});

describe.skipIf(!zipped)('a whole series in one archive', () => {
  it('offers its 384 slices, in any order, any number of times', async () => {
    const { sources, refused } = await list([zipped ?? '']);
    expect(refused).toEqual([]);
    expect(sources).toHaveLength(384);
    const last = sources.at(-1) as ImportSource;
    const bytes = await readAll(last);
    expect(bytes.length).toBe(last.size);
    expect(Buffer.from(await last.readPrefix(1000)).equals(bytes.subarray(0, 1000))).toBe(true);
  });
});

describe.skipIf(!fileSets)('DICOMDIR', () => {
  it('imports the files that it names', async () => {
    const { sources, refused } = await list([join(fileSets ?? '', 'DICOMDIR')]);
    expect(sources).toHaveLength(31);
    expect(refused).toEqual([]);
  });

  it.each(['bigEnd', 'implicit', 'reordered', 'nopatient'])('reads the odd one: %s', async (kind) => {
    const { sources } = await list([join(fileSets ?? '', `DICOMDIR-${kind}`)]);
    expect(sources.length).toBeGreaterThan(0);
  });

  it('names the files of a file set that lies elsewhere', async () => {
    const { sources, refused } = await list([join(fileSets ?? '', 'TINY_ALPHA', 'DICOMDIR')]);
    expect(sources.length + refused.length).toBeGreaterThan(40);
    expect(refused.every((item) => item.refused === 'source/missing')).toBe(true);
  });
});
