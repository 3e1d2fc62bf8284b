import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type RetentionReport, retentionReport, shredReport } from '../../../core/contract/key-reports.ts';
import { type RetentionPlan, type RetentionRule, retentionPlan } from '../../../core/contract/retention.ts';
import { actor } from '../../audit/recorder.ts';
import { cliError } from '../errors.ts';
import { type Column, nameText, table } from '../table.ts';
import { type Outcome, runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';
import { findStudy } from './show.ts';
import { shredIn, shredRows } from './shred.ts';

type Exit = (error: { exitCode: number }) => never;

interface RuleOptions extends VaultOptions {
  readonly add?: string;
  readonly months?: number;
  readonly since: RetentionRule['since'];
  readonly remove?: string;
  readonly minorsUntil?: number | 'off';
}

const COLUMNS: readonly Column<RetentionRule>[] = [
  { title: 'RULE', value: ({ ruleId }) => ruleId.slice(0, 8) },
  { title: 'MODALITY', value: ({ modality }) => modality || 'all others' },
  { title: 'MONTHS', value: ({ months }) => String(months), align: 'right' },
  { title: 'SINCE', value: ({ since }) => (since === 'studyDate' ? 'study date' : 'import') },
];

function rulesText({ rules: { rules, minorsUntil }, holds }: RetentionReport): string {
  const minors =
    minorsUntil === null ? 'no exception for minors' : `studies of minors are kept until the age of ${minorsUntil}`;
  const list = rules.length === 0 ? 'No rules: nothing is ever due.\n' : table(COLUMNS, rules);
  return `${list}${minors}; ${holds.length} on hold\n`;
}

/** The rules after what the options say. @throws cli/usage */
function changed(rules: RetentionReport['rules'], options: RuleOptions): RetentionReport['rules'] {
  const { add, months, since, remove, minorsUntil } = options;
  let list = rules.rules;
  if (remove !== undefined) list = list.filter(({ ruleId }) => !ruleId.startsWith(remove));
  if (add !== undefined) {
    if (months === undefined) throw cliError('cli/usage');
    const modality = add.toUpperCase();
    const ruleId = randomBytes(16).toString('hex');
    list = [...list, { ruleId, modality: modality === 'ALL' ? '' : modality, months, since }];
  }
  const until = minorsUntil === 'off' ? null : minorsUntil;
  return { rules: list, minorsUntil: until === undefined ? rules.minorsUntil : until };
}

function rules(options: RuleOptions): Promise<void> {
  return runCommand(options.json === true, retentionReport, async (terminal): Promise<Outcome<RetentionReport>> => {
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const before = await vault.keys('retention', { rules: null });
      const isChange = options.add !== undefined || options.remove !== undefined || options.minorsUntil !== undefined;
      const after = isChange ? await vault.keys('retention', { rules: changed(before, options) }) : before;
      if (isChange) audit.record({ kind: 'settings-changed', code: null });
      return { rules: after, holds: await vault.keys('holds', {}) };
    });
    return { report, text: rulesText(report), exit: 0 };
  });
}

const DUE: readonly Column<RetentionPlan['due'][number]>[] = [
  { title: 'STUDY', value: ({ studyId }) => studyId },
  { title: 'NAME', value: ({ patientName }) => nameText(patientName), width: 28 },
  { title: 'MOD', value: ({ modalities }) => modalities.replaceAll('\\', ' ') },
  { title: 'DATE', value: ({ studyDate }) => studyDate },
  { title: 'DUE SINCE', value: ({ dueSince }) => dueSince },
  { title: 'RULE', value: ({ ruleId }) => ruleId.slice(0, 8) },
];

function planText({ due, kept, studies, day }: RetentionPlan): string {
  const reasons = new Map<string, number>();
  for (const { reason } of kept) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const list = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const keptText = kept.length === 0 ? '' : `; kept although old enough: ${list}`;
  const rows = due.length === 0 ? '' : table(DUE, due);
  return `${rows}${day}: ${due.length} of ${studies} studies are due${keptText}. Nothing was changed.\n`;
}

function dryRun(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, retentionPlan, async (terminal): Promise<Outcome<RetentionPlan>> => {
    const report = await withVault(options, terminal, (vault) => vault.keys('retention-plan', {}));
    return { report, text: planText(report), exit: 0 };
  });
}

function run(options: VaultOptions & { yes?: boolean }): Promise<void> {
  return runCommand(options.json === true, shredReport, async (terminal) => {
    if (options.yes !== true) throw cliError('cli/not-confirmed');
    const studies = await withVault(options, terminal, async (vault, use) => {
      const { due } = await vault.keys('retention-plan', {});
      const rows: ReturnType<typeof shredRows> = [];
      for (const ruleId of new Set(due.map((study) => study.ruleId))) {
        const studyIds = due.filter((study) => study.ruleId === ruleId).map(({ studyId }) => studyId);
        const made = await shredIn(vault, use, { studyIds, reason: { ruleId } }, terminal);
        rows.push(...shredRows(use.holder.folder, made));
      }
      return rows;
    });
    return { report: { studies }, text: `${studies.length} studies were shredded.\n`, exit: 0 };
  });
}

function hold(study: string, options: VaultOptions & { lift?: boolean }): Promise<void> {
  return runCommand(options.json === true, retentionReport, async (terminal): Promise<Outcome<RetentionReport>> => {
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const studyId = await findStudy(vault, study);
      const holds = await vault.keys('hold', { studyId, held: options.lift !== true, by: actor('vitrine').user });
      audit.record({ kind: 'settings-changed', code: null });
      return { rules: await vault.keys('retention', { rules: null }), holds };
    });
    return { report, text: `${report.holds.length} studies are on hold.\n`, exit: 0 };
  });
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number above 0');
  return value;
}

/** Not null for `off`: commander makes an empty text of that. */
function age(text: string): number | 'off' {
  if (text === 'off') return text;
  const value = number(text);
  if (value < 18 || value > 120) throw new InvalidArgumentError('an age from 18 to 120, or off');
  return value;
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

function rulesPart(): Command {
  return part('rules', 'show the rules, add or remove one')
    .option('--add <modality>', 'a rule for this modality, or ALL for those without one of their own')
    .option('--months <months>', 'age from which a study is due', number)
    .addOption(
      new Option('--since <day>', 'what the age counts from').choices(['studyDate', 'importedAt']).default('studyDate'),
    )
    .option('--remove <rule>', 'remove the rule whose id begins so')
    .option('--minors-until <age>', 'keep studies of minors until this age, or off', age)
    .action((options: RuleOptions) => rules(options));
}

/** `vitrine retention`: rules by which studies are shredded; nothing happens by itself. */
export function retentionCommand(usage: Exit): Command {
  const command = new Command('retention').description(
    'rules by age and modality, what they would shred, and a run of them',
  );
  const parts = [
    rulesPart(),
    part('dry-run', 'list what a run would shred today, and why; changes nothing').action((options: VaultOptions) =>
      dryRun(options),
    ),
    part('run', 'shred what is due today')
      .option('--yes', 'really')
      .action((options: VaultOptions & { yes?: boolean }) => run(options)),
    part('hold', 'keep a study from being shredded')
      .argument('<study>', 'study id, or how it begins')
      .option('--lift', 'lift the hold')
      .action((study: string, options: VaultOptions & { lift?: boolean }) => hold(study, options)),
  ];
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}
