import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, ROOT } from './cache.ts';
import { run } from './command.ts';
import type { Found, Item, Progress } from './item.ts';

const FOLDER = join(ROOT, 'native', 'engine');
/** What the loader (`native/engine/index.ts`) looks for. */
const ADD_ON = join(FOLDER, 'vitrine-engine.node');
/** From which sources it was built. */
const RECORD = join(FOLDER, 'vitrine-engine.json');
const WITHOUT =
  'without it sealing runs on the platform engine, several times slower, and core dumps are not turned off';
const LIBRARY =
  platform() === 'win32'
    ? 'vitrine_engine.dll'
    : platform() === 'darwin'
      ? 'libvitrine_engine.dylib'
      : 'libvitrine_engine.so';

/** Hash of everything that the add-on is made of: a few small files. */
export async function nativeEngineSources(): Promise<string> {
  const hash = createHash('sha256').update(`${platform()} ${arch()}`);
  const modules = (await readdir(join(FOLDER, 'src'))).sort().map((name) => join('src', name));
  for (const file of ['Cargo.toml', 'Cargo.lock', 'build.rs', ...modules])
    hash.update(`\n${file}\n`).update(await readFile(join(FOLDER, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Loading happens in a process of its own: an add-on that crashes the loader must not take the provisioning along. */
async function loads(path: string): Promise<boolean> {
  const script = `process.dlopen({ exports: {} }, ${JSON.stringify(path)})`;
  return (await run(process.execPath, ['-e', script])).code === 0;
}

async function find(): Promise<Found | null> {
  const sources = await nativeEngineSources();
  const record = await readFile(RECORD, 'utf8').catch(() => '');
  if (record !== recordOf(sources) || !existsSync(ADD_ON) || !(await loads(ADD_ON))) return null;
  return { state: 'ready', where: 'native/engine/vitrine-engine.node' };
}

const recordOf = (sources: string): string => `${JSON.stringify({ sources })}\n`;

/** A running Vitrine may have the old add-on mapped: it is replaced by a rename, never written over. */
async function place(from: string, to: string): Promise<void> {
  const partial = `${to}.partial-${process.pid}`;
  await copyFile(from, partial);
  await rename(partial, to);
}

/** Builds into the user's cache folder, where the crates stay compiled for the next change and the next checkout. */
async function build(progress: Progress): Promise<string> {
  const target = join(cacheFolder(), 'native-engine', 'target');
  const args = ['build', '--release', '--locked', '--manifest-path', join(FOLDER, 'Cargo.toml')];
  progress('building the sealing engine with cargo, about a minute the first time');
  const ended = await run('cargo', args, { env: { ...process.env, CARGO_TARGET_DIR: target } });
  if (ended.code === 0) return join(target, 'release', LIBRARY);
  const tail = ended.output.trim().split('\n').slice(-4).join(' ');
  throw new Error(`cargo could not build it (${tail}); ${WITHOUT}`);
}

async function provide(progress: Progress): Promise<Found> {
  const sources = await nativeEngineSources();
  const kept = join(cacheFolder(), 'native-engine', `${sources}.node`);
  if (!existsSync(kept)) {
    if ((await run('cargo', ['--version'])).code !== 0) {
      return {
        state: 'missing',
        where: `no Rust compiler; ${WITHOUT}`,
        hint: 'rustup.rs installs Rust; then: npm run provision',
      };
    }
    const library = await build(progress);
    if (!(await loads(library))) throw new Error(`the sealing engine was built and does not load; ${WITHOUT}`);
    await mkdir(join(kept, '..'), { recursive: true });
    await place(library, kept);
  }
  await place(kept, ADD_ON);
  await writeFile(RECORD, recordOf(sources));
  if (!(await loads(ADD_ON))) throw new Error(`the sealing engine does not load; ${WITHOUT}`);
  return { state: 'ready', where: 'native/engine/vitrine-engine.node' };
}

/** Item 4: the native sealing engine. Optional: everything works without it. */
export const nativeEngine: Item = { name: 'sealing engine (Rust)', required: false, find, provide };
