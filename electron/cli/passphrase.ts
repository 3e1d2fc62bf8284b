import { readFile, stat } from 'node:fs/promises';
import { cliError } from './errors.ts';
import { askSecret, type Terminal } from './terminal.ts';

/** Far more than any passphrase: a file beyond it is a mistake. */
const FILE_LIMIT = 64 * 1024;

async function fromFile(file: string, terminal: Terminal): Promise<string> {
  try {
    const entry = await stat(file);
    if (entry.size > FILE_LIMIT) throw new RangeError('not a passphrase file');
    if (process.platform !== 'win32' && entry.isFile() && (entry.mode & 0o044) !== 0)
      terminal.note('vitrine: warning: other users of this computer can read the passphrase file (chmod 600 it)');
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw cliError('cli/passphrase-unreadable', cause);
  }
}

/**
 * The passphrase: the file's text without its last line break, or asked for on the terminal.
 * @param confirm ask twice, for a new one
 * @param question what is asked for on the terminal
 */
export async function readPassphrase(
  options: { passphraseFile?: string | undefined },
  terminal: Terminal,
  confirm = false,
  question = 'Passphrase: ',
): Promise<string> {
  if (options.passphraseFile !== undefined) return fromFile(options.passphraseFile, terminal);
  const first = await askSecret(question);
  if (first === null) throw cliError('cli/no-passphrase');
  if (confirm && (await askSecret('Again: ')) !== first) throw cliError('cli/passphrases-differ');
  return first;
}
