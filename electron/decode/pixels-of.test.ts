import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { memoryReader, pixelsOf } from './pixels-of.ts';

interface Row {
  file: string;
  dtype: string;
  sha256: string;
}

/** Rows of the manifest whose pixels were decoded by others. */
function decodedRows(manifest: string | null): Row[] {
  if (!manifest) return [];
  const [head, ...lines] = readFileSync(manifest, 'utf8').trim().split('\n');
  const columns = (head ?? '').trim().split(',');
  const at = (name: string): number => columns.indexOf(name);
  return lines
    .map((line) => line.split(','))
    .map((cells) => ({
      file: cells[at('file')] ?? '',
      dtype: cells[at('decoded_dtype')] ?? '',
      sha256: cells[at('decoded_sha256_little_endian')] ?? '',
    }))
    .filter((row) => row.sha256 !== '');
}

const folder = sharedData('dicom');
const rows = decodedRows(sharedData('dicom/manifest.csv'));
const NUMPY: Record<string, string> = { '>i2': 'int16', '>u2': 'uint16', '>u4': 'uint32' };

/**
 * 8-bit samples in big-endian words lie in swapped pairs (PS3.5 8.1.1). The manifest's value of this file was made
 * without putting them right and takes the padding byte for a sample; the little-endian twin has the true value.
 */
const TWINS: Record<string, string> = { 'objects/SC_rgb_small_odd_big_endian.dcm': 'objects/SC_rgb_small_odd.dcm' };

describe.skipIf(!folder)('stored pixel values equal those that GDCM and pydicom decode', () => {
  const unusual = rows.filter((row) => !row.file.startsWith('series/'));
  it.each(unusual)('$file', async ({ file, dtype, sha256 }) => {
    const report = await pixelsOf(memoryReader(new Uint8Array(readFileSync(join(folder ?? '', file)))));
    const twin = rows.find((row) => row.file === TWINS[file]);
    expect(report.sha256).toBe(twin?.sha256 ?? sha256);
    expect(report.type).toBe(NUMPY[dtype] ?? dtype);
  });

  it('every tenth slice of the chest CT', async () => {
    const slices = rows.filter((row) => row.file.startsWith('series/')).filter((_, number) => number % 10 === 0);
    for (const { file, sha256 } of slices) {
      const report = await pixelsOf(memoryReader(new Uint8Array(readFileSync(join(folder ?? '', file)))));
      expect(report.sha256).toBe(sha256);
    }
  });
});
