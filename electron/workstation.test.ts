import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationName, Request, Response } from '../core/contract/operations.ts';
import { everything, TestWorkstation } from '../test/fixtures/workstation.ts';
import type { Workstation } from './workstation.ts';

let made: TestWorkstation;
let folder = '';
let events: TestWorkstation['events'] = [];
let workstation: Workstation;

beforeEach(async () => {
  made = await TestWorkstation.make();
  ({ folder, events, workstation } = made);
});
afterEach(() => made.remove());

const call = <Name extends OperationName>(name: Name, request: Request<Name>): Promise<Response<Name>> =>
  made.call(name, request);
const scans = (slices: number): Promise<void> => made.scans(0, slices);
const finished = () => made.finished();

describe('the workstation', () => {
  it('goes from the first start to a stroke that is there after a lock', { timeout: 60_000 }, async () => {
    await scans(3);
    await writeFile(join(folder, 'scans', 'setup.exe'), 'MZ');
    expect((await call('app.info', {})).freeBytes).toBeGreaterThan(0);
    await expect(call('studies.search', everything)).rejects.toThrow('vault/locked');
    await call('session.create', { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: true });
    expect(events.map(([name]) => name)).toEqual(['ports', 'session.changed']);

    const { source } = await call('import.choose', { kind: 'folder' });
    if (source === null) throw new Error('nothing chosen');
    expect(source).not.toContain('scans');
    await call('import.start', { source });
    await expect(call('import.start', { source })).rejects.toThrow(/import\/(busy|no-such-source)/);
    await expect.poll(finished, { timeout: 30_000 }).toHaveLength(1);
    expect(finished()[0]).toMatchObject({
      outcome: 'done',
      counts: { imported: 3, refused: 1 },
    });
    // Names of files go by the vault's port, to whoever asks.
    expect(JSON.stringify(events)).not.toContain(folder);
    expect(JSON.stringify(events)).not.toContain('setup.exe');

    const { rows } = await call('studies.search', { ...everything, text: 'phantom' });
    const studyId = rows[0]?.studyId ?? '';
    const { series } = await call('studies.details', { studyId });
    const image = series[0]?.instances[0];
    const now = new Date().toISOString();
    const annotation = {
      uid: crypto.randomUUID(),
      kind: 'length' as const,
      seriesInstanceUid: series[0]?.seriesInstanceUid ?? '',
      sopInstanceUid: image?.sopInstanceUid ?? '',
      objectId: image?.objectId ?? '',
      frame: 1,
      frameOfReferenceUid: null,
      points: [[0, 0, 0] as const, [3, 4, 0] as const],
      label: '',
      measurements: [{ name: 'length' as const, value: 5, unit: 'mm' }],
      createdAt: now,
      modifiedAt: now,
    };
    await call('annotations.append', {
      studyId,
      entries: [{ op: 'put', annotation }],
    } as Request<'annotations.append'>);

    await call('session.lock', {});
    await expect(call('annotations.load', { studyId })).rejects.toThrow('vault/locked');
    await call('session.unlock', { with: 'passphrase', passphrase: 'correct horse battery' });
    expect(await call('annotations.load', { studyId })).toEqual({
      annotations: [annotation],
      reports: [],
      segments: [],
      unreadable: 0,
    });
    const { handle } = await call('studies.open', { studyId });
    await call('studies.close', { handle });
  });

  it('gives a new recovery code unasked only while nobody has confirmed one', async () => {
    const made = await call('session.create', {
      name: 'Clinic A',
      passphrase: 'correct horse battery',
      useKeychain: false,
    });
    const { recoveryCode } = await call('session.renewRecovery', {});
    expect(recoveryCode).not.toEqual(made.recoveryCode);
    await call('session.confirmRecovery', { group: 0, text: recoveryCode[0] ?? '' });
    await expect(call('session.renewRecovery', {})).rejects.toThrow('keys/passphrase-needed');
    await expect(call('keys.renewRecovery', { passphrase: null })).rejects.toThrow('keys/passphrase-needed');
    expect((await call('keys.renewRecovery', { passphrase: 'correct horse battery' })).recoveryCode).toHaveLength(9);
  });

  it('changes the master key while studies are there, and opens them afterwards', { timeout: 60_000 }, async () => {
    await call('session.create', { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: false });
    await call('import.sample', {});
    await expect.poll(finished, { timeout: 50_000 }).toHaveLength(1);
    const { job } = await call('keys.rotate', { passphrase: 'correct horse battery' });
    const ended = () =>
      events.find(([name, payload]) => name === 'job.finished' && (payload as { job: string }).job === job);
    await expect
      .poll(ended, { timeout: 30_000 })
      .toMatchObject(['job.finished', { outcome: 'done', facts: { studies: 1 } }]);
    expect(await call('keys.list', {})).toMatchObject({ rotatingSince: null, resealPending: 0 });
    await call('session.lock', {});
    await call('session.cleared', {});
    await call('session.unlock', { with: 'passphrase', passphrase: 'correct horse battery' });
    const { rows } = await call('studies.search', everything);
    const { handle } = await call('studies.open', { studyId: rows[0]?.studyId ?? '' });
    await call('studies.close', { handle });
  });

  it('lets an import end before idleness locks, then locks at once', { timeout: 60_000 }, async () => {
    await call('session.create', { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: false });
    await call('import.sample', {});
    const now = Date.now;
    const later = vi.spyOn(Date, 'now').mockImplementation(() => now() + 20 * 60_000);
    await workstation.autoLock.tick();
    expect(finished()).toEqual([]);
    expect(workstation.session.isUnlocked).toBe(true);
    await expect.poll(finished, { timeout: 50_000 }).toHaveLength(1);
    await expect.poll(() => workstation.session.isUnlocked, { timeout: 5_000 }).toBe(false);
    later.mockRestore();
    expect(finished()).toEqual([expect.objectContaining({ outcome: 'done' })]);
    await call('session.cleared', {});
    await call('session.unlock', { with: 'passphrase', passphrase: 'correct horse battery' });
    expect((await call('studies.search', everything)).all).toBe(1);
  });

  it('ends an import with the lock and keeps nothing of it', { timeout: 60_000 }, async () => {
    await call('session.create', { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: false });
    await call('import.sample', {});
    await expect.poll(() => events.some(([name]) => name === 'import.progress'), { timeout: 30_000 }).toBe(true);
    const locking = call('session.lock', {});
    await expect.poll(() => workstation.session.isUnlocked).toBe(false);
    await call('session.cleared', {});
    await locking;
    expect(finished()).toEqual([expect.objectContaining({ outcome: 'cancelled' })]);
    await call('session.unlock', { with: 'passphrase', passphrase: 'correct horse battery' });
    expect((await call('studies.search', everything)).all).toBe(0);
  });

  it('runs a published cipher as a job and forgets what it made at a lock', async () => {
    await call('session.create', { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: false });
    const { picture } = await call('lab.open', { from: 'phantom', side: 32 });
    const { job } = await call('lab.run', { picture, system: 'aes-256-gcm', parameters: {} });
    const ended = () => events.some(([name, told]) => name === 'job.finished' && (told as { job: string }).job === job);
    await expect.poll(ended, { timeout: 30_000 }).toBe(true);
    const { outcome } = await call('lab.result', { job });
    expect(outcome).toMatchObject({ kind: 'run', report: { run: { labels: { fidelity: 'lossless' } } } });
    await call('session.lock', {});
    await expect(call('lab.open', { from: 'opened', picture })).rejects.toThrow('vault/locked');
  }, 40_000);
});
