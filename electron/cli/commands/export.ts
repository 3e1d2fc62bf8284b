import { resolve } from 'node:path';
import { type ExportReport, exportReport } from '../../../core/contract/command-line.ts';
import { VitrineError } from '../../../core/errors.ts';
import type { StudyVault } from '../../../core/vault/types.ts';
import { makeFolder } from '../../durable-file.ts';
import { systemCode } from '../../vault/failure.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { cliError } from '../errors.ts';
import { withStudy } from '../glass.ts';
import { bytesText } from '../table.ts';
import { runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, type VaultUse, withVault } from '../vault.ts';
import { explain } from '../words.ts';
import { allStudies } from './list.ts';
import { findStudy } from './show.ts';

export interface ExportOptions extends VaultOptions {
  readonly out: string;
  readonly all?: boolean;
  /** Reason for opening studies that the account's keys don't. */
  readonly breakGlass?: string;
}

async function chosen(vault: StudyVault, studies: readonly string[], all: boolean): Promise<string[]> {
  if (!all) return Promise.all(studies.map((start) => findStudy(vault, start)));
  const query = { text: '', modality: '', since: '', sort: 'studyDate', descending: true } as const;
  return (await allStudies(vault, query)).studies.map(({ studyId }) => studyId);
}

async function exportEach(
  vault: FileVault,
  ids: readonly string[],
  { out, breakGlass }: ExportOptions,
  { terminal, use }: { terminal: Terminal; use: VaultUse },
): Promise<ExportReport> {
  const report: ExportReport = { studies: [], refused: [] };
  const { audit } = use;
  for (const [at, studyId] of ids.entries()) {
    if (terminal.signal.aborted) throw new VitrineError('vault/cancelled', 'the export was cancelled');
    terminal.progress(`study ${at + 1} of ${ids.length}`);
    const folder = resolve(out, studyId);
    try {
      const asked = { studyId, reason: breakGlass ?? null };
      const { files, bytes, refused } = await withStudy(vault, use, asked, () => vault.exportStudy(studyId, folder));
      report.studies.push({ studyId, folder, files, bytes });
      for (const { objectId, sopInstanceUid, code } of refused) {
        const failure = explain(new VitrineError(code, 'the object was not written'));
        report.refused.push({ studyId, objectId, sopInstanceUid, ...failure });
      }
      // Files that were written have left the vault, whatever became of the others.
      if (files > 0) audit.record({ kind: 'exported', studyIds: [studyId], code: null });
      const [first] = refused;
      if (first !== undefined) audit.record({ kind: 'exported', studyIds: [studyId], code: first.code });
    } catch (error) {
      const failure = explain(error);
      report.refused.push({ studyId, objectId: null, sopInstanceUid: null, ...failure });
      audit.record({ kind: 'exported', studyIds: [studyId], code: failure.code });
    }
  }
  return report;
}

async function makeOut(out: string): Promise<void> {
  await makeFolder(resolve(out)).catch((error: unknown) => {
    throw systemCode(error) === 'ENOSPC' ? error : cliError('cli/no-folder', error);
  });
}

function text(report: ExportReport): string {
  const lines = [
    ...report.studies.map(
      ({ folder, files, bytes }) => `${files} ${files === 1 ? 'file' : 'files'}, ${bytesText(bytes)}: ${folder}`,
    ),
    ...report.refused.map(
      ({ studyId, sopInstanceUid, reason, code }) =>
        `refused ${sopInstanceUid === null ? '' : `image ${sopInstanceUid} of `}${studyId}: ${reason} [${code}]`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** `vitrine export`: writes studies as readable DICOM files, one folder each, and says that they are readable. */
export function exportStudies(studies: readonly string[], options: ExportOptions): Promise<void> {
  return runCommand(options.json === true, exportReport, async (terminal) => {
    const all = options.all === true;
    if (studies.length === 0 && !all) throw cliError('cli/no-studies');
    terminal.note('vitrine: warning: exported files leave the vault and can be read by anyone who gets them');
    const report = await withVault(options, terminal, async (vault, use) => {
      const ids = await chosen(vault, studies, all);
      await makeOut(options.out);
      return exportEach(vault, ids, options, { terminal, use });
    });
    return { report, text: text(report), exit: report.refused.length > 0 ? 1 : 0 };
  });
}
