import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { importPaths, listAll, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { FileVault } from './file-vault.ts';

let temp: TempVault;
let vault: FileVault;

beforeEach(async () => {
  temp = await TempVault.make();
  vault = await FileVault.create(temp.open);
});

afterEach(async () => {
  await vault.dispose();
  await temp.remove();
});

describe('files of another patient', () => {
  const warningsOf = async (name: string, bytes: Uint8Array) =>
    (await importPaths(vault, [await temp.file(name, bytes)])).report.warnings.map(({ code }) => code);

  it('are taken into the study that they name, with a warning', async () => {
    const first = { seed: 'one', patientName: 'DOE^JANE', patientId: '1' };
    expect(await warningsOf('a.dcm', syntheticFile('mr', first))).toEqual([]);
    expect(await warningsOf('b.dcm', syntheticFile('cr', { ...first, patientName: 'Doe^Jane^^' }))).toEqual([]);
    expect(await warningsOf('c.dcm', syntheticFile('us-rgb', { ...first, patientId: '' }))).toEqual([]);
    expect(await warningsOf('d.dcm', syntheticFile('rle', { ...first, patientId: '2' }))).toEqual([
      'vault/other-patient',
    ]);
    expect(await warningsOf('e.dcm', syntheticFile('sr', { ...first, patientName: 'ROE^JANE' }))).toEqual([
      'vault/other-patient',
    ]);
    expect((await listAll(vault))[0]).toMatchObject({ patientName: 'DOE^JANE', instanceCount: 5 });
  });

  it('are told in the import that brings both', async () => {
    const folder = join(temp.root, 'mixed');
    await mkdir(folder);
    await writeFile(join(folder, '1.dcm'), syntheticFile('mr', { patientId: '1' }));
    await writeFile(join(folder, '2.dcm'), syntheticFile('cr', { patientId: '2' }));
    const { outcome } = await importPaths(vault, [folder]);
    expect(outcome.warnings.map(({ code }) => code)).toEqual(['vault/other-patient']);
    expect(outcome.counts.imported).toBe(2);
  });
});

describe('a file of any size', () => {
  it('opens for one that is read whole and one that is streamed', async () => {
    const folder = join(temp.root, 'sizes');
    await mkdir(folder);
    const sizes: number[] = [];
    for (const matrix of [32, 720, 768]) {
      for (const { bytes } of phantomStudy({ slices: 1, matrix, seed: `size-${matrix}` })) {
        sizes.push(bytes.length);
        await writeFile(join(folder, `${matrix}.dcm`), bytes);
      }
    }
    expect(sizes.filter((size) => size > 1024 * 1024)).toHaveLength(1);
    expect((await importPaths(vault, [folder])).outcome.counts.imported).toBe(3);
    expect((await verifyAll(vault)).problems).toEqual([]);
  });
});
