import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeSecretStore, type FakeSecretStore } from '../test/fixtures/fake-secret-store.ts';
import { type Stage, stageSession } from '../test/fixtures/session-stage.ts';
import type { SessionParts } from './session.ts';

const PASSPHRASE = 'correct horse battery';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-session-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stage = (secrets: FakeSecretStore, more: Partial<SessionParts> = {}): Stage =>
  stageSession(join(folder, 'vault'), secrets, more);

const wanted = { name: 'Clinic A', passphrase: PASSPHRASE, useKeychain: true };
const withPassphrase = { with: 'passphrase', passphrase: PASSPHRASE } as const;
const code = (code: string) => expect.objectContaining({ code });

describe('a session', () => {
  it('creates a vault, opens it, and opens it again by each of its three ways with the same keys', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    expect(await first.session.state()).toMatchObject({ state: 'no-vault', vaultName: null, problem: null });
    const { recoveryCode } = await first.session.create(wanted);
    expect(recoveryCode).toHaveLength(9);
    expect(await first.session.state()).toMatchObject({
      state: 'unlocked',
      vaultName: 'Clinic A',
      keychain: 'ok',
      recoveryPending: true,
    });
    await first.session.close();

    for (const method of [
      withPassphrase,
      { with: 'keychain' } as const,
      { with: 'recovery', recoveryCode: recoveryCode.join('-') } as const,
    ]) {
      const again = stage(secrets);
      expect(await again.session.state()).toMatchObject({ state: 'locked', keychain: 'ok' });
      expect(() => again.session.vault()).toThrowError(code('vault/locked'));
      expect(await again.session.unlock(method)).toMatchObject({ state: 'unlocked' });
      expect(again.opened).toEqual(first.opened);
    }
    expect(await readFile(join(folder, 'vault', 'vault.json'), 'utf8')).not.toContain(PASSPHRASE);
  });

  it('takes images off the screen before the vault process and its keys end', async () => {
    const { session, steps } = stage(createFakeSecretStore());
    await session.create(wanted);
    steps.length = 0;
    expect(await session.lock()).toMatchObject({ state: 'locked', lockedAt: expect.stringMatching(/Z$/) });
    expect(steps[0]).toBe('locked');
    expect(steps.indexOf('screens cleared')).toBeLessThan(steps.indexOf('vault closed'));
    expect(steps.indexOf('work stopped')).toBeLessThan(steps.indexOf('vault closed'));
    steps.length = 0;
    await session.lock();
    expect(steps).toEqual([]);
  });

  it('makes no second vault, and none over sealed studies whose header is gone', async () => {
    const { session } = stage(createFakeSecretStore());
    await session.create(wanted);
    await expect(session.create(wanted)).rejects.toThrowError(code('vault/exists'));
    await session.lock();
    await mkdir(join(folder, 'vault', 'studies'));
    await rm(join(folder, 'vault', 'vault.json'));
    const later = stage(createFakeSecretStore());
    expect(await later.session.state()).toMatchObject({ state: 'locked', problem: 'keys/header-damaged' });
    await expect(later.session.create(wanted)).rejects.toThrowError(code('vault/exists'));
    await expect(later.session.unlock(withPassphrase)).rejects.toThrowError(code('keys/header-damaged'));
  });

  it('refuses a short passphrase and leaves no trace of it', async () => {
    const secrets = createFakeSecretStore();
    const { session } = stage(secrets);
    await expect(session.create({ ...wanted, passphrase: 'short' })).rejects.toThrowError(code('keys/weak-passphrase'));
    expect(secrets.accounts).toEqual([]);
    expect(existsSync(join(folder, 'vault', 'vault.json'))).toBe(false);
  });

  it('takes a vault back that could not be made, so that a second try succeeds', async () => {
    const secrets = createFakeSecretStore();
    const { session, refuseToOpen } = stage(secrets);
    refuseToOpen('vault/disk-full');
    await expect(session.create(wanted)).rejects.toThrowError(code('vault/disk-full'));
    expect(secrets.accounts).toEqual([]);
    refuseToOpen(null);
    await session.create(wanted);
    expect(secrets.accounts).toHaveLength(1);
  });

  it('shows damaged and newer headers and changes neither', async () => {
    await mkdir(join(folder, 'vault'));
    const path = join(folder, 'vault', 'vault.json');
    for (const [text, problem] of [
      ['{"format":', 'keys/header-damaged'],
      ['{"format":"vitrine-vault","version":3}', 'keys/newer-version'],
    ] as const) {
      await writeFile(path, text);
      const { session } = stage(createFakeSecretStore());
      expect(await session.state()).toMatchObject({ state: 'locked', problem });
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  it('delays wrong passphrases, more and more, and not the keychain', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    await first.session.create(wanted);
    await first.session.close();
    const { session } = stage(secrets);
    const wrong = { with: 'passphrase', passphrase: 'not this one' } as const;
    for (let i = 0; i < 3; i++) await expect(session.unlock(wrong)).rejects.toThrowError(code('keys/wrong-passphrase'));
    await expect(session.unlock(withPassphrase)).rejects.toMatchObject({
      code: 'keys/too-soon',
      details: { retryAfterMs: expect.any(Number) },
    });
    const restarted = stage(secrets);
    expect((await restarted.session.state()).retryAfterMs).toBeGreaterThan(0);
    expect(await restarted.session.unlock({ with: 'keychain' })).toMatchObject({ state: 'unlocked' });
  });
});

describe('the recovery code', () => {
  it('stays pending until a group of it was typed back', async () => {
    const { session } = stage(createFakeSecretStore());
    const { recoveryCode } = await session.create(wanted);
    expect(await session.confirmRecovery(2, 'ZZZZ')).toEqual({ confirmed: false });
    expect(await session.confirmRecovery(99, '')).toEqual({ confirmed: false });
    expect(await session.confirmRecovery(2, ` ${recoveryCode[2]?.toLowerCase()} `)).toEqual({ confirmed: true });
    expect(await session.state()).toMatchObject({ recoveryPending: false });
  });

  it('is renewed when the app ended before that, and the old one is worth nothing then', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    const old = await first.session.create(wanted);
    await first.session.lock();
    const { session } = stage(secrets);
    expect(await session.unlock(withPassphrase)).toMatchObject({ recoveryPending: true });
    const { recoveryCode } = await session.renewRecovery();
    await session.lock();
    const recover = (groups: string[]) => session.unlock({ with: 'recovery', recoveryCode: groups.join('-') });
    await expect(recover(old.recoveryCode)).rejects.toThrowError(code('keys/wrong-recovery-code'));
    expect(await recover(recoveryCode)).toMatchObject({ state: 'unlocked' });
  });
});

