import { randomBytes } from 'node:crypto';
import { resolve, sep } from 'node:path';
import {
  type ImportOutcome,
  type ImportProgress,
  type ImportReport,
  importReport,
} from '../../../core/contract/import.ts';
import { VitrineError } from '../../../core/errors.ts';
import { importEvent } from '../../audit/recorder.ts';
import { startCheckChild } from '../../decode/check-child.ts';
import { warningLine } from '../../vault/import-report.ts';
import { cliError } from '../errors.ts';
import { bytesText, printable } from '../table.ts';
import { runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';

export interface ImportOptions extends VaultOptions {
  readonly sample?: boolean;
}

function progressLine(progress: ImportProgress): string {
  if (progress.phase === 'counting') return `counting files: ${progress.filesTotal ?? progress.filesDone}`;
  if (progress.phase === 'committing') return 'writing the catalogue';
  const left = progress.secondsLeft === null ? '' : `, about ${Math.ceil(progress.secondsLeft)} s left`;
  return `${progress.filesDone} of ${progress.filesTotal ?? '?'} files, ${bytesText(progress.rate)}/s${left}`;
}

/** Paths as they were given: the vault knows absolute ones. */
export function asGiven(given: readonly string[]): (path: string) => string {
  const roots = given.map((path) => ({ path, full: resolve(path) })).sort((a, b) => b.full.length - a.full.length);
  return (path) => {
    const root = roots.find(({ full }) => path === full || path.startsWith(full + sep) || path.startsWith(`${full}!`));
    return root === undefined ? path : root.path.replace(/[\\/]+$/, '') + path.slice(root.full.length);
  };
}

function withPaths(report: ImportReport, name: (path: string) => string): ImportReport {
  const renamed = <Line extends { path: string }>(lines: readonly Line[]): Line[] =>
    lines.map((line) => ({ ...line, path: name(line.path) }));
  return {
    imported: renamed(report.imported),
    known: renamed(report.known),
    conflicts: renamed(report.conflicts),
    refused: renamed(report.refused),
    warnings: renamed(report.warnings),
  };
}

function text(report: ImportReport, outcome: ImportOutcome): string {
  const { counts } = outcome;
  const lines = [
    `new ${counts.imported}  known ${counts.known}  conflicts ${counts.conflicts}  refused ${counts.refused}` +
      `  (${bytesText(outcome.bytes)} in ${outcome.seconds.toFixed(1)} s)`,
    ...report.refused.map(({ path, reason, code }) => `refused   ${printable(path)}: ${reason} [${code}]`),
    ...report.conflicts.map(({ path }) => `conflict  ${printable(path)}: same UID, other bytes; kept beside the first`),
    ...report.warnings.map(({ path, reason, code }) => `warning   ${printable(path)}: ${reason} [${code}]`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `vitrine import`: seals files, folders, ZIP archives and DICOMDIRs as one unit. Ctrl+C leaves nothing. */
export function importFiles(paths: readonly string[], options: ImportOptions): Promise<void> {
  return runCommand(options.json === true, importReport, async (terminal) => {
    if (paths.length === 0 && options.sample !== true) throw cliError('cli/no-files');
    const from = options.sample === true ? { sample: true as const } : { paths: paths.map((path) => resolve(path)) };
    const job = randomBytes(16).toString('hex');
    const progress = (now: ImportProgress): void => terminal.progress(progressLine(now));
    const { report, outcome } = await withVault(options, terminal, async (vault, { audit }) => {
      vault.pixels.begin(startCheckChild);
      const finished = await vault.import({ job, from }, { signal: terminal.signal, progress });
      audit.record(importEvent(finished.outcome));
      terminal.progress('decoding compressed images');
      for (const { path, code } of await vault.pixelDoubts(job)) finished.report.warnings.push(warningLine(path, code));
      return finished;
    });
    if (outcome.outcome === 'cancelled') throw new VitrineError('vault/cancelled', 'the import was cancelled');
    if (outcome.outcome === 'failed') throw new VitrineError(outcome.code ?? 'vault/unexpected', 'the import failed');
    const named = withPaths(report, asGiven(paths));
    return { report: named, text: text(named, outcome), exit: report.refused.length > 0 ? 1 : 0 };
  });
}
