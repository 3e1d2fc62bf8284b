import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import {
  escrowKeysReport,
  type KeysReport,
  keyChangeReport,
  keyDrillReport,
  keyRecoverReport,
  keyRecoveryReport,
  keySharesReport,
  keysReport,
} from '../../../core/contract/key-reports.ts';
import type { SlotRow } from '../../../core/contract/keys.ts';
import { VitrineError } from '../../../core/errors.ts';
import { createEscrowFiles } from '../../../core/keys/escrow.ts';
import { replaceKeychainSlot } from '../../../core/keys/header.ts';
import { argon2idDirect } from '../../crypto/argon2.ts';
import { chooseArgon2 } from '../../crypto/choose-engine.ts';
import { storeNewSecret } from '../../keychain.ts';
import { readKeyFile, writeOwnFile } from '../../keys/key-file.ts';
import { KeySlots } from '../../keys/key-slots.ts';
import { shareSheets } from '../../keys/share-sheets.ts';
import type { SheetLanguage } from '../../keys/sheet-words.ts';
import { randomFill } from '../../random.ts';
import { checkPassphrase, type UnlockMethod, withPassphrase } from '../../unlock.ts';
import { moveAccounts } from '../../users/users-store.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { cliError } from '../errors.ts';
import type { CommandHolder } from '../holder.ts';
import { readPassphrase } from '../passphrase.ts';
import { type Column, table } from '../table.ts';
import { askSecret, runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, type VaultUse, withVault } from '../vault.ts';

type Exit = (error: { exitCode: number }) => never;

/** Ways in that aren't the passphrase. */
interface WayOptions extends VaultOptions {
  readonly recoveryCodeFile?: string;
  readonly sharesFile?: string;
  readonly key?: string;
  readonly keyPassphraseFile?: string;
  readonly newPassphraseFile?: string;
}

const argon2id = () => chooseArgon2(() => argon2idDirect);

/** What is done with the slots of the vault that a command has open. */
export function slotsOf(holder: CommandHolder): KeySlots {
  return new KeySlots(holder, {
    argon2id: argon2id(),
    secrets: holder.secrets,
    moveAccounts: (header, masterKey) => moveAccounts(holder.folder, header, masterKey),
  });
}

/** A small file that holds a secret. @throws cli/passphrase-unreadable */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw cliError('cli/passphrase-unreadable', cause);
  });
}

type Way = SlotRow['kind'];
type WayMethod = Extract<UnlockMethod, { with: Way }>;

/** What a person opens that kind of slot with: from files, or asked for on the terminal. */
async function methodOf(way: Way, options: WayOptions, terminal: Terminal): Promise<WayMethod> {
  const { recoveryCodeFile, sharesFile, key } = options;
  switch (way) {
    case 'keychain':
      return { with: way };
    case 'passphrase':
      return { with: way, passphrase: await readPassphrase(options, terminal) };
    case 'recovery': {
      const typed =
        recoveryCodeFile === undefined ? await askSecret('Recovery code: ') : await textOf(recoveryCodeFile);
      if (typed === null) throw cliError('cli/no-passphrase');
      return { with: way, recoveryCode: typed };
    }
    case 'shares': {
      if (sharesFile === undefined) throw cliError('cli/usage');
      const lines = (await textOf(sharesFile)).split(/\r?\n/).filter((line) => line.trim() !== '');
      return { with: way, shares: lines };
    }
    case 'escrow': {
      if (key === undefined) throw cliError('cli/usage');
      const from = { passphraseFile: options.keyPassphraseFile };
      const passphrase = await readPassphrase(from, terminal, false, 'Passphrase of the key file: ');
      return { with: way, escrowFile: await readKeyFile(key), passphrase };
    }
  }
}

const NAMES: Readonly<Record<SlotRow['kind'], string>> = {
  passphrase: 'passphrase',
  keychain: 'keychain of a computer',
  recovery: 'recovery code',
  shares: 'key shares',
  escrow: 'escrow',
};

const COLUMNS: readonly Column<SlotRow>[] = [
  { title: 'SLOT', value: ({ slotId }) => slotId },
  { title: 'WAY IN', value: ({ kind }) => NAMES[kind] },
  {
    title: 'OF',
    value: ({ set, holder }) =>
      set ? `${set.name}, ${set.threshold} of ${set.count}` : holder ? `${holder.label} ${holder.fingerprint}` : '',
    width: 48,
  },
  { title: 'SINCE', value: ({ createdAt }) => createdAt.slice(0, 10) },
  { title: 'TESTED', value: ({ testedAt }) => testedAt?.slice(0, 10) ?? 'never' },
];

function listText({ slots, rotatingSince, resealPending }: KeysReport): string {
  const notes = [
    ...(rotatingSince === null
      ? []
      : [`master key: its change of ${rotatingSince} is unfinished (vitrine rotate resume)`]),
    ...(resealPending === 0 ? [] : [`studies still to be sealed anew: ${resealPending} (vitrine rotate studies)`]),
  ];
  return `${table(COLUMNS, slots)}${notes.map((note) => `${note}\n`).join('')}`;
}

