import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './exit.ts';
import { ROOT } from './provision/cache.ts';

/** The parts of the built application. Each is built alone, and only when one of its sources changed. */
export const TARGETS = ['main', 'preload', 'renderer', 'compute', 'cli'] as const;
export type Target = (typeof TARGETS)[number];

/** The built application: what Electron is started with. */
export const APP = join(ROOT, 'out', 'app');

/** What a target is made of besides the lock file and the bundler itself. */
const SOURCES: Readonly<Record<Target, readonly string[]>> = {
  main: ['core', 'electron', 'native', 'models'],
  preload: ['core', 'electron'],
  renderer: ['core', 'renderer'],
  compute: ['core', 'renderer/compute', 'models'],
  cli: ['core', 'electron', 'native', 'models'],
};

const ALWAYS = ['package.json', 'package-lock.json', 'build/bundle.ts', 'build/bundle-targets.ts'];

/** Name, size and time of every source: a few milliseconds, against seconds of a build that changes nothing. */
async function fingerprint(target: Target): Promise<string> {
  const files = [...ALWAYS];
  for (const folder of SOURCES[target]) {
    const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) files.push(join(entry.parentPath, entry.name));
    }
  }
  const lines = await Promise.all(
    files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(join(file.startsWith(ROOT) ? '' : ROOT, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
  return lines.join('\n');
}

const stampFile = (target: Target): string => join(ROOT, '.cache', 'bundle', target);

async function isFresh(target: Target): Promise<boolean> {
  const built = await stat(join(APP, target)).catch(() => null);
  const stamp = await readFile(stampFile(target), 'utf8').catch(() => '');
  return built !== null && stamp === (await fingerprint(target));
}

/**
 * Brings `out/app` up to date.
 * @param say gets one line for each part that had to be built.
 * @returns the parts that were built; none when all of them were up to date.
 */
export async function bundle(targets: readonly Target[], say: (line: string) => void): Promise<Target[]> {
  const stale: Target[] = [];
  for (const target of targets) if (!(await isFresh(target))) stale.push(target);
  if (stale.length === 0) return [];
  // Loaded only now: the bundler takes longer to load than the freshness check takes to run.
  const { buildTarget, writeManifest } = await import('./bundle-targets.ts');
  await mkdir(join(ROOT, '.cache', 'bundle'), { recursive: true });
  await writeManifest(APP);
  // Models are data: they lie beside the code as they are, and are checked whenever one is read.
  await cp(join(ROOT, 'models', 'zoo'), join(APP, 'zoo'), { recursive: true });
  for (const target of stale) {
    const started = performance.now();
    const before = await fingerprint(target);
    if (await buildTarget(target, join(APP, target))) {
      say(`built ${target} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      await writeFile(stampFile(target), before);
    } else {
      say(`${target}: its entry isn't there`);
    }
  }
  return stale;
}

/** `tsx build/bundle.ts [TARGET …]` */
await command(import.meta.url, async () => {
  const wanted = TARGETS.filter((target) => process.argv.length <= 2 || process.argv.includes(target));
  const built = await bundle(wanted, (line) => console.log(line));
  if (built.length === 0) console.log('out/app is up to date');
  return 0;
});
