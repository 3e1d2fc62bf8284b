/**
 * States of a vault that are remembered outside of it, beside the audit log's checkpoints: whoever takes the whole folder
 * back to an earlier day leaves them. Signed by the vault's own key; in the clear they say how many studies there are.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../durable-file.ts';

const FOLDER = 'vault-states';
/** Headers and accounts that a vault had and has no more; more than anybody changes slots. */
const KEPT = 256;

/** Inside the vault: the state of the last change that was published. */
export const STATE_FILE = 'state';

/** The folder of the remembered states in a profile. */
export function statesIn(profile: string): string {
  return join(profile, FOLDER);
}

/** The entry of the keychain that remembers a vault's state. */
export function stateAccount(vaultId: string): string {
  return `${vaultId}/state`;
}

/** Null when there is none, or it can't be read: then others may remember. */
export async function readState(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text !== null && text.length <= 4096 ? text : null;
}

export function readOutside(folder: string, vaultId: string): Promise<string | null> {
  return readState(join(folder, `${vaultId}.state`));
}

export async function writeOutside(folder: string, vaultId: string, note: string): Promise<void> {
  await replaceFile(join(folder, `${vaultId}.state`), note);
}

/** Files beside the studies of which an older one lets people in who were shut out: the header, the accounts. */
export type Replaced = 'headers' | 'accounts';

/** Hashes of such a file that the vault had, oldest first; the last is the newest. */
export async function readKnown(folder: string, vaultId: string, of: Replaced): Promise<string[]> {
  const text = await readFile(join(folder, `${vaultId}.${of}`), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
}

/** Remembers that a file is the newest of its kind. */
export async function keepKnown(folder: string, vaultId: string, of: Replaced, sha256: string): Promise<void> {
  const known = await readKnown(folder, vaultId, of);
  if (known.at(-1) === sha256) return;
  const kept = [...known.filter((line) => line !== sha256), sha256].slice(-KEPT);
  await replaceFile(join(folder, `${vaultId}.${of}`), `${kept.join('\n')}\n`);
}
