/** `vitrine users …` and `vitrine policy …`: accounts of the workstation, and rules for who opens which study. */
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { accountList, glassEntry } from '../../../core/contract/users.ts';
import type { Role } from '../../../core/keys/users/types.ts';
import { ROLES } from '../../../core/keys/users/types.ts';
import { argon2idDirect } from '../../crypto/argon2.ts';
import { chooseArgon2 } from '../../crypto/choose-engine.ts';
import { glassEntries } from '../../users/break-glass.ts';
import { UsersDesk } from '../../users/users-desk.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { readPassphrase } from '../passphrase.ts';
import { type Column, table } from '../table.ts';
import { type Outcome, runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, type VaultUse, withVault } from '../vault.ts';
import { findStudy } from './show.ts';

interface AccountOptions extends VaultOptions {
  readonly displayName?: string;
  readonly role: readonly Role[];
  readonly attribute: readonly string[];
  readonly newPassphraseFile?: string;
}

const glassReport = z.strictObject({ entries: z.array(glassEntry) });
const policyReport = z.strictObject({ studyId: z.string(), rule: z.string().nullable() });
const doneReport = z.strictObject({ user: z.string() });

type List = z.infer<typeof accountList>;

const COLUMNS: readonly Column<List['accounts'][number]>[] = [
  { title: 'USER', value: ({ user }) => user, width: 32 },
  { title: 'NAME', value: ({ displayName }) => displayName, width: 32 },
  { title: 'ROLES', value: ({ roles }) => roles.join(',') },
  { title: 'ATTRIBUTES', value: ({ attributes }) => attributes.join(',') },
  { title: 'SINCE', value: ({ createdAt }) => createdAt.slice(0, 10) },
];

const GLASS: readonly Column<z.infer<typeof glassEntry>>[] = [
  { title: 'TIME', value: ({ time }) => time },
  { title: 'USER', value: ({ user }) => user, width: 32 },
  { title: 'STUDY', value: ({ studyId }) => studyId.slice(0, 12) },
  { title: 'REASON', value: ({ reason }) => reason, width: 80 },
];

function listText({ accounts, epoch, oldestEpoch, importRule }: List): string {
  if (epoch === 0) return 'no accounts: the vault opens with its own passphrase alone\n';
  const behind = oldestEpoch < epoch ? '; some studies are still wrapped to older ones ("vitrine users rewrap")' : '';
  const rule = importRule === null ? 'every radiologist opens what is imported' : `imported under: ${importRule}`;
  return `${table(COLUMNS, accounts)}\nkeys of epoch ${epoch}${behind}\n${rule}\n`;
}

/** The desk over the vault that a command has open: studies are wrapped anew before it answers. */
function deskOf(vault: FileVault, { holder, signedIn }: VaultUse): UsersDesk {
  const argon2id = chooseArgon2(() => argon2idDirect);
  return new UsersDesk({
    board: null,
    withAccounts: (use) => {
      const { header } = holder.openHeader();
      return use({ folder: holder.folder, header, key: holder.key, signedIn, vault, argon2id });
    },
  });
}

/** Runs a change of accounts and prints them as they are then. */
function changing(
  options: VaultOptions,
  change: (desk: UsersDesk, terminal: Terminal) => Promise<unknown>,
): Promise<void> {
  return runCommand(options.json === true, accountList, async (terminal): Promise<Outcome<List>> => {
    const report = await withVault(options, terminal, async (vault, use) => {
      const desk = deskOf(vault, use);
      await change(desk, terminal);
      if (options.command !== 'users list') use.audit.record({ kind: 'users-changed', code: null });
      return desk.list();
    });
    return { report, text: listText(report), exit: 0 };
  });
}

function newPassphrase(options: AccountOptions, terminal: Terminal): Promise<string> {
  return readPassphrase({ passphraseFile: options.newPassphraseFile }, terminal, true, 'New passphrase: ');
}

function add(user: string, options: AccountOptions): Promise<void> {
  return changing(options, async (desk, terminal) => {
    const passphrase = await newPassphrase(options, terminal);
    const { displayName = user, role: roles, attribute: attributes } = options;
    await desk.add({ user, displayName, roles, attributes, passphrase });
  });
}

function removeAccount(user: string, options: VaultOptions): Promise<void> {
  return changing(options, async (desk, terminal) => {
    await desk.remove(user);
    terminal.note(
      `vitrine: copies of the vault from before (backups, stolen disks) still open with the passphrase of ${user}; ` +
        'whoever kept keys also opens what is added to those studies until "vitrine rotate studies", and reads the list ' +
        'of patients until "vitrine rotate master"',
    );
  });
}

function setRoles(user: string, options: AccountOptions): Promise<void> {
  return changing(options, async (desk) => {
    const before = (await desk.list()).accounts.find((account) => account.user === user);
    const { displayName = before?.displayName ?? user, role: roles, attribute: attributes } = options;
    await desk.change({ user, displayName, roles, attributes });
  });
}

