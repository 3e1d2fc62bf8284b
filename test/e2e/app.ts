import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { electronDist } from '../../build/provision/electron.ts';
import { electronArguments } from '../../build/session.ts';
import type { Bridge } from '../../core/contract/bridge.ts';
import type { ImportEnd } from '../../core/contract/import.ts';
import type { EventPayload, OperationName, Request, Response } from '../../core/contract/operations.ts';
import { ROOT } from '../command.ts';

declare global {
  interface Window {
    readonly vitrine: Bridge;
  }
}

/** Folders of one person on one machine; everything that the application keeps lies below `folder`. */
export interface Profile {
  readonly folder: string;
  readonly userData: string;
  readonly vault: string;
  readonly temp: string;
}

/** A running application. */
export interface Vitrine {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly profile: Profile;
}

/** Makes a profile that nobody has used. */
export async function createProfile(parent: string = tmpdir()): Promise<Profile> {
  const folder = await mkdtemp(join(parent, 'vitrine-profile-'));
  const userData = join(folder, 'profile');
  const profile = { folder, userData, vault: join(userData, 'vault'), temp: join(folder, 'tmp') };
  await mkdir(profile.temp);
  return profile;
}

export async function removeProfile(profile: Profile): Promise<void> {
  await rm(profile.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function environment(profile: Profile): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) inherited[name] = value;
  return {
    ...inherited,
    HOME: profile.folder,
    XDG_CONFIG_HOME: join(profile.folder, 'config'),
    XDG_CACHE_HOME: join(profile.folder, 'cache'),
    TMPDIR: profile.temp,
  };
}

/**
 * Starts the built application (`out/app`, or the folder that VITRINE_APP names) on a profile and waits for its window. Needs the session of
 * `build/session.ts` around it.
 */
export async function launch(
  profile: Profile,
  options: { app?: string; env?: Record<string, string>; args?: readonly string[] } = {},
): Promise<Vitrine> {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = await electronDist();
  const app = await electron.launch({
    args: [
      ...electronArguments(),
      ...(options.args ?? []),
      options.app ?? process.env['VITRINE_APP'] ?? join(ROOT, 'out', 'app'),
      `--user-data-dir=${profile.userData}`,
    ],
    cwd: ROOT,
    env: { ...environment(profile), ...options.env },
    timeout: 30_000,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  return { electron: app, page, profile };
}

/** Quits as a person does, and waits until the process is gone. */
export async function quit(vitrine: Vitrine): Promise<void> {
  await vitrine.electron.close();
}

/** Main collects its garbage at times, and the driver's own promise can be among it: then it is asked again. */
async function again<Result>(ask: () => Promise<Result>): Promise<Result> {
  return await ask().catch((error: unknown) => {
    if (!String(error).includes('garbage collected')) throw error;
    return ask();
  });
}

/** Gives the window's content an exact size, CSS pixels. */
export async function resize(vitrine: Vitrine, width: number, height: number): Promise<void> {
  const change = () =>
    vitrine.electron.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
  await again(change);
  await vitrine.page.waitForFunction((size) => window.innerWidth === size.width && window.innerHeight === size.height, {
    width,
    height,
  });
}

/** Asks main by the contract, as the window does. @throws Error with the code when main refuses */
export async function ask<Name extends OperationName>(
  page: Page,
  name: Name,
  request: Request<Name>,
): Promise<Response<Name>> {
  const asked = { name: name as OperationName, request: request as Request<OperationName> };
  const answer = await page.evaluate(({ name, request }) => window.vitrine.call(name, request), asked);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value as Response<Name>;
}

/** The person picks these in the operating system's dialog: the one thing that a test can't press. */
export async function pickInDialog(vitrine: Vitrine, paths: readonly string[]): Promise<void> {
  await again(() =>
    vitrine.electron.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
    }, paths),
  );
}

/** Imports files or folders by the dialog's way and waits for the report. @throws Error when the import fails */
export async function importPaths(vitrine: Vitrine, paths: readonly string[]): Promise<ImportEnd> {
  await pickInDialog(vitrine, paths);
  const { source } = await ask(vitrine.page, 'import.choose', { kind: 'folder' });
  if (source === null) throw new Error('the dialog gave no files');
  return await imported(vitrine.page, source);
}

/** Starts an import (null: the sample study) and answers its report. */
export async function imported(page: Page, source: string | null): Promise<ImportEnd> {
  const outcome = await page.evaluate(async (handle) => {
    // No function gets a name in here: the TypeScript loader would refer to a helper that the page doesn't have.
    const finished = new Promise<EventPayload<'import.finished'>>((resolve) => {
      window.vitrine.on('import.finished', resolve);
    });
    const started =
      handle === null
        ? await window.vitrine.call('import.sample', {})
        : await window.vitrine.call('import.start', { source: handle });
    return started.ok ? await finished : started.error.code;
  }, source);
  if (typeof outcome === 'string') throw new Error(outcome);
  if (outcome.outcome !== 'done') throw new Error(`import ${outcome.outcome}: ${outcome.code}`);
  return outcome;
}

/** Ids of a process and all that it started, the first one first. */
function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const tree = [root];
  for (const id of tree) for (const [child, parent] of parents) if (parent === id) tree.push(child);
  return tree;
}

/** `kill -9` of the whole application at once; no handler of it runs. */
export async function killTree(vitrine: Vitrine): Promise<void> {
  const root = vitrine.electron.process();
  const gone = new Promise((resolve) => root.once('exit', resolve));
  for (const id of processTree(root.pid ?? 0)) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  await gone;
}
