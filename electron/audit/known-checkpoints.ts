/** Checkpoints that are kept outside of the vault: whoever takes the vault's folder back to an earlier state leaves them. */
import { readdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';

const FOLDER = 'audit-checkpoints';
const LIMIT = 64;

/** The folder of the checkpoints in a profile. */
export function checkpointsIn(profile: string): string {
  return join(profile, FOLDER);
}

/** Where the application keeps its profile when it isn't told otherwise: what Electron calls `userData`. */
export function defaultProfile(): string {
  const given = process.env['VITRINE_USER_DATA'];
  if (given !== undefined && given !== '') return given;
  const roaming = process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming');
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const support = join(homedir(), 'Library', 'Application Support');
  const places: Partial<Record<NodeJS.Platform, string>> = { win32: roaming, darwin: support };
  return join(places[process.platform] ?? config, 'Vitrine');
}

/** The newest checkpoint of a vault's log that this profile has seen, or null. */
export async function readKnown(folder: string, vaultId: string): Promise<string | null> {
  try {
    return await readFile(join(folder, `${vaultId}.checkpoint`), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Keeps the newest. */
export async function writeKnown(folder: string, vaultId: string, checkpoint: string): Promise<void> {
  await replaceFile(join(folder, `${vaultId}.checkpoint`), checkpoint);
}

/** Puts a checkpoint aside that the log doesn't fit: it is the evidence, and no later one may take its place. */
export async function keepAside(folder: string, vaultId: string, at: Date): Promise<void> {
  const stamp = at.toISOString().replaceAll(/[-:.]/g, '');
  await rename(join(folder, `${vaultId}.checkpoint`), join(folder, `${vaultId}.${stamp}.conflict`));
}

/** All of them: the newest and those put aside. */
export async function allKnown(folder: string, vaultId: string): Promise<string[]> {
  const found = await readdir(folder).catch(() => []);
  const ours = found.filter((name) => name.startsWith(`${vaultId}.`) && /\.(checkpoint|conflict)$/.test(name));
  return Promise.all(
    ours
      .sort()
      .slice(0, LIMIT)
      .map((name) => readFile(join(folder, name), 'utf8')),
  );
}
