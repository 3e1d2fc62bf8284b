import { basename } from 'node:path';
import { type CreateReport, createReport } from '../../../core/contract/command-line.ts';
import { runCommand } from '../terminal.ts';
import { createVault, type VaultOptions, vaultFolder } from '../vault.ts';

export interface CreateOptions extends VaultOptions {
  readonly name?: string;
  readonly keychain?: boolean;
}

function text(report: CreateReport): string {
  const keychain = report.keychain === 'ok' ? 'also opens with this computer’s keychain' : 'opens with its passphrase';
  return [
    `Vault "${report.name}" was made; it ${keychain}.`,
    '',
    'Recovery code, shown only now. Print it or write it down; it opens the vault when the passphrase is lost:',
    '',
    `    ${report.recoveryCode.join('-')}`,
    '',
  ].join('\n');
}

/** `vitrine create`: makes an empty vault and prints its recovery code. */
export function create(options: CreateOptions): Promise<void> {
  return runCommand(options.json === true, createReport, async (terminal) => {
    const name = options.name ?? basename(vaultFolder(options));
    const made = await createVault({ ...options, name, keychain: options.keychain === true }, terminal);
    const report: CreateReport = {
      vaultId: made.header.vaultId,
      name,
      recoveryCode: made.recoveryCode.split('-'),
      keychain: made.keychain,
    };
    return { report, text: text(report), exit: 0 };
  });
}
