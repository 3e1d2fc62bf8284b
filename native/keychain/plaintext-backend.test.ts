import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeytarStore, type Keytar } from './keytar-store.ts';
import { plaintextBackend } from './plaintext-backend.ts';

let home = '';
const keyrings = (): string => join(home, 'keyrings');
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vitrine-backend-'));
  mkdirSync(keyrings());
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (name: string, text: string): void => writeFileSync(join(keyrings(), name), text);
const found = (env: NodeJS.ProcessEnv = {}) => plaintextBackend({ XDG_DATA_HOME: home, ...env });

describe('a keychain that protects nothing', () => {
  it('is a keyring whose file is text, the default one or the one named login', () => {
    expect(found()).toBeNull();
    put('login.keyring', 'GnomeKeyring\n\r\0\n\0\0');
    expect(found()).toBeNull();
    put('login.keyring', '[keyring]\ndisplay-name=Login\n');
    expect(found()).toBe('keyring-without-password');
    put('default', 'work');
    expect(found()).toBeNull();
    put('work.keyring', '[keyring]\n');
    expect(found()).toBe('keyring-without-password');
    put('default', '../../etc/passwd');
    expect(found()).toBeNull();
  });

  it('is libsecret’s own file', () => {
    expect(found({ SECRET_BACKEND: 'file' })).toBe('file-backend');
    expect(found({ SECRET_BACKEND: 'service' })).toBeNull();
  });

  it('is neither read nor written, by a code of its own', async () => {
    let calls = 0;
    const keytar: Keytar = {
      getPassword: async () => {
        calls += 1;
        return null;
      },
      setPassword: async () => {
        calls += 1;
      },
      deletePassword: async () => {
        calls += 1;
        return true;
      },
    };
    const store = createKeytarStore({ load: () => keytar, unprotected: () => 'keyring-without-password' });
    const refused = expect.objectContaining({ code: 'keychain/plaintext-backend' });
    await expect(store.get('a')).rejects.toThrow(refused);
    await expect(store.set('a', new Uint8Array(32))).rejects.toThrow(refused);
    await expect(store.delete('a')).rejects.toThrow(refused);
    expect(calls).toBe(0);
  });
});
