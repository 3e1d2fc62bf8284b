import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { importPaths, listAll, TempVault } from '../../test/fixtures/temp-vault.ts';
import { startCheckChild } from '../decode/check-child.ts';
import type { CheckChannel } from '../decode/frame-checker.ts';
import { FileVault } from './file-vault.ts';

/** Three RLE frames. Import looks at the first; the last says that it has seven byte planes. */
function damagedInTheLastFrame(): Uint8Array {
  const file = Buffer.from(syntheticFile('rle'));
  const last = file.lastIndexOf(Buffer.from('feff00e0', 'hex'));
  file[last + 8] = 7;
  return file;
}

async function warningsOf(vault: FileVault): Promise<string[]> {
  const [study] = await listAll(vault);
  const { series } = await vault.details(study?.studyId ?? '');
  return series.flatMap(({ instances }) => instances.flatMap(({ warnings }) => warnings));
}

const deadOnArrival = (): CheckChannel => ({
  postMessage: () => undefined,
  listen: (heard) => queueMicrotask(() => heard(null)),
  kill: () => undefined,
});

describe('pixels that were imported', () => {
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

  it('are decoded after the commit, every frame, and what fails is a warning of import and image', async () => {
    vault.pixels.begin(startCheckChild);
    const path = await temp.file('a.dcm', damagedInTheLastFrame());
    const sound = await temp.file('b.dcm', syntheticFile('rle', { seed: 'sound' }));
    const { report } = await importPaths(vault, [path, sound]);
    expect(report.warnings).toEqual([]);
    expect(await vault.pixelDoubts('test')).toEqual([{ path, name: 'a.dcm', code: 'dicom/stream-damaged' }]);
    expect(await vault.pixelDoubts('test')).toEqual([]);
    const warnings = await Promise.all(
      (await listAll(vault)).map(async ({ studyId }) =>
        (await vault.details(studyId)).series.flatMap(({ instances }) => instances.flatMap((one) => one.warnings)),
      ),
    );
    expect(warnings.flat()).toEqual(['dicom/stream-damaged']);
  });

  it('are warned of once where the import saw the damage already', async () => {
    vault.pixels.begin(startCheckChild);
    const file = Buffer.from(syntheticFile('rle'));
    const tag = Buffer.from('feff00e0', 'hex');
    const table = file.indexOf(tag, file.lastIndexOf(Buffer.from('e07f1000', 'hex')));
    // The first run of the first frame is of another length than it was: the plane ends before its last pixel.
    file[file.indexOf(tag, table + 1) + 8 + 64] = 100;
    const { report } = await importPaths(vault, [await temp.file('a.dcm', file)]);
    expect(report.warnings.map(({ code }) => code)).toEqual(['dicom/stream-damaged']);
    expect(await vault.pixelDoubts('test')).toEqual([]);
    expect(await warningsOf(vault)).toEqual(['dicom/stream-damaged']);
  });

  it('wait in the catalogue for somebody who decodes', async () => {
    await importPaths(vault, [await temp.file('a.dcm', damagedInTheLastFrame())]);
    expect(await vault.pixelDoubts('test')).toEqual([]);
    await vault.dispose();
    vault = (await FileVault.open(temp.open)).vault;
    expect(await warningsOf(vault)).toEqual([]);
    vault.pixels.begin(startCheckChild, 0);
    await expect.poll(() => warningsOf(vault), { timeout: 20_000 }).toEqual(['dicom/stream-damaged']);
  });

  it('are called nothing where no process starts', async () => {
    vault.pixels.begin(deadOnArrival);
    await importPaths(vault, [await temp.file('a.dcm', damagedInTheLastFrame())]);
    expect(await vault.pixelDoubts('test')).toEqual([]);
    expect(await warningsOf(vault)).toEqual([]);
  });
});
