import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { run, runOrThrow } from './command.ts';
import type { Found, Item, Progress } from './item.ts';

/** Electron's libraries, the virtual display, the session bus and the keychain daemon. */
const RUNTIME_PACKAGES = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libsecret-1-0',
  'libsecret-1-dev',
  'dbus',
  'gnome-keyring',
];

/** What the forensic sweep, the benchmark and the tests of `npm test` call besides. */
const TEST_PACKAGES = ['age', 'strace', 'openssl'];

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

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['-o', 'DPkg::Lock::Timeout=60', 'install', '-y', '--no-install-recommends', ...packages];
  progress(`apt-get install ${packages.join(' ')}`);
  if ((await run('apt-get', args, { env })).code === 0) return;
  progress('apt-get update');
  await runOrThrow('apt-get', ['update'], { env });
  await runOrThrow('apt-get', args, { env });
}

function debianItem(name: string, packages: readonly string[], required: boolean): Item {
  const ready: Found = { state: 'ready', where: `${packages.length} installed` };
  return {
    name,
    required,
    async find() {
      if (!isDebian()) return { state: 'ready', where: 'not a Debian system: nothing to install' };
      return (await missing(packages)).length === 0 ? ready : null;
    },
    async provide(progress) {
      const absent = await missing(packages);
      if (process.getuid?.() === 0) await install(absent, progress);
      const rest = await missing(packages);
      if (rest.length === 0) return { ...ready, where: `${ready.where}, ${absent.length} of them now` };
      return { state: 'missing', where: rest.join(' '), hint: `sudo ${command(rest)}` };
    },
  };
}

/** Item 3: the Debian packages that Electron and the keychain need. */
export const debian: Item = debianItem('Debian packages', RUNTIME_PACKAGES, true);

/** For tests and benchmarks only: `npm start` does not ask for them. */
export const debianForTests: Item = debianItem('Debian packages (tests)', TEST_PACKAGES, true);
