import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cache.ts';
import { run, runOrThrow } from './command.ts';
import type { Found, Item, Progress } from './item.ts';

const PACKAGE = join(ROOT, 'node_modules', 'keytar');
/** Where both ways leave the add-on. */
export const KEYTAR_ADD_ON = join(PACKAGE, 'build', 'Release', 'keytar.node');

/** Loading happens in a process of its own: an add-on that crashes the loader must not take the provisioning along. */
async function loads(): Promise<boolean> {
  return (
    existsSync(KEYTAR_ADD_ON) && (await run(process.execPath, ['-e', `require(${JSON.stringify(PACKAGE)})`])).code === 0
  );
}

async function find(): Promise<Found | null> {
  return (await loads()) ? { state: 'ready', where: 'node_modules/keytar/build/Release/keytar.node' } : null;
}

async function provide(progress: Progress): Promise<Found> {
  // Install scripts are off in this checkout (.npmrc), so neither of keytar's two ways has run yet.
  progress('fetching the prebuilt add-on');
  const prebuilt = join(ROOT, 'node_modules', 'prebuild-install', 'bin.js');
  await run(process.execPath, [prebuilt, '--runtime=napi', '--target=3'], { cwd: PACKAGE, timeoutMs: 8_000 });
  if (await loads()) return { state: 'ready', where: 'prebuilt, node_modules/keytar/build/Release/keytar.node' };
  progress('the prebuilt is out of reach: building from source');
  await runOrThrow('npm', ['rebuild', 'keytar', '--ignore-scripts=false', '--build-from-source'], { cwd: ROOT });
  if (await loads()) return { state: 'ready', where: 'built, node_modules/keytar/build/Release/keytar.node' };
  throw new Error('keytar was built and does not load');
}

/** Item 2: keytar's add-on, through which the operating system's keychain is reached. */
export const keytar: Item = { name: 'keytar (keychain)', required: true, find, provide };
