import { Command } from 'commander';
import { type RotateReport, resealReport, rotateReport } from '../../../core/contract/key-reports.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { paced } from '../pace.ts';
import { readPassphrase } from '../passphrase.ts';
import { type Outcome, runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, type VaultUse, withVault } from '../vault.ts';
import { slotsOf } from './keys.ts';

type Exit = (error: { exitCode: number }) => never;

/** Moves everything to the new master key and drops the old one. */
async function finish(vault: FileVault, { holder }: VaultUse, terminal: Terminal): Promise<number> {
  const watch = { signal: terminal.signal, progress: paced(terminal, 'studies') };
  const { studies } = await holder.withKeys((keys) => vault.keys('rekey', keys, watch));
  await slotsOf(holder).endRotation();
  return studies;
}

function text({ recoveryCode, retiredSets, studies }: RotateReport): string {
  const shown = recoveryCode?.join('-');
  const code =
    shown === undefined
      ? []
      : ['', 'Recovery code, shown only now; the one before opens nothing any more:', '', `    ${shown}`];
  const sets = retiredSets.map(
    (set) => `Key shares of set ${set} open nothing any more; print new ones with "vitrine keys shares".`,
  );
  return `${[`The vault has a new master key; ${studies} studies hang on it.`, ...code, ...sets].join('\n')}\n`;
}

function rotate(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, rotateReport, async (terminal): Promise<Outcome<RotateReport>> => {
    let given = '';
    const wayIn = async () => {
      given = await readPassphrase(options, terminal);
      return { with: 'passphrase', passphrase: given } as const;
    };
    const run = async (vault: FileVault, use: VaultUse): Promise<RotateReport> => {
      const { recoveryCode, retiredSets } = await slotsOf(use.holder).rotate(given);
      use.audit.record({ kind: 'keys-changed', code: null });
      // Said at once: the old code is dead from here on, whatever becomes of the rest.
      if (recoveryCode !== null && !terminal.json) terminal.note(`vitrine: the new recovery code is ${recoveryCode}`);
      const studies = await finish(vault, use, terminal);
      return { recoveryCode: recoveryCode?.split('-') ?? null, retiredSets: [...retiredSets], studies };
    };
    const report = await withVault(options, terminal, run, true, wayIn);
    return { report, text: text(report), exit: 0 };
  });
}

function resume(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, rotateReport, async (terminal): Promise<Outcome<RotateReport>> => {
    const studies = await withVault(options, terminal, (vault, use) => finish(vault, use, terminal));
    const report = { recoveryCode: null, retiredSets: [], studies };
    return { report, text: 'Nothing hangs on an older master key.\n', exit: 0 };
  });
}

function reseal(options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, resealReport, async (terminal) => {
    const report = await withVault(options, terminal, async (vault, { audit }) => {
      const begin = (await vault.keys('reseal-pending', {})) === 0;
      const watch = { signal: terminal.signal, progress: paced(terminal, 'studies') };
      const made = await vault.keys('reseal', { begin }, watch);
      audit.record({ kind: 'keys-changed', code: null });
      return { ...made };
    });
    const { studies, objects, skipped } = report;
    const rest = skipped === 0 ? '' : `; ${skipped} with damaged objects stay under their old keys`;
    const said = `${studies} studies have new keys, ${objects} objects were sealed anew${rest}\n`;
    return { report, text: said, exit: skipped > 0 ? 1 : 0 };
  });
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

/** `vitrine rotate`: new keys for the vault and for its studies. */
export function rotateCommand(usage: Exit): Command {
  const command = new Command('rotate').description('give the vault a new master key, or its studies new keys');
  const parts = [
    part('master', 'a new master key: every way in is made anew, the old ones open nothing any more').action(
      (options: VaultOptions) => rotate(options),
    ),
    part('resume', 'finish a change of the master key that was cut short').action((options: VaultOptions) =>
      resume(options),
    ),
    part('studies', 'seal every study anew under a new key; goes on where it was cut short').action(
      (options: VaultOptions) => reseal(options),
    ),
  ];
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}