function passwd(user: string | undefined, options: AccountOptions): Promise<void> {
  return runCommand(options.json === true, doneReport, async (terminal): Promise<Outcome<{ user: string }>> => {
    const current = await readPassphrase(options, terminal);
    const own = user === undefined || user === options.user;
    const name = user ?? options.user ?? '';
    const wayIn = async () => ({ with: 'passphrase', passphrase: current }) as const;
    const run = async (vault: FileVault, use: VaultUse) => {
      const passphrase = await newPassphrase(options, terminal);
      const desk = deskOf(vault, use);
      if (own) await desk.changeOwnPassphrase(current, passphrase);
      else await desk.resetPassphrase(name, passphrase);
      use.audit.record({ kind: 'users-changed', code: null });
    };
    // Another's passphrase is an administrator's to reset; one's own is everybody's.
    const command = own ? 'users passwd' : 'users add';
    await withVault({ ...options, command }, terminal, run, true, wayIn);
    return { report: { user: name }, text: `The passphrase of ${name} was changed.\n`, exit: 0 };
  });
}

function glassLog(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, glassReport, async (terminal) => {
    const entries = await withVault(options, terminal, async (_vault, { audit }) => {
      audit.record({ kind: 'log-read' });
      await audit.flush();
      return glassEntries(audit);
    });
    const text = entries.length === 0 ? 'nobody broke the glass\n' : table(GLASS, entries);
    return { report: { entries }, text, exit: 0 };
  });
}

function setPolicy(study: string, rule: string | undefined, options: VaultOptions & { none?: boolean }): Promise<void> {
  return runCommand(options.json === true, policyReport, async (terminal) => {
    const report = await withVault(options, terminal, async (vault, use) => {
      const studyId = await findStudy(vault, study);
      const desk = deskOf(vault, use);
      await desk.setRule([studyId], options.none === true ? null : (rule ?? ''));
      use.audit.record({ kind: 'rules-changed', code: null });
      return { studyId, rule: (await desk.accessOf(studyId)).rule };
    });
    return { report, text: ruleText(report), exit: 0 };
  });
}

function showPolicy(study: string, options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, policyReport, async (terminal) => {
    const report = await withVault(options, terminal, async (vault, use) => {
      const studyId = await findStudy(vault, study);
      return { studyId, rule: (await deskOf(vault, use).accessOf(studyId)).rule };
    });
    return { report, text: ruleText(report), exit: 0 };
  });
}

function ruleText({ studyId, rule }: z.infer<typeof policyReport>): string {
  return `${studyId.slice(0, 12)}  ${rule ?? 'no rule: its roles open it'}\n`;
}

const also = (value: string, before: string[]): string[] => [...before, value];

function alsoRole(value: string, before: Role[]): Role[] {
  const role = ROLES.find((known) => known === value);
  if (role === undefined) throw new InvalidArgumentError(`One of ${ROLES.join(', ')}.`);
  return [...before, role];
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

function account(name: string, description: string): Command {
  return part(name, description)
    .argument('<name>', 'name of the account')
    .option('--role <role>', `${ROLES.join(', ')} (repeatable)`, alsoRole, [])
    .option('--attribute <attribute>', 'an attribute that rules may ask for (repeatable)', also, [])
    .option('--display-name <text>', 'what the unlock screen shows');
}

const NEW_FILE = ['--new-passphrase-file <file>', 'file that holds the account’s new passphrase'] as const;
type Usage = (error: { exitCode: number }) => never;

function group(name: string, description: string, parts: readonly Command[], usage: Usage): Command {
  const command = new Command(name).description(description);
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}

/** `vitrine users`: accounts of the workstation. */
export function usersCommand(usage: Usage): Command {
  return group(
    'users',
    'accounts of the workstation: list, add, change and remove',
    [
      part('list', 'list the accounts').action((options: VaultOptions) => changing(options, async () => undefined)),
      account('add', 'add an account')
        .option(...NEW_FILE)
        .action((name: string, options: AccountOptions) => add(name, options)),
      account('roles', 'give an account other roles and attributes, in place of those it has').action(
        (name: string, options: AccountOptions) => setRoles(name, options),
      ),
      part('remove', 'remove an account; studies are wrapped to keys that it never had')
        .argument('<name>', 'name of the account')
        .action(removeAccount),
      part('passwd', 'change the passphrase of --user, or reset that of another account')
        .argument('[name]', 'name of the account')
        .option(...NEW_FILE)
        .action((name: string | undefined, options: AccountOptions) => passwd(name, options)),
      part('rewrap', 'wrap all studies to the keys of this epoch').action((options: VaultOptions) =>
        changing(options, (desk) => desk.rewrap()),
      ),
      part('glass-log', 'list the times that somebody opened a study past its rule').action((options: VaultOptions) =>
        glassLog(options),
      ),
    ],
    usage,
  );
}

/** `vitrine policy`: rules for who opens which study. */
export function policyCommand(usage: Usage): Command {
  const none = ['--none', 'no rule: its roles open it'] as const;
  return group(
    'policy',
    'rules for who opens which study, e.g. "(radiologist AND cardiology) OR attending"',
    [
      part('set', 'put a study under a rule')
        .argument('<study>', 'study id, or how it begins')
        .argument('[rule]', 'the rule')
        .option(...none)
        .action((study: string, rule: string | undefined, options: VaultOptions & { none?: boolean }) =>
          setPolicy(study, rule, options),
        ),
      part('show', 'show the rule that a study is under')
        .argument('<study>', 'study id, or how it begins')
        .action((study: string, options: VaultOptions) => showPolicy(study, options)),
      part('import', 'put what is imported from now on under a rule')
        .argument('[rule]', 'the rule')
        .option(...none)
        .action((rule: string | undefined, options: VaultOptions & { none?: boolean }) =>
          changing(options, (desk) => desk.setImportRule(options.none === true ? null : (rule ?? ''))),
        ),
    ],
    usage,
  );
}