function list(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, keysReport, async (terminal) => {
    const report = await withVault(options, terminal, async (vault, { header, holder }) => {
      const { slots, keychain, rotatingSince } = slotsOf(holder).list();
      return {
        vaultId: header.vaultId,
        slots,
        keychain,
        rotatingSince,
        resealPending: await vault.keys('reseal-pending', {}),
      };
    });
    return { report, text: listText(report), exit: 0 };
  });
}

function drill(way: Way, options: WayOptions): Promise<void> {
  return runCommand(options.json === true, keyDrillReport, async (terminal) => {
    const report = await withVault(options, terminal, async (_vault, { holder, audit }) => {
      const slots = slotsOf(holder);
      const slotId = await slots.drill(await methodOf(way, options, terminal));
      audit.record({ kind: 'slot-tested', code: null });
      return { slotId, kind: slots.list().slots.find((slot) => slot.slotId === slotId)?.kind ?? 'passphrase' };
    });
    return { report, text: `The ${NAMES[report.kind]} opens the vault. Nothing was changed.\n`, exit: 0 };
  });
}

/** Runs a change of the ways in and answers what they are afterwards. */
function change(
  options: WayOptions,
  text: string,
  run: (slots: KeySlots, holder: CommandHolder, terminal: Terminal) => Promise<void>,
): Promise<void> {
  return runCommand(options.json === true, keyChangeReport, async (terminal) => {
    const report = await withVault(options, terminal, async (_vault, { holder, audit }) => {
      const slots = slotsOf(holder);
      await run(slots, holder, terminal);
      audit.record({ kind: 'slots-changed', code: null });
      return { slots: slots.list().slots };
    });
    return { report, text: `${text}\n${table(COLUMNS, report.slots)}`, exit: 0 };
  });
}

async function newPassphrase(options: WayOptions, terminal: Terminal): Promise<string> {
  const from = { passphraseFile: options.newPassphraseFile };
  const passphrase = await readPassphrase(from, terminal, true, 'New passphrase: ');
  checkPassphrase(passphrase);
  return passphrase;
}

function recovery(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, keyRecoveryReport, async (terminal) => {
    const code = await withVault(options, terminal, async (_vault, { holder, audit }) => {
      const made = await slotsOf(holder).renewRecovery(null);
      audit.record({ kind: 'slots-changed', code: null });
      return made;
    });
    const text = `Recovery code, shown only now; the one before opens nothing any more:\n\n    ${code}\n`;
    return { report: { recoveryCode: code.split('-') }, text, exit: 0 };
  });
}

interface SharesOptions extends VaultOptions {
  readonly threshold: number;
  readonly count: number;
  readonly out: string;
  readonly language: SheetLanguage;
}

function shares(options: SharesOptions): Promise<void> {
  return runCommand(options.json === true, keySharesReport, async (terminal) => {
    const { threshold, count, language } = options;
    const file = resolve(options.out);
    const setId = await withVault(options, terminal, async (_vault, { holder, audit }) => {
      const made = await slotsOf(holder).makeShares(null, { threshold, count }, async (set) =>
        writeOwnFile(file, await shareSheets(set, language), true),
      );
      audit.record({ kind: 'slots-changed', code: null });
      return made;
    });
    const text = `Set ${setId}: any ${threshold} of ${count} sheets open the vault. Print ${file}, hand the sheets out, destroy the file.\n`;
    return { report: { setId, threshold, count, file }, text, exit: 0 };
  });
}

async function useKeychain(holder: CommandHolder): Promise<void> {
  const { vaultId } = holder.openHeader().header;
  const secret = await storeNewSecret(holder.secrets, vaultId);
  try {
    await holder.changeHeader((header, masterKey) => {
      const made = { secret, randomFill, createdAt: new Date().toISOString() };
      return { header: replaceKeychainSlot(header, masterKey, made), value: null };
    });
  } finally {
    secret.fill(0);
  }
}

function escrowKeygen(options: WayOptions & { label: string; out: string }): Promise<void> {
  return runCommand(options.json === true, escrowKeysReport, async (terminal) => {
    const passphrase = await readPassphrase(options, terminal, true, 'Passphrase for the secret key: ');
    checkPassphrase(passphrase);
    const { label } = options;
    const createdAt = new Date().toISOString();
    const files = await withPassphrase(passphrase, (bytes) =>
      createEscrowFiles({ label, createdAt, passphrase: bytes, argon2id: argon2id(), randomFill }),
    );
    const publicFile = resolve(`${options.out}.public.json`);
    const secretFile = resolve(`${options.out}.secret.json`);
    const takeBack = await writeOwnFile(publicFile, files.publicText, true);
    await writeOwnFile(secretFile, files.secretText, true).catch(async (error: unknown) => {
      await takeBack();
      throw error;
    });
    const { fingerprint } = files;
    const text = [
      `Escrow key of "${label}", fingerprint ${fingerprint}`,
      `  give this to vaults:             ${publicFile}`,
      `  keep this away from every vault: ${secretFile}`,
      '',
    ].join('\n');
    return { report: { label, fingerprint, publicFile, secretFile }, text, exit: 0 };
  });
}

