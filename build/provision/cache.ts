import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/** The checkout's root folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The user's cache folder of Vitrine: outside node_modules, which `npm ci` wipes, and shared by all checkouts.
 * `VITRINE_CACHE` names another one.
 */
export function cacheFolder(): string {
  const { VITRINE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (VITRINE_CACHE) return VITRINE_CACHE;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'vitrine');
  if (platform() === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'vitrine', 'cache');
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vitrine');
}

/**
 * Fills `target` all or nothing: `fill` gets an empty folder beside it, which takes its place by one rename. A run that
 * is killed half way leaves no half target, and two runs at once don't meet.
 */
export async function fillFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const folder = await mkdtemp(`${target}.partial-`);
  try {
    await fill(folder);
    // `mkdtemp` makes a private folder; what is built may be read like everything else of the checkout.
    await chmod(folder, 0o755);
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
