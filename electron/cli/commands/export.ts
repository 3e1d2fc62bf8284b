import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ExportReport, exportReport } from '../../../core/contract/command-line.ts';
import { VitrineError } from '../../../core/errors.ts';
import type { StudyVault } from '../../../core/vault/types.ts';
import { cliError } from '../errors.ts';
import { bytesText } from '../table.ts';
import { runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';
import { explain } from '../words.ts';
import { allStudies } from './list.ts';
import { findStudy } from './show.ts';

export interface ExportOptions extends VaultOptions {
  readonly out: string;
  readonly all?: boolean;
}

async function chosen(vault: StudyVault, studies: readonly string[], all: boolean): Promise<string[]> {
  if (!all) return Promise.all(studies.map((start) => findStudy(vault, start)));
  const query = { text: '', modality: '', since: '', sort: 'studyDate', descending: true } as const;
  return (await allStudies(vault, query)).studies.map(({ studyId }) => studyId);
}

async function exportEach(
  vault: StudyVault,
  ids: readonly string[],
  out: string,
  terminal: Terminal,
): Promise<ExportReport> {
  const report: ExportReport = { studies: [], refused: [] };
  for (const [at, studyId] of ids.entries()) {
    if (terminal.signal.aborted) throw new VitrineError('vault/cancelled', 'the export was cancelled');
    terminal.progress(`study ${at + 1} of ${ids.length}`);
    const folder = resolve(out, studyId);
    try {
      report.studies.push({ studyId, folder, ...(await vault.exportStudy(studyId, folder)) });
    } catch (error) {
      report.refused.push({ studyId, ...explain(error) });
    }
  }
  return report;
}

function text(report: ExportReport): string {
  const lines = [
    ...report.studies.map(
      ({ folder, files, bytes }) => `${files} ${files === 1 ? 'file' : 'files'}, ${bytesText(bytes)}: ${folder}`,
    ),
    ...report.refused.map(({ studyId, reason, code }) => `refused ${studyId}: ${reason} [${code}]`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `vitrine export`: writes studies as readable DICOM files, one folder each, and says that they are readable. */
export function exportStudies(studies: readonly string[], options: ExportOptions): Promise<void> {
  return runCommand(options.json === true, exportReport, async (terminal) => {
    const all = options.all === true;
    if (studies.length === 0 && !all) throw cliError('cli/no-studies');
    terminal.note('vitrine: warning: exported files leave the vault and can be read by anyone who gets them');
    const report = await withVault(options, terminal, async (vault) => {
      const ids = await chosen(vault, studies, all);
      await mkdir(options.out, { recursive: true, mode: 0o700 });
      return exportEach(vault, ids, options.out, terminal);
    });
    return { report, text: text(report), exit: report.refused.length > 0 ? 1 : 0 };
  });
}
