/**
 * Whether the Secret Service of a Linux desktop would keep a secret as good as unprotected. It takes one all the same and says
 * nothing, so it is looked for where it shows:
 *
 * - libsecret told to use its own file (`SECRET_BACKEND=file`) outside of a sandbox, whose password is then in the environment
 *   or well known;
 * - a default keyring of gnome-keyring without a password, whose file is text instead of ciphertext.
 *
 * Chromium's `basic_text` and kernel keyutils can't be met here: keytar knows the Secret Service and nothing else, and where
 * that isn't on the bus its calls fail, which is `keychain/unavailable`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How the file of a keyring without a password begins; one with a password begins with `GnomeKeyring`. */
const TEXT_KEYRING = '[keyring]';

/** The beginning of a file, or an empty text where it can't be read. */
function headOf(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'latin1').slice(0, 64) : '';
  } catch {
    return '';
  }
}

/** Why secrets would be kept unprotected, for the log; null: nothing speaks for it. */
export function plaintextBackend(
  env: NodeJS.ProcessEnv = process.env,
): 'file-backend' | 'keyring-without-password' | null {
  if (env['SECRET_BACKEND'] === 'file') return 'file-backend';
  const data = env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'share');
  const keyrings = join(data, 'keyrings');
  const name = headOf(join(keyrings, 'default')).trim() || 'login';
  if (!/^[\w. -]+$/.test(name)) return null;
  return headOf(join(keyrings, `${name}.keyring`)).startsWith(TEXT_KEYRING) ? 'keyring-without-password' : null;
}