function recover(options: WayOptions): Promise<void> {
  return runCommand(options.json === true, keyRecoverReport, async (terminal) => {
    const way = options.key !== undefined ? 'escrow' : options.sharesFile !== undefined ? 'shares' : 'recovery';
    const method = await methodOf(way, options, terminal);
    const use = async (_vault: FileVault, { holder, audit }: VaultUse): Promise<boolean> => {
      if (options.newPassphraseFile === undefined) return false;
      await slotsOf(holder).changePassphrase(null, await newPassphrase(options, terminal));
      audit.record({ kind: 'slots-changed', code: null });
      return true;
    };
    const passphraseSet = await withVault(options, terminal, use, true, async () => method);
    const opened = way;
    const set = passphraseSet ? ' The new passphrase is set.' : ' Give --new-passphrase-file to set a new passphrase.';
    return { report: { opened, passphraseSet }, text: `The ${NAMES[opened]} opens the vault.${set}\n`, exit: 0 };
  });
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('a whole number');
  return number;
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

function withWays(command: Command): Command {
  return command
    .option('--recovery-code-file <file>', 'file that holds the recovery code')
    .option('--shares-file <file>', 'file that holds key shares, one a line')
    .option('--key <file>', 'secret file of an escrow key')
    .option('--key-passphrase-file <file>', 'file that holds the passphrase of the secret file');
}

function recoverParts(): Command[] {
  return [
    part('escrow-keygen', 'make an administrator’s escrow key pair: one file for vaults, one to keep away from them')
      .requiredOption('--label <name>', 'whose key it is')
      .requiredOption('--out <path>', 'beginning of the two files’ names')
      .action((options: WayOptions & { label: string; out: string }) => escrowKeygen(options)),
    part('escrow-recover', 'open the vault with an escrow key, and set a new passphrase')
      .requiredOption('--key <file>', 'secret file of the escrow key')
      .option('--key-passphrase-file <file>', 'file that holds the passphrase of the secret file')
      .option('--new-passphrase-file <file>', 'file that holds the new passphrase of the vault')
      .action((options: WayOptions) => recover(options)),
    withWays(part('recover', 'open the vault with recovery code, key shares or escrow, and set a new passphrase'))
      .option('--new-passphrase-file <file>', 'file that holds the new passphrase of the vault')
      .action((options: WayOptions) => recover(options)),
  ];
}

function changeParts(): Command[] {
  return [
    part('passphrase', 'change the passphrase of the vault')
      .option('--new-passphrase-file <file>', 'file that holds the new passphrase; asked for otherwise')
      .action((options: WayOptions) =>
        change(options, 'The passphrase is changed.', async (slots, _holder, terminal) =>
          slots.changePassphrase(null, await newPassphrase(options, terminal)),
        ),
      ),
    part('recovery', 'make a new recovery code in the place of the one before').action((options: VaultOptions) =>
      recovery(options),
    ),
    part('shares', 'write key shares as a PDF, one sheet for each; the set before opens nothing any more')
      .requiredOption('--threshold <k>', 'how many sheets open the vault together', whole)
      .requiredOption('--count <n>', 'how many sheets there are', whole)
      .requiredOption('--out <file>', 'the PDF')
      .addOption(new Option('--language <language>', 'language of the sheets').choices(['en', 'de']).default('en'))
      .action((options: SharesOptions) => shares(options)),
    part('add-escrow', 'let an administrator’s key open the vault')
      .argument('<file>', 'public file of the escrow key')
      .action((file: string, options: WayOptions) =>
        change(options, 'The vault is escrowed.', async (slots) => slots.addEscrow(null, await readKeyFile(file))),
      ),
    part('keychain', 'let this computer’s keychain open the vault, or repair its entry').action((options: WayOptions) =>
      change(options, 'The keychain opens the vault.', async (_slots, holder) => useKeychain(holder)),
    ),
    part('remove', 'remove a way into the vault; the last one that a person holds stays')
      .argument('<slot>', 'its id, or how it begins')
      .action((slot: string, options: WayOptions) =>
        change(options, 'Removed.', async (slots) => {
          const found = slots.list().slots.filter(({ slotId }) => slotId.startsWith(slot.toLowerCase()));
          const [only] = found;
          if (only === undefined || found.length > 1)
            throw new VitrineError('keys/no-such-slot', 'no one slot begins so');
          await slots.remove(null, only.slotId);
        }),
      ),
  ];
}

/** `vitrine keys`: the ways into the vault. */
export function keysCommand(usage: Exit): Command {
  const ways = ['passphrase', 'keychain', 'recovery', 'shares', 'escrow'];
  const command = new Command('keys').description('list, test, add and remove the ways into the vault');
  const parts = [
    part('list', 'list the ways into the vault').action((options: VaultOptions) => list(options)),
    withWays(part('drill', 'prove that a way opens the vault; changes nothing but the date of the last test'))
      .addArgument(new Argument('<way>', 'which').choices(ways))
      .action((way: Way, options: WayOptions) => drill(way, options)),
    ...changeParts(),
    ...recoverParts(),
  ];
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}
