import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, fillFolder, ROOT } from './cache.ts';
import { run, runOrThrow } from './command.ts';
import { fileDigest } from './download.ts';
import type { Found, Item, Progress } from './item.ts';
import { unzip } from './unzip.ts';

const PACKAGE = join(ROOT, 'node_modules', '@tensorflow', 'tfjs-node');
/** 586 MiB that `npm ci` must not wipe; the package gets links to it. */
const KEPT = join(cacheFolder(), 'tfjs-node', `4.22.0-${platform()}-${arch()}`);
const PARTS = ['lib', 'deps'] as const;
const READY: Found = { state: 'ready', where: 'node_modules/@tensorflow/tfjs-node/{lib,deps}' };
const WITHOUT = 'without it models train on WebAssembly, several times slower; everything else is the same';

/** Python's package of TensorFlow: its library has the whole C interface, and package registries mirror it. */
const WHEEL = {
  requirement: 'tensorflow-cpu==2.15.1',
  sha256: 'ba9503db2c5357ea21938555323581fbdabf3d051b6bc1b5f73c5b0ae034d077',
  size: '198 MiB',
} as const;
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/c/', 'tsl/platform/'];
const LIBRARIES = {
  'libtensorflow_cc.so.2': 'libtensorflow.so',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so',
} as const;

/** Loading happens in a process of its own: an add-on that crashes the loader must not take the provisioning along. */
async function loads(): Promise<boolean> {
  if (!existsSync(join(PACKAGE, 'lib'))) return false;
  // Node 23 took a function away that the package still calls.
  const script = `require('node:util').isNullOrUndefined ??= (x) => x == null; require(${JSON.stringify(PACKAGE)})`;
  return (await run(process.execPath, ['-e', script])).code === 0;
}

async function link(): Promise<void> {
  for (const part of PARTS) {
    const at = join(PACKAGE, part);
    const there = await lstat(at).catch(() => null);
    if (there !== null && !there.isSymbolicLink()) await rm(at, { recursive: true });
    else if (there !== null) await rm(at);
    // A junction needs no right that a person on Windows lacks.
    await symlink(join(KEPT, part), at, 'junction');
  }
}

async function find(): Promise<Found | null> {
  if (existsSync(join(KEPT, 'lib')) && !existsSync(join(PACKAGE, 'lib'))) await link();
  return (await loads()) ? READY : null;
}

async function reachable(url: string): Promise<boolean> {
  return fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(4_000) }).then(
    () => true,
    () => false,
  );
}

/** The package's own way: its install script downloads library and add-on. */
async function official(progress: Progress): Promise<boolean> {
  if (!(await reachable('https://storage.googleapis.com/tensorflow/'))) return false;
  progress('downloading the library that the package names');
  await run('npm', ['rebuild', '@tensorflow/tfjs-node', '--ignore-scripts=false'], { cwd: ROOT, timeoutMs: 600_000 });
  if (!(await loads())) return false;
  await fillFolder(KEPT, async (folder) => {
    for (const part of PARTS) await cp(join(PACKAGE, part), join(folder, part), { recursive: true });
  });
  return true;
}

async function fetchWheel(folder: string): Promise<string> {
  const abi = ['--python-version', '310', '--implementation', 'cp', '--abi', 'cp310'];
  const platforms = ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'].flatMap((name) => ['--platform', name]);
  const args = ['download', '--quiet', '--no-deps', '--only-binary=:all:', ...abi, ...platforms, '--dest', folder];
  await runOrThrow('python3', ['-m', 'pip', ...args, WHEEL.requirement]);
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error(`pip brought no wheel of ${WHEEL.requirement}`);
  const wheel = join(folder, name);
  if ((await fileDigest(wheel, 'sha256', 'hex')) !== WHEEL.sha256) throw new Error('the wheel has another SHA-256');
  return wheel;
}

/** Where a file of the wheel goes in the package's `deps` folder; null: not needed. */
function place(entry: string): string | null {
  const header = entry.replace(/^tensorflow\/include\//, '');
  if (header !== entry && !header.endsWith('/') && HEADERS.some((start) => header.startsWith(start)))
    return join('include', header);
  const library = entry.replace(/^tensorflow\//, '');
  return library in LIBRARIES ? join('lib', library) : null;
}

/** Unpacks libraries and headers of the wheel as the package's `deps` folder. */
async function unpack(wheel: string, deps: string): Promise<void> {
  await mkdir(deps);
  await unzip(wheel, deps, place);
  for (const [library, alias] of Object.entries(LIBRARIES)) await symlink(library, join(deps, 'lib', alias));
}

/** The library of the wheel, and the add-on compiled against it in a copy of the package's sources. */
async function fromWheel(progress: Progress): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'vitrine-tfjs-node-'));
  try {
    progress(`the library is out of reach: taking it from ${WHEEL.requirement} (${WHEEL.size})`);
    const wheel = await fetchWheel(scratch);
    await fillFolder(KEPT, async (folder) => {
      for (const part of ['binding', 'binding.gyp', 'package.json'])
        await cp(join(PACKAGE, part), join(folder, part), { recursive: true });
      await unpack(wheel, join(folder, 'deps'));
      progress('compiling the add-on');
      const preGyp = join(ROOT, 'node_modules', '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp');
      const npm = dirname((await runOrThrow('npm', ['root', '--global'])).trim());
      const nodeGyp = join(npm, 'node_modules', 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
      const args = ['install', '--build-from-source', `--nodedir=${join(dirname(process.execPath), '..')}`];
      const env = { ...process.env, npm_config_node_gyp: nodeGyp };
      await runOrThrow(process.execPath, [preGyp, ...args], { cwd: folder, env });
      for (const left of await readdir(folder))
        if (!(PARTS as readonly string[]).includes(left)) await rm(join(folder, left), { recursive: true });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function provide(progress: Progress): Promise<Found> {
  if (!(await official(progress))) {
    if (platform() !== 'linux' || arch() !== 'x64')
      return { state: 'missing', where: `its library is out of reach; ${WITHOUT}` };
    await fromWheel(progress);
  }
  await link();
  if (!(await loads())) throw new Error(`tfjs-node was built and does not load; ${WITHOUT}`);
  return READY;
}

/** Wanted for training alone, `npm run provision -- training`. Optional. */
export const tfjsNode: Item = { name: 'TensorFlow (training)', required: false, find, provide };
