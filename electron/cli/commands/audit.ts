import { open, readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { auditError } from '../../../core/audit/errors.ts';
import type { AuditReport } from '../../../core/audit/verify.ts';
import { allKnown, checkpointsIn, defaultProfile } from '../../audit/known-checkpoints.ts';
import {
  type AuditExport,
  type AuditListReport,
  type AuditProofReport,
  type AuditVerifyReport,
  auditExport,
  auditListReport,
  auditProofReport,
  auditVerifyReport,
  exportLog,
  listEntries,
  proveEntry,
  verifyExport,
} from '../../audit/reports.ts';
import { type Column, table } from '../table.ts';
import { type Outcome, runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';

interface VerifyOptions extends VaultOptions {
  readonly checkpoint: readonly string[];
  readonly from?: string;
  readonly key?: string;
}

const KINDS: Readonly<Record<AuditVerifyReport['problems'][number]['kind'], string>> = {
  missing: 'entries are gone from the middle',
  altered: 'entries were altered, cut or exchanged on disk',
  order: 'entries do not follow those before them',
  root: 'entries do not fit their signed checkpoint',
  signature: 'a checkpoint was not signed by this log',
  message: 'an entry is no audit message',
  cut: 'the log is shorter than a checkpoint that is known: its end was cut off, or all of it rolled back',
  forked: 'the log’s beginning is not what a known checkpoint says: it was rolled back and written anew',
  foreign: 'a checkpoint that was given was not signed by this log',
};

function verifyText({ entries, known, problems, checkpoint }: AuditVerifyReport): string {
  const isCut = problems.some(({ kind }) => kind === 'cut');
  const unknown = isCut
    ? 'held against what this computer remembers of the vault'
    : 'no checkpoint from elsewhere was at hand, so a missing end may not show';
  const against =
    known === 0 ? unknown : `held against ${known} ${known === 1 ? 'checkpoint' : 'checkpoints'} from elsewhere`;
  const verdict = problems.length === 0 ? 'all intact' : `${problems.length} with problems`;
  const lines = problems.map(({ kind, batch, entry }) => {
    const place = [batch === null ? '' : ` batch ${batch}`, entry === null ? '' : ` entry ${entry}`].join('');
    return `${kind}${place}: ${KINDS[kind]}`;
  });
  return `${[`${entries} entries: ${verdict}; ${against}`, ...lines, '', checkpoint ?? ''].join('\n')}\n`;
}

/** Checkpoints of --checkpoint and, where it can be read, of the application's profile on this computer. */
async function knownFor(vaultId: string | null, files: readonly string[]): Promise<string[]> {
  const given = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const kept = vaultId === null ? [] : await allKnown(checkpointsIn(defaultProfile()), vaultId);
  return [...given, ...kept];
}

/** What is remembered of the vault as a whole (electron/care/rollback.ts) shows a cut end where no checkpoint was kept. */
function withMemory(report: AuditReport, logged: number): AuditReport {
  const isKnown = report.problems.some(({ kind }) => kind === 'cut');
  if (isKnown || logged <= report.entries) return report;
  return { ...report, problems: [...report.problems, { kind: 'cut', batch: null, entry: logged }] };
}

function verify(options: VerifyOptions): Promise<void> {
  return runCommand(options.json === true, auditVerifyReport, async (terminal): Promise<Outcome<AuditVerifyReport>> => {
    const { from, key, checkpoint } = options;
    const report =
      from === undefined
        ? await withVault(
            options,
            terminal,
            async (_vault, { header, audit, guard }) =>
              withMemory(await audit.verify(await knownFor(header.vaultId, checkpoint)), guard.logged),
            false,
          )
        : verifyExport(await readFile(from, 'utf8'), key ?? null, await knownFor(null, checkpoint));
    if (from !== undefined && key === undefined)
      terminal.note('vitrine: warning: without --key the file’s own key is trusted');
    const checked = { ...report, problems: [...report.problems] };
    return { report: checked, text: verifyText(checked), exit: checked.problems.length > 0 ? 1 : 0 };
  });
}

type Entry = AuditListReport['entries'][number];

function eventText({ message: { EventIdentification: event } }: Entry): string {
  return [event.EventID, ...event.EventTypeCode].map(({ originalText }) => originalText).join(', ');
}

const COLUMNS: readonly Column<Entry>[] = [
  { title: 'ENTRY', value: ({ index }) => String(index), align: 'right' },
  { title: 'TIME', value: ({ message }) => message.EventIdentification.EventDateTime },
  { title: 'USER', value: ({ message }) => message.ActiveParticipant[0]?.UserID ?? '', width: 24 },
  { title: 'EVENT', value: eventText },
  {
    title: 'ABOUT',
    value: ({ message }) =>
      message.ParticipantObjectIdentification.map(({ ParticipantObjectID }) => ParticipantObjectID).join(' '),
    width: 40,
  },
  { title: 'FAILED', value: ({ message }) => message.EventIdentification.EventOutcomeDescription ?? '' },
];

function listText(report: AuditListReport): string {
  const gone = report.unreadable === 0 ? '' : `${report.unreadable} batches do not open; see "vitrine audit verify"\n`;
  return `${table(COLUMNS, report.entries)}${gone}`;
}

function list(options: VaultOptions & { since: string }): Promise<void> {
  return runCommand(options.json === true, auditListReport, async (terminal): Promise<Outcome<AuditListReport>> => {
    const report = await withVault(options, terminal, async (_vault, { audit }) => {
      audit.record({ kind: 'log-read' });
      await audit.flush();
      return listEntries(audit, options.since);
    });
    return { report, text: listText(report), exit: report.unreadable > 0 ? 1 : 0 };
  });
}

function exportAll(options: VaultOptions & { out?: string }): Promise<void> {
  return runCommand(options.json === true, auditExport, async (terminal): Promise<Outcome<AuditExport>> => {
    const report = await withVault(options, terminal, async (_vault, { audit }) => {
      audit.record({ kind: 'log-read' });
      await audit.flush();
      return exportLog(audit);
    });
    const document = `${JSON.stringify(report, null, 2)}\n`;
    if (options.out === undefined) return { report, text: document, exit: 0 };
    const file = await open(options.out, 'wx', 0o600);
    await file.writeFile(document).finally(() => file.close());
    return { report, text: `${report.entries.length} entries: ${options.out}\nkey: ${report.key}\n`, exit: 0 };
  });
}

function prove(index: string, options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, auditProofReport, async (terminal): Promise<Outcome<AuditProofReport>> => {
    if (!/^\d{1,12}$/.test(index)) throw auditError('audit/no-such-entry', 'no number of an entry');
    const report = await withVault(options, terminal, (_vault, { audit }) => proveEntry(audit, Number(index)), false);
    return { report, text: report.proof, exit: 0 };
  });
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

const also = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `vitrine audit`: verifies, lists, exports and proves entries of the audit log. */
export function auditCommand(usage: (error: { exitCode: number }) => never): Command {
  const command = new Command('audit').description('verify, list and export the audit log');
  const parts = [
    part('verify', 'check every entry, signature and checkpoint; changes nothing')
      .option(
        '--checkpoint <file>',
        'a checkpoint kept elsewhere: shows a cut end or a roll-back (repeatable)',
        also,
        [],
      )
      .option('--from <file>', 'verify an exported log, without a vault')
      .option('--key <key>', 'public key that must have signed the exported log')
      .action((options: VerifyOptions) => verify(options)),
    part('list', 'list what was done, oldest first')
      .option('--since <time>', 'only from this time on (YYYY-MM-DD, or more of ISO 8601 in UTC)', '')
      .action((options: VaultOptions & { since: string }) => list(options)),
    part('export', 'print the log as one document that verifies without the vault')
      .option('--out <file>', 'write it to a new file')
      .action((options: VaultOptions & { out?: string }) => exportAll(options)),
    part('proof', 'prove that one entry is in the log (c2sp.org/tlog-proof)')
      .argument('<entry>', 'number of the entry')
      .action((index: string, options: VaultOptions) => prove(index, options)),
  ];
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}
