import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../core/contract/import.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { importPaths, listAll, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { startCheckChild } from '../decode/check-child.ts';
import { FileVault } from './file-vault.ts';
import { warningLine } from './import-report.ts';

const folder = sharedData('dicom/broken');

/** Rows of expected.csv: file and what a correct program does. The last column may be quoted. */
async function expectations(): Promise<Map<string, string>> {
  const text = await readFile(join(folder ?? '', 'made/expected.csv'), 'utf8');
  const rows = text.trim().split(/\r?\n/).slice(1);
  return new Map(
    rows.map((row) => {
      const fields = row.match(/("[^"]*"|[^,]*)(?:,|$)/g) ?? [];
      const clean = fields.map((field) => field.replace(/,$/, '').replaceAll('"', ''));
      return [clean[0] as string, clean[3] as string];
    }),
  );
}

describe.skipIf(folder === null)('every broken file', () => {
  let temp: TempVault;
  let vault: FileVault;
  const reports = new Map<string, ImportReport>();

  beforeAll(async () => {
    temp = await TempVault.make();
    vault = await FileVault.create(temp.open);
    vault.pixels.begin(startCheckChild);
    for (const file of (await expectations()).keys()) {
      const path = join(folder ?? '', 'made', file);
      const { report } = await importPaths(vault, [path], { job: file });
      const doubts = await vault.pixelDoubts(file);
      report.warnings.push(...doubts.map(({ code }) => warningLine(path, code)));
      reports.set(basename(path), report);
    }
  }, 120_000);

  afterAll(async () => {
    await vault.dispose();
    await temp.remove();
  });

  it('ends as expected.csv says', async () => {
    const wrong: string[] = [];
    for (const [file, expected] of await expectations()) {
      const report = reports.get(file);
      if (report === undefined) throw new Error('no report');
      const taken = report.imported.length + report.known.length + report.conflicts.length;
      const refused = report.refused.length > 0;
      const warned = report.warnings.length > 0;
      const seen = refused || warned || report.known.length > 0;
      const ok =
        (expected.startsWith('reject') && refused && taken === 0) ||
        (expected === 'open with a visible warning, or reject' && seen) ||
        (/^open(;| normally| as DICOM)/.test(expected) && taken === 1 && !refused) ||
        expected === 'no crash, no hang' ||
        (expected.startsWith('import the image') && taken === 1 && refused) ||
        (expected.startsWith('refuse at a limit') && refused && taken === 0);
      if (!ok) wrong.push(`${file}: ${expected} -> ${JSON.stringify(report)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('says in words what it warns of', () => {
    const reasons = [...reports.values()].flatMap(({ warnings }) => warnings.map(({ reason }) => reason));
    expect(reasons).toContain('no usable pixel spacing: nothing is measured in millimetres');
    expect(reasons.filter((reason) => !reason.includes(' '))).toEqual([]);
  });

  it('finds by decoding what the streams alone do not show', () => {
    const codes = (file: string) => reports.get(file)?.warnings.map(({ code }) => code);
    expect(codes('stream-bitflips-jls.dcm')).toEqual(['dicom/stream-damaged']);
    expect(codes('stream-bitflips-j2k.dcm')).toEqual(['dicom/pixels-doubtful']);
  });

  it('finds nothing in sound streams of the same codecs', async () => {
    const job = 'sound';
    const paths = ['nema-wg04', 'one-ct-all-syntaxes'].map((name) => join(folder ?? '', '../syntaxes', name));
    await importPaths(vault, paths, { job });
    expect(await vault.pixelDoubts(job)).toEqual([]);
  }, 120_000);

  it('leaves a vault that verifies, with hostile text as text and safe names on export', async () => {
    expect((await verifyAll(vault)).problems).toEqual([]);
    const rows = await listAll(vault);
    for (const { studyId } of rows) {
      const out = join(temp.root, 'out', studyId);
      await vault.exportStudy(studyId, out);
    }
    const { report } = await importPaths(vault, [join(temp.root, 'out')]);
    expect(report.conflicts.length + report.known.length + report.imported.length).toBeGreaterThan(0);
    expect(report.refused).toEqual([]);
  }, 60_000);

  it('takes the odd files found in the wild without a crash', async () => {
    const { outcome } = await importPaths(vault, [folder ?? '']);
    expect(outcome.outcome).toBe('done');
  }, 60_000);
});
