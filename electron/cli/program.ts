import { Argument, Command, Option } from 'commander';
import { sortColumn } from '../../core/contract/catalogue.ts';
import manifest from '../../package.json' with { type: 'json' };
import { auditCommand } from './commands/audit.ts';
import { careCommands } from './commands/care.ts';
import { completionCommand } from './commands/completion.ts';
import { type CreateOptions, create } from './commands/create.ts';
import { type ExportOptions, exportStudies } from './commands/export.ts';
import { type ImportOptions, importFiles } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { labCommand } from './commands/lab.ts';
import { type ListOptions, list } from './commands/list.ts';
import { modelCommand } from './commands/model.ts';
import { pixels } from './commands/pixels.ts';
import { privateCommand } from './commands/private.ts';
import { retentionCommand } from './commands/retention.ts';
import { rotateCommand } from './commands/rotate.ts';
import { type ShowOptions, show } from './commands/show.ts';
import { shredCommand } from './commands/shred.ts';
import { policyCommand, usersCommand } from './commands/users.ts';
import { type VerifyOptions, verify } from './commands/verify.ts';
import { cliError } from './errors.ts';
import type { VaultOptions } from './vault.ts';
import { explain } from './words.ts';

const FOOTER = `
Every command takes --json: one JSON document on stdout, progress on stderr.
Exit codes: 0 done, 1 some refused or a problem found, 2 failed.

Examples:
  vitrine create --vault ~/clinic --passphrase-file ~/.vitrine-pass
  vitrine import --vault ~/clinic --passphrase-file ~/.vitrine-pass /media/cdrom
  vitrine list   --vault ~/clinic --passphrase-file ~/.vitrine-pass --search "doe ct"
`;

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

const BREAK_GLASS = [
  '--break-glass <reason>',
  'open a study past its rule; the reason stands in the audit log before it opens',
] as const;

function parts(): Command[] {
  return [
    command('create', 'make an empty vault and print its recovery code')
      .option('--name <name>', 'name of the vault (default: the folder’s)')
      .option('--keychain', 'let this computer’s keychain open it too')
      .action((options: CreateOptions) => create(options)),
    command('import', 'seal files, folders, ZIP archives or DICOMDIRs into the vault')
      .argument('[paths...]', 'what to import')
      .option('--sample', 'import the built-in sample study')
      .action((paths: string[], options: ImportOptions) => importFiles(paths, options)),
    command('list', 'list the studies, newest first')
      .option('--search <words>', 'words that begin a word of name, id, accession, date, modality or description')
      .option('--modality <modality>', 'only studies with this modality')
      .option('--since <date>', 'only studies of this day (YYYY-MM-DD) or later')
      .addOption(new Option('--sort <column>', 'order by this column').choices(sortColumn.options).default('studyDate'))
      .option('--ascending', 'smallest first')
      .action((options: ListOptions) => list(options)),
    command('show', 'show one study with its series')
      .argument('<study>', 'study id, or how it begins')
      .option(...BREAK_GLASS)
      .action((study: string, options: ShowOptions) => show(study, options)),
    command('pixels', 'hash the stored pixel values of sealed images or of files')
      .addArgument(new Argument('<what...>', 'SOP Instance UIDs of the vault, files, or folders of files'))
      .action((names: string[], options: VaultOptions) => pixels(names, options)),
    command('export', 'write studies as readable DICOM files')
      .argument('[studies...]', 'study ids, or how they begin')
      .addOption(new Option('--all', 'every study of the vault').conflicts('breakGlass'))
      .option(...BREAK_GLASS)
      .requiredOption('--out <dir>', 'where to; one folder for each study is made in it')
      .action((studies: string[], options: ExportOptions) => exportStudies(studies, options)),
    command('verify', 'check every sealed object of the vault; changes nothing')
      .option('--fast', 'only the beginnings and ends of objects')
      .addOption(new Option('--full', 'every byte of every object (as without an option)').conflicts('fast'))
      .action((options: VerifyOptions) => verify(options)),
    completionCommand(),
    ...careCommands(usage),
    keysCommand(usage),
    rotateCommand(usage),
    shredCommand(usage),
    retentionCommand(usage),
    auditCommand(usage),
    usersCommand(usage),
    policyCommand(usage),
    labCommand(usage),
    modelCommand(usage),
    privateCommand(usage),
  ];
}

/** The program `vitrine`. Wrong usage ends with exit code 2, as every failure does. */
export function buildProgram(): Command {
  const program = new Command('vitrine')
    .description('Keeps medical images sealed; imports, lists, verifies and exports them.')
    .version(manifest.version)
    .addHelpText('after', FOOTER)
    .showHelpAfterError('(try --help)');
  for (const part of parts()) program.addCommand(part.exitOverride(usage));
  for (const one of program.commands) forUsers(one);
  program.hook('preAction', (_program, command) => {
    command.setOptionValue('command', wordsOf(command));
  });
  return program.exitOverride(usage);
}

/** Whatever opens a vault takes `--user`. */
function forUsers(command: Command): void {
  if (command.options.some(({ long }) => long === '--passphrase-file') && command.name() !== 'create')
    command.option('--user <name>', 'account that opens the vault; the passphrase is the account’s');
  for (const one of command.commands) forUsers(one);
}

/** The words of a command after `vitrine`: its row in electron/users/permissions.ts. */
export function wordsOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name();
}

/** Help and version end well; wrong usage is a failure like any other, also in its JSON document. */
function usage(error: { exitCode: number }): never {
  if (error.exitCode === 0) process.exit(0);
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: explain(cliError('cli/usage')) })}\n`);
  process.exit(2);
}