describe('the keychain', () => {
  it('is shown as it is, offered for repair, and never cleared', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    await first.session.create(wanted);
    await first.session.close();
    const [account = ''] = secrets.accounts;
    const good = (await secrets.get(account)) ?? new Uint8Array();
    const { session } = stage(secrets);

    for (const [failure, status] of [
      ['keychain/locked', 'locked'],
      ['keychain/cancelled', 'locked'],
      ['keychain/unavailable', 'unavailable'],
      ['keychain/plaintext-backend', 'plaintext'],
    ] as const) {
      secrets.failWith(failure);
      expect(await session.state()).toMatchObject({ state: 'locked', keychain: status });
      await expect(session.unlock({ with: 'keychain' })).rejects.toThrowError(code(failure));
    }
    secrets.failWith(null);
    await secrets.set(account, new Uint8Array(32));
    expect(await session.state()).toMatchObject({ keychain: 'changed' });
    await expect(session.unlock({ with: 'keychain' })).rejects.toThrowError(code('keychain/changed'));
    expect(await secrets.get(account)).toEqual(new Uint8Array(32));
    await secrets.delete(account);
    expect(await session.state()).toMatchObject({ keychain: 'missing' });

    await session.unlock(withPassphrase);
    expect(await session.repairKeychain()).toMatchObject({ keychain: 'ok' });
    expect(await secrets.get(account)).not.toEqual(good);
    await session.close();
    expect(await session.unlock({ with: 'keychain' })).toMatchObject({ state: 'unlocked' });
  });

  it('that cannot be used does not keep a vault from being made', async () => {
    const secrets = createFakeSecretStore();
    secrets.failWith('keychain/unavailable');
    const { session } = stage(secrets);
    await session.create(wanted);
    expect(await session.state()).toMatchObject({ state: 'unlocked', keychain: 'unavailable' });
    secrets.failWith(null);
    expect(await session.repairKeychain()).toMatchObject({ keychain: 'ok' });
  });
});

describe('a keychain that does not answer', () => {
  it('does not hold the unlock screen back, and is told when it does', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    await first.session.create(wanted);
    await first.session.close();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = { ...secrets, get: (account: string) => asked.then(() => secrets.get(account)) };
    const { session, states } = stage(secrets, { secrets: slow });
    expect(await session.state()).toMatchObject({ state: 'locked', keychain: 'locked' });
    answer();
    await expect.poll(() => states.at(-1)?.keychain).toBe('ok');
    expect(await session.unlock(withPassphrase)).toMatchObject({ state: 'unlocked' });
  });
});

