import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeSecretStore, type FakeSecretStore } from '../test/fixtures/fake-secret-store.ts';
import { type Stage, stageSession } from '../test/fixtures/session-stage.ts';

const PASSPHRASE = 'correct horse battery';
const wanted = { name: 'Clinic A', passphrase: PASSPHRASE, useKeychain: true };
const withPassphrase = { with: 'passphrase', passphrase: PASSPHRASE } as const;
const code = (code: string) => expect.objectContaining({ code });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-session-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const stage = (secrets: FakeSecretStore): Stage => stageSession(join(folder, 'vault'), secrets);

describe('a lock that was asked for', () => {
  it('is lifted by a person only, not by the keychain, and not by a restart', async () => {
    const secrets = createFakeSecretStore();
    const first = stage(secrets);
    await first.session.create(wanted);
    await first.session.lock();
    await expect(first.session.unlock({ with: 'keychain' })).rejects.toThrowError(code('keys/passphrase-needed'));

    const again = stage(secrets);
    await again.session.openAtStart();
    expect(again.opened).toHaveLength(0);
    expect(await again.session.state()).toMatchObject({ state: 'locked', lockedAt: expect.stringMatching(/Z$/) });
    await expect(again.session.unlock({ with: 'keychain' })).rejects.toThrowError(code('keys/passphrase-needed'));
    expect(await again.session.unlock(withPassphrase)).toMatchObject({ state: 'unlocked', lockedAt: null });
    await again.session.close();
    expect(await again.session.unlock({ with: 'keychain' })).toMatchObject({ state: 'unlocked' });
  });
});

describe('two that create a vault in one folder', () => {
  it('end with one vault, which the other one shows', async () => {
    const secrets = createFakeSecretStore();
    const [first, second] = [stage(secrets), stage(secrets)];
    expect(await second.session.state()).toMatchObject({ state: 'no-vault' });
    await first.session.create(wanted);
    const header = await readFile(join(folder, 'vault', 'vault.json'), 'utf8');
    await expect(second.session.create({ ...wanted, name: 'Clinic B' })).rejects.toThrowError(code('vault/exists'));
    expect(await readFile(join(folder, 'vault', 'vault.json'), 'utf8')).toBe(header);
    expect(await second.session.state()).toMatchObject({ state: 'locked', vaultName: 'Clinic A', keychain: 'ok' });
    expect(second.opened).toHaveLength(0);
  });
});
