import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { everything, TestWorkstation } from '../../test/fixtures/workstation.ts';

const made: TestWorkstation[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

/** A workstation whose dialogs answer `chosen`, with the Argon2id of no other. */
async function workstation(chosen: { path: string }): Promise<TestWorkstation> {
  const argon2id = async (password: Uint8Array, salt: Uint8Array) =>
    new Uint8Array(createHash('sha256').update(password).update(salt).digest());
  const one = await TestWorkstation.make({ argon2id, choose: async () => [chosen.path] });
  made.push(one);
  return one;
}

const ended = (one: TestWorkstation, kind: string) =>
  one.events.filter(([name, told]) => name === 'job.finished' && (told as { kind: string }).kind === kind);

describe('a backup on a new computer', () => {
  it('becomes its vault, and the passphrase opens it with every study', { timeout: 60_000 }, async () => {
    const chosen = { path: '' };
    const before = await workstation(chosen);
    await before.call('session.create', { name: 'Clinic A', passphrase: 'owner passphrase', useKeychain: false });
    await before.scans(0, 3);
    chosen.path = join(before.folder, 'scans');
    const { source } = await before.call('import.choose', { kind: 'folder' });
    await before.call('import.start', { source: source ?? '' });
    await expect.poll(() => before.finished().length, { timeout: 30_000 }).toBe(1);
    chosen.path = join(before.folder, 'backup');
    await mkdir(chosen.path);
    const target = await before.call('care.chooseFolder', {});
    await before.call('care.backup', { source: target.source, check: false });
    await expect.poll(() => ended(before, 'care.backup').length, { timeout: 30_000 }).toBe(1);
    await expect(before.call('restore.start', { source: '0' })).rejects.toThrow('vault/exists');

    const after = await workstation(chosen);
    const { backup } = await after.call('restore.choose', {});
    expect(backup).toMatchObject({ place: 'backup', studies: 1 });
    expect(JSON.stringify(backup)).not.toContain(before.folder);
    await after.call('restore.start', { source: backup?.source ?? '' });
    await expect
      .poll(() => ended(after, 'care.restore'), { timeout: 30_000 })
      .toMatchObject([['job.finished', { outcome: 'done', facts: { studies: 1, problems: 0 } }]]);
    expect(await after.call('session.state', {})).toMatchObject({ state: 'locked', vaultName: 'Clinic A' });
    await after.call('session.unlock', { with: 'passphrase', passphrase: 'owner passphrase' });
    expect((await after.call('studies.search', { ...everything, text: 'phantom' })).total).toBe(1);
  });

  it('is refused where the folder is none', { timeout: 30_000 }, async () => {
    const chosen = { path: '' };
    const one = await workstation(chosen);
    chosen.path = join(one.folder, 'nothing');
    await mkdir(chosen.path);
    await expect(one.call('restore.choose', {})).rejects.toThrow('backup/not-a-backup');
    await rm(chosen.path, { recursive: true });
    expect((await one.call('session.state', {})).state).toBe('no-vault');
  });
});
