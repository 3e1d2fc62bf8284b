import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecretStore } from '../../core/keys/types.ts';
import { createKeytarStore, type Keytar } from './keytar-store.ts';

const failsWith = (code: string) => expect.objectContaining({ code });

function storeOver(keytar: Partial<Keytar>, platform = 'darwin'): SecretStore {
  return createKeytarStore({ load: () => keytar as Keytar, timeoutMs: 30, platform });
}

describe('keytar store', () => {
  it.each([
    ['Cannot create an item in a locked collection', 'keychain/locked'],
    ['User interaction is not allowed.', 'keychain/locked'],
    ['User canceled the operation.', 'keychain/cancelled'],
    ['Prompt dismissed', 'keychain/cancelled'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain/unavailable'],
  ])('turns "%s" into %s', async (words, code) => {
    const fail = () => Promise.reject(new Error(words));
    const store = storeOver({ getPassword: fail, setPassword: fail, deletePassword: fail });
    await expect(store.get('a')).rejects.toEqual(failsWith(code));
    await expect(store.set('a', new Uint8Array(1))).rejects.toEqual(failsWith(code));
    await expect(store.delete('a')).rejects.toEqual(failsWith(code));
  });

  it('is unavailable when the module does not load, and tries again at the next call', async () => {
    let built = false;
    const load = (): Keytar => {
      if (!built) throw new Error('Cannot find module keytar.node');
      return { getPassword: async () => null } as unknown as Keytar;
    };
    const store = createKeytarStore({ load, platform: 'darwin' });
    await expect(store.get('a')).rejects.toEqual(failsWith('keychain/unavailable'));
    built = true;
    expect(await store.get('a')).toBeNull();
  });

  it('gives up on a keychain that never answers', async () => {
    const store = storeOver({ getPassword: () => new Promise(() => undefined) });
    await expect(store.get('a')).rejects.toEqual(failsWith('keychain/unavailable'));
  });

  it('does not take a dismissed dialog of the Secret Service for "never created"', async () => {
    const setPassword = () => Promise.reject(new Error('Cannot create an item in a locked collection'));
    const store = storeOver({ getPassword: async () => null, setPassword }, 'linux');
    await expect(store.get('a')).rejects.toEqual(failsWith('keychain/locked'));
    const forgetful = storeOver({ getPassword: async () => null, setPassword: async () => undefined }, 'linux');
    await expect(forgetful.get('a')).rejects.toEqual(failsWith('keychain/locked'));
  });
});

const hasTool = (name: string) => ['/usr/bin/', '/bin/', '/usr/local/bin/'].some((folder) => existsSync(folder + name));
const root = fileURLToPath(new URL('../../', import.meta.url));
const canRun =
  hasTool('dbus-run-session') &&
  hasTool('gnome-keyring-daemon') &&
  existsSync(join(root, 'node_modules/keytar/build/Release/keytar.node'));

describe.skipIf(!canRun && !process.env['CI'])('keytar store over a real gnome-keyring', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'vitrine-keyring-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const unlocked = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >&2';
  const locked = 'gnome-keyring-daemon --start --components=secrets >&2';

  async function probe(daemon: string, ...steps: string[]): Promise<unknown> {
    const script = `${daemon}; exec "$@"`;
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const command = [process.execPath, tsx, join(root, 'test/fixtures/keyring-probe.ts'), ...steps];
    const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home };
    const args = ['--', 'bash', '-c', script, '_', ...command];
    const { stdout } = await promisify(execFile)('dbus-run-session', args, { env, timeout: 60_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
  }

  it('stores, gives, replaces and removes', { timeout: 60_000 }, async () => {
    expect(
      await probe(
        unlocked,
        'get:a',
        'set:a',
        'get:a',
        'set:a',
        'delete:a',
        'delete:a',
        'get:a',
        'set:kept',
        'get:kept',
      ),
    ).toEqual([null, 'stored', [0, 1, 254, 255], 'stored', true, false, null, 'stored', [0, 1, 254, 255]]);
  });

  it('says locked, keeps the entry, and gives it after unlocking', { timeout: 60_000 }, async () => {
    const everything = ['get:kept', 'get:never', 'set:kept', 'delete:kept'];
    expect(await probe(locked, ...everything)).toEqual(everything.map(() => 'keychain/locked'));
    expect(await probe(unlocked, 'get:kept')).toEqual([[0, 1, 254, 255]]);
  });

  it('says unavailable without a bus', () => {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const env = { PATH: process.env['PATH'], HOME: home };
    const out = execFileSync(process.execPath, [tsx, join(root, 'test/fixtures/keyring-probe.ts'), 'get:a'], { env });
    expect(JSON.parse(out.toString())).toEqual(['keychain/unavailable']);
  });
});
