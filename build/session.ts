import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './exit.ts';

/** Set inside a session, so that a command which starts one again joins the one that it is in. */
const MARK = 'VITRINE_SESSION';

/**
 * The password of the throw-away keyring is a line feed. It must not be empty: gnome-keyring-daemon then starts, exits
 * with 0 and stores nothing.
 */
const UNLOCK_AND_RUN = [
  'eval "$(printf "\\n" | gnome-keyring-daemon --unlock --components=secrets)"',
  'export GNOME_KEYRING_CONTROL',
  'exec "$@"',
].join('; ');

/** Whether this process has a screen to show a window on. */
export function hasDisplay(): boolean {
  return platform() !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Arguments that Electron needs here besides the application's own. Chromium refuses to start as root with its sandbox
 * on, so a root shell (a container, CI) gives up the operating system's sandbox, in development and tests only: the
 * packaged application never passes this. Chromium's process model and Electron's preload isolation stay as they are.
 */
export function electronArguments(): string[] {
  return platform() === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * Starts `words` with a session bus, an unlocked keyring and a virtual display of its own, none of which outlives it
 * or is shared with the person's desktop. Elsewhere than on Linux the desktop's own session is used.
 * @returns the exit code, 1 when a signal ended it.
 */
export async function runInSession(
  words: readonly [string, ...string[]],
  options: { env?: NodeJS.ProcessEnv; onStart?: (child: ChildProcess) => void } = {},
): Promise<number> {
  const env = options.env ?? process.env;
  if (platform() !== 'linux' || env[MARK]) return await spawned(words, env, options.onStart);
  const home = await mkdtemp(join(tmpdir(), 'vitrine-session-'));
  try {
    const screen = '-screen 0 1920x1200x24';
    const wrapper = ['xvfb-run', '-a', '-s', screen, 'bash', '-c', UNLOCK_AND_RUN, '_'];
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, DBUS_SESSION_BUS_ADDRESS: _bus, ...rest } = env;
    const inside = { ...rest, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, XDG_SESSION_TYPE: 'x11', [MARK]: '1' };
    return await spawned(['dbus-run-session', '--', ...wrapper, ...words], inside, options.onStart);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function spawned(
  [name, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  onStart?: (child: ChildProcess) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { env, stdio: 'inherit', shell: platform() === 'win32' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
    onStart?.(child);
  });
}

/** `tsx build/session.ts COMMAND [ARGUMENT …]` */
await command(import.meta.url, async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined) throw new Error('usage: tsx build/session.ts COMMAND [ARGUMENT …]');
  return await runInSession([name, ...args]);
});
