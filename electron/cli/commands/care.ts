import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { signSnapshot } from '../../../core/audit/vault-notes.ts';
import {
  backupCheckReport,
  backupReport,
  drillReport,
  repairReport,
  restoreReport,
  type StateReport,
  scrubReport,
  stateReport,
} from '../../../core/contract/command-line.ts';
import type { BackupReport } from '../../../core/vault/care.ts';
import type { VerifyProblem } from '../../../core/vault/types.ts';
import { checkBackup } from '../../care/backup-check.ts';
import { finishBackup, olderState } from '../../care/keeper.ts';
import { restore as restoreBackup } from '../../care/restore.ts';
import { asVitrineError } from '../../vault/failure.ts';
import { paced } from '../pace.ts';
import { bytesText } from '../table.ts';
import { runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';
import { problemText } from './verify.ts';

type Exit = (error: { exitCode: number }) => never;

const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;
const studies = (count: number): string => `${count} ${count === 1 ? 'study' : 'studies'}`;
const files = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

function damagedLines(damaged: readonly string[]): string[] {
  return damaged.map((name) => `damaged or missing in the backup: ${name}`);
}

function backUp(target: string, options: VaultOptions & { check?: boolean }): Promise<void> {
  return runCommand(options.json === true, backupReport, async (terminal) => {
    const to = resolve(target);
    const watch = { signal: terminal.signal, progress: paced(terminal, 'objects') };
    const report = await withVault(options, terminal, async (vault, { header, audit }) => {
      await audit.flush();
      const sign = (made: BackupReport): string => signSnapshot(header.vaultId, made, audit.signer);
      const made = await finishBackup(vault, to, watch, sign);
      audit.record({ kind: 'backed-up', code: made.problems.length === 0 ? null : 'vault/damage-found' });
      return made;
    });
    const checked = options.check === true ? await checkBackup(to, watch) : null;
    const { sha256: _hash, counter: _counter, ...shown } = report;
    const damaged = [...(checked?.damaged ?? [])];
    const problems = report.problems.map(({ kept, ...problem }) => ({ ...problem, kept }));
    const text = lines(
      `Backup ${report.number}: ${studies(report.studies)}, ${files(report.files)}, ${bytesText(report.bytes)}; ` +
        `${files(report.copied)} copied, ${bytesText(report.copiedBytes)}`,
      ...(report.shredded > 0 ? [`removed from the backup because they are shredded: ${report.shredded}`] : []),
      ...(report.unchecked > 0 ? [`copied without opening them, for other roles to read: ${report.unchecked}`] : []),
      ...problems.map(
        (problem) => `${problemText(problem)}${problem.kept ? '; an earlier copy is kept in the backup' : ''}`,
      ),
      ...(checked === null
        ? []
        : [`${files(checked.files)} read back: ${damaged.length === 0 ? 'all as written' : ''}`]),
      ...damagedLines(damaged),
    );
    return { report: { ...shown, problems, damaged }, text, exit: problems.length + damaged.length > 0 ? 1 : 0 };
  });
}

function check(from: string, options: { json?: boolean }): Promise<void> {
  return runCommand(options.json === true, backupCheckReport, async (terminal) => {
    const watch = { signal: terminal.signal, progress: paced(terminal, 'files') };
    const report = await checkBackup(resolve(from), watch);
    const damaged = [...report.damaged];
    const verdict = damaged.length === 0 ? 'all as written' : `${damaged.length} damaged`;
    const head = `Backup ${report.number} of ${report.at}: ${files(report.files)}, ${bytesText(report.bytes)}: ${verdict}`;
    return {
      report: { ...report, damaged },
      text: lines(head, ...damagedLines(damaged)),
      exit: damaged.length > 0 ? 1 : 0,
    };
  });
}

function drill(from: string, options: VaultOptions & { scratch?: string }): Promise<void> {
  return runCommand(options.json === true, drillReport, async (terminal) => {
    const watch = { signal: terminal.signal, progress: paced(terminal, 'objects') };
    const scratch = options.scratch === undefined ? null : resolve(options.scratch);
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const made = await vault.care('drill', { target: resolve(from), scratch }, watch);
      const ok = made.problems.length + made.damaged.length === 0;
      audit.record({ kind: 'drilled', code: ok ? null : 'vault/damage-found' });
      return made;
    });
    const problems = [...report.problems];
    const damaged = [...report.damaged];
    const wrong = problems.length + damaged.length;
    const text = lines(
      `Backup ${report.number} of ${report.at} was restored and opened: ${report.objects} objects, ` +
        `${bytesText(report.bytes)}: ${wrong === 0 ? 'all intact' : `${wrong} with problems`}; nothing of it was left`,
      ...(report.sameHeader
        ? []
        : ['its vault.json is an older one: back up again, so that today’s passphrases open it']),
      ...(report.catalogueOpened ? [] : ['its catalogue was made anew from the objects']),
      ...problems.map(problemText),
      ...damagedLines(damaged),
    );
    return { report: { ...report, problems, damaged }, text, exit: wrong > 0 ? 1 : 0 };
  });
}