describe('a vault process that dies', () => {
  it('is replaced while the vault is unlocked, until it keeps dying', async () => {
    const { session, opened, crash, states } = stage(createFakeSecretStore());
    await session.create(wanted);
    for (let i = 0; i < 3; i++) {
      const before = opened.length;
      crash();
      await expect.poll(() => opened.length).toBe(before + 1);
      await expect.poll(() => states.at(-1)?.state).toBe('unlocked');
    }
    crash();
    await expect.poll(() => states.at(-1)?.state).toBe('locked');
    expect(opened).toHaveLength(4);
  });

  it('that cannot be replaced leaves the vault locked', async () => {
    const { session, crash, refuseToOpen, states } = stage(createFakeSecretStore());
    await session.create(wanted);
    refuseToOpen('vault/io');
    crash();
    await expect.poll(() => states.at(-1)?.state).toBe('locked');
  });
});

describe('the start', () => {
  async function vaultWithKeychain(): Promise<FakeSecretStore> {
    const secrets = createFakeSecretStore();
    const { session } = stage(secrets);
    await session.create(wanted);
    await session.close();
    return secrets;
  }

  it('opens the vault by the keychain before a page asks', async () => {
    const { session, states, opened } = stage(await vaultWithKeychain());
    await session.openAtStart();
    expect(opened).toHaveLength(1);
    expect(states.map(({ state }) => state)).toEqual(['unlocked']);
    expect(await session.state()).toMatchObject({ state: 'unlocked', keychain: 'ok' });
  });

  it('opens it once when the page asks meanwhile', async () => {
    const { session, opened } = stage(await vaultWithKeychain());
    const started = session.openAtStart();
    await session.state();
    expect(await session.unlock({ with: 'keychain' })).toMatchObject({ state: 'unlocked', keychain: 'ok' });
    await started;
    expect(opened).toHaveLength(1);
  });

  it('leaves the unlock screen to the page where the keychain gives no key, and no try behind', async () => {
    const secrets = await vaultWithKeychain();
    secrets.failWith('keychain/locked');
    const { session, opened } = stage(secrets);
    await session.openAtStart();
    expect(await session.state()).toMatchObject({ state: 'locked', keychain: 'locked', retryAfterMs: 0 });
    expect(opened).toHaveLength(0);
    expect(await session.unlock(withPassphrase)).toMatchObject({ state: 'unlocked' });
  });

  it('that cannot open the vault lets the page try and say why', async () => {
    const { session, refuseToOpen, steps } = stage(await vaultWithKeychain());
    refuseToOpen('vault/in-use');
    await session.openAtStart();
    expect(steps).toContain('start.not-opened');
    expect(await session.state()).toMatchObject({ state: 'locked', keychain: 'ok' });
    await expect(session.unlock({ with: 'keychain' })).rejects.toThrowError(code('vault/in-use'));
    refuseToOpen(null);
    expect(await session.unlock({ with: 'keychain' })).toMatchObject({ state: 'unlocked' });
  });

  it('does nothing without a vault', async () => {
    const { session, states } = stage(createFakeSecretStore());
    await session.openAtStart();
    expect(states).toEqual([]);
    expect(await session.state()).toMatchObject({ state: 'no-vault' });
  });
});

describe('the notices', () => {
  it('tell once what opening found and set right', async () => {
    const secrets = createFakeSecretStore();
    const { session } = stage(secrets);
    await session.create(wanted);
    expect(await session.state()).toMatchObject({ notices: [] });
    await session.close();

    const path = join(folder, 'vault', 'vault.json');
    const header = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...header, name: 'Clinic B' }));
    const again = stage(secrets);
    again.repairs({ importsUndone: 2, catalogueRebuilt: true, unreadable: 1 });
    expect((await again.session.unlock(withPassphrase)).notices).toEqual([
      'header-edited',
      'catalogue-rebuilt',
      'import-undone',
      'objects-unreadable',
    ]);
    expect(await again.session.close()).toMatchObject({ notices: [] });
    again.repairs({});
    expect(await again.session.unlock(withPassphrase)).toMatchObject({ notices: [] });
  });

  it('grow when a vault process that died left something to repair', async () => {
    const { session, crash, repairs, states } = stage(createFakeSecretStore());
    await session.create(wanted);
    repairs({ importsUndone: 1 });
    crash();
    await expect.poll(() => states.at(-1)?.notices).toEqual(['import-undone']);
  });
});
