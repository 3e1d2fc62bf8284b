import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { run, runOrThrow } from './command.ts';
import type { Item, Progress } from './item.ts';

/** What a window with a keychain needs. */
const WINDOW = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0'];

/** What building keytar needs, where its prebuilt is out of reach. */
const BUILDING = ['libsecret-1-dev'];

/** A display, a session bus and a keychain of its own: for machines without a desktop, and for the tests anywhere. */
const SESSION = ['xvfb', 'xauth', 'dbus', 'gnome-keyring'];

/** What the forensic sweep and the benchmark call besides. */
const TESTS = ['age', 'strace', 'openssl'];

function isDebian(): boolean {
  return platform() === 'linux' && existsSync('/usr/bin/dpkg-query');
}

/** Names that are not installed. A name that a newer release renamed (`libgtk-3-0t64`) counts by what it provides. */
async function missing(packages: readonly string[]): Promise<string[]> {
  const format = '$' + '{db:Status-Status} $' + '{Package} $' + '{Provides}\\n';
  const { output } = await run('dpkg-query', ['-W', '-f', format]);
  const installed = new Set<string>();
  for (const line of output.split('\n')) {
    // "triggers-pending" and "triggers-awaited" are installed too: another apt-get is at work right now.
    if (!/^(installed|triggers-)/.test(line)) continue;
    for (const name of line
      .replaceAll(/\([^)]*\)|,/g, ' ')
      .split(/\s+/)
      .slice(1))
      installed.add(name);
  }
  return packages.filter((name) => !installed.has(name));
}

function command(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries (`libasound2t64`); the old name alone is then refused as ambiguous. */
async function currentName(name: string): Promise<string> {
  return (await run('apt-cache', ['show', `${name}t64`])).code === 0 ? `${name}t64` : name;
}

async function install(names: readonly string[], progress: Progress): Promise<void> {
  const packages = await Promise.all(names.map(currentName));
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['-o', 'DPkg::Lock::Timeout=60', 'install', '-y', '--no-install-recommends', ...packages];
  progress(`apt-get install ${packages.join(' ')}`);
  if ((await run('apt-get', args, { env })).code === 0) return;
  progress('apt-get update');
  await runOrThrow('apt-get', ['update'], { env });
  await runOrThrow('apt-get', args, { env });
}

function debianItem(name: string, packages: readonly string[], required: boolean, together: readonly string[]): Item {
  return {
    name,
    required,
    async find() {
      if (!isDebian()) return { state: 'ready', where: 'not a Debian system: nothing looked for' };
      const absent = await missing(packages);
      return absent.length === 0 ? { state: 'ready', where: packages.join(' ') } : null;
    },
    async provide(progress) {
      if (process.getuid?.() === 0) await install(await missing(together), progress);
      const rest = await missing(packages);
      if (rest.length === 0) return { state: 'ready', where: packages.join(' ') };
      return {
        state: 'missing',
        where: rest.join(' '),
        hint: `sudo ${command(await Promise.all(rest.map(currentName)))}`,
      };
    },
  };
}

/** All that `npm start` may need, so that root installs it in one go. */
const ALL = [...WINDOW, ...BUILDING, ...SESSION];

/** Item 3: the Debian packages, by what they are needed for. */
export const debian = {
  window: debianItem('Debian: window', WINDOW, true, ALL),
  building: debianItem('Debian: keytar', BUILDING, false, ALL),
  session: debianItem('Debian: virtual display', SESSION, true, ALL),
  tests: debianItem('Debian: tests', TESTS, true, TESTS),
};