interface RestoreOptions {
  readonly study?: string;
  readonly snapshot?: number;
  readonly json?: boolean;
}

function restore(from: string, to: string, options: RestoreOptions): Promise<void> {
  return runCommand(options.json === true, restoreReport, async (terminal) => {
    const watch = { signal: terminal.signal, progress: paced(terminal, 'files') };
    const wanted = { study: options.study ?? null, snapshot: options.snapshot ?? null };
    const report = await restoreBackup(resolve(from), resolve(to), wanted, watch).catch((error: unknown) => {
      if (['vault/disk-full', 'vault/io'].includes(asVitrineError(error).code))
        terminal.note(
          'vitrine: the folder is no vault yet; what was restored so far is kept in it, and the same command goes on from there when there is room',
        );
      throw error;
    });
    const damaged = [...report.damaged];
    const text = lines(
      `Backup ${report.number} of ${report.at}: ${studies(report.studies)}, ${files(report.files)}, ${bytesText(report.bytes)}: ${to}`,
      'Any passphrase, code or share of the vault opens it.',
      ...damagedLines(damaged),
    );
    return { report: { ...report, damaged }, text, exit: damaged.length > 0 ? 1 : 0 };
  });
}

function scrub(options: VaultOptions & { rate: number }): Promise<void> {
  return runCommand(options.json === true, scrubReport, async (terminal) => {
    const watch = { signal: terminal.signal, progress: paced(terminal, 'objects') };
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const made = await vault.care('scrub', { bytesPerSecond: options.rate * 1_000_000 }, watch);
      audit.record({ kind: 'verified', code: made.problems.length === 0 ? null : 'vault/damage-found' });
      return made;
    });
    const problems = [...report.problems];
    const verdict = problems.length === 0 ? 'all intact' : `${problems.length} with problems`;
    const head = `${report.objects} objects, ${bytesText(report.bytes)} read to the end of the pass: ${verdict}`;
    return {
      report: { ...report, problems },
      text: lines(head, ...problems.map(problemText)),
      exit: problems.length > 0 ? 1 : 0,
    };
  });
}

function repair(paths: readonly string[], options: VaultOptions & { backup?: string }): Promise<void> {
  return runCommand(options.json === true, repairReport, async (terminal) => {
    const watch = { signal: terminal.signal, progress: paced(terminal, 'objects') };
    const from =
      options.backup === undefined
        ? { paths: paths.map((path) => resolve(path)) }
        : { backup: resolve(options.backup) };
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const made = await vault.care('repair', { from }, watch);
      audit.record({ kind: 'repaired', code: made.lost.length === 0 ? null : 'vault/damage-found' });
      return made;
    });
    const [found, repaired, lost] = [[...report.found], [...report.repaired], [...report.lost]];
    const named = (word: string, problems: readonly VerifyProblem[]) =>
      problems.map((problem) => `${word}: ${problemText(problem)}`);
    const text = lines(
      found.length === 0 ? 'Nothing is damaged.' : `${found.length} damaged, ${repaired.length} repaired`,
      ...named('repaired', repaired),
      ...named('still damaged', lost),
    );
    return { report: { found, repaired, lost }, text, exit: lost.length > 0 ? 1 : 0 };
  });
}

function rebuild(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, stateReport, async (terminal) => {
    await withVault(options, terminal, (vault) => vault.care('distrust', {}));
    return showState(await withVault(options, terminal, async (vault, { guard }) => stateOf(vault, guard)));
  });
}

type StateParts = Parameters<Parameters<typeof withVault>[2]>;

async function stateOf(vault: StateParts[0], guard: StateParts[1]['guard']): Promise<StateReport> {
  const { counter, root, studies, images, notes } = await vault.care('state', {});
  const missing = guard.older === null ? null : olderState(guard.older, null);
  const older =
    missing === null
      ? null
      : {
          by: missing.by,
          rememberedAt: missing.rememberedAt,
          studies: missing.studies,
          images: missing.images,
          notes: missing.notes,
        };
  return { counter, root, studies, images, notes, older };
}

function showState(report: StateReport) {
  const { counter, root, studies: held, images, notes, older } = report;
  const text = lines(
    `change ${counter}: studies ${held}, images ${images}, saved marks ${notes}`,
    root,
    ...(older === null ? [] : ['an older copy: it takes no changes until "vitrine state accept"']),
  );
  return { report, text, exit: older === null ? (0 as const) : (1 as const) };
}

function state(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, stateReport, async (terminal) =>
    showState(await withVault(options, terminal, (vault, { guard }) => stateOf(vault, guard), false)),
  );
}

function accept(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, stateReport, async (terminal) =>
    showState(
      await withVault(options, terminal, async (vault, { guard, audit }) => {
        const older = await guard.accept();
        if (older !== null) audit.record({ kind: 'copy-accepted', code: null });
        terminal.note(
          older === null
            ? 'vitrine: this is no older copy: there was nothing to accept'
            : 'vitrine: accepted: this copy is the vault from now on',
        );
        return stateOf(vault, guard);
      }),
    ),
  );
}

function number(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}

function part(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print one JSON document');
}

function vaultPart(name: string, description: string): Command {
  return part(name, description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise');
}

function backupCommand(usage: Exit): Command {
  const command = new Command('backup').description('copy the vault, sealed as it is, and try the copy');
  const parts = [
    vaultPart('to', 'copy what is new into a folder; "vitrine backup FOLDER" is short for it')
      .argument('<folder>', 'where to; on another disk')
      .option('--check', 'read back what was written')
      .action((folder: string, options: VaultOptions & { check?: boolean }) => backUp(folder, options)),
    part('check', 'read every file of a backup and compare it with what was written; needs no passphrase')
      .argument('<folder>', 'the backup')
      .action((folder: string, options: { json?: boolean }) => check(folder, options)),
    vaultPart('drill', 'restore a backup into a folder that is removed again, and open all of it')
      .argument('<folder>', 'the backup')
      .option('--scratch <dir>', 'where there is room for it (default: the folder for temporary files)')
      .action((folder: string, options: VaultOptions & { scratch?: string }) => drill(folder, options)),
  ];
  for (const [at, one] of parts.entries()) command.addCommand(one.exitOverride(usage), { isDefault: at === 0 });
  return command;
}

function stateCommand(usage: Exit): Command {
  const command = new Command('state').description('show how far the vault has come, and whether it is an older copy');
  const show = vaultPart('show', 'count what the vault holds').action((options: VaultOptions) => state(options));
  const yes = vaultPart('accept', 'this copy is the vault from now on').action((options: VaultOptions) =>
    accept(options),
  );
  command.addCommand(show.exitOverride(usage), { isDefault: true });
  return command.addCommand(yes.exitOverride(usage));
}

/** `vitrine backup`, `restore`, `scrub`, `repair`, `rebuild` and `state`. */
export function careCommands(usage: Exit): Command[] {
  return [
    backupCommand(usage),
    part('restore', 'make a vault of a backup; needs no passphrase')
      .argument('<backup>', 'folder of the backup')
      .argument('<folder>', 'an empty folder, or a new one')
      .option('--study <id>', 'only this study')
      .option('--snapshot <number>', 'an earlier backup of this folder', number)
      .action((from: string, to: string, options: RestoreOptions) => restore(from, to, options)),
    vaultPart('scrub', 'read every object from where the last pass ended')
      .option('--rate <megabytes>', 'megabytes a second at most; 0: no limit', number, 0)
      .action((options: VaultOptions & { rate: number }) => scrub(options)),
    vaultPart('repair', 'put sound copies in the place of damaged objects')
      .argument('[paths...]', 'files and folders that hold the originals')
      .option('--backup <folder>', 'take them from this backup')
      .action((paths: string[], options: VaultOptions & { backup?: string }) => repair(paths, options)),
    vaultPart('rebuild', 'make the catalogue anew from the sealed objects').action((options: VaultOptions) =>
      rebuild(options),
    ),
    stateCommand(usage),
  ];
}
