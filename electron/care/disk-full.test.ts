import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allFiles, CareVault, quiet } from '../../test/fixtures/care-vault.ts';
import { listAll, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { onReach } from '../vault/write-points.ts';
import { checkBackup } from './backup-check.ts';
import { BackupFolder } from './backup-folder.ts';
import { restore } from './restore.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

let care: CareVault;
let volume = '';
let isMounted = false;

/** A volume of `size` in memory at `volume`; false where mounting is not allowed (containers without the right). */
function mount(size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', volume], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    isMounted = false;
  }
  return isMounted;
}

beforeEach(async () => {
  care = await CareVault.make(1);
  volume = await mkdtemp(join(tmpdir(), 'vitrine-care-full-'));
});
afterEach(async () => {
  onReach(null);
  if (isMounted) execFileSync('umount', ['-l', volume]);
  isMounted = false;
  await rm(volume, { recursive: true, force: true });
  await care.remove();
});

describe.skipIf(!canMount)('a full disk', () => {
  it('ends a backup with its own code; the snapshot before stays, and the next run goes on when there is room', async (test) => {
    if (!mount('900k')) return test.skip();
    const target = join(volume, 'backup');
    await care.backUp(target);
    await care.add('large', 60);
    await expect(care.care('backup', { target })).rejects.toMatchObject({ code: 'vault/disk-full' });
    expect((await allFiles(target)).filter((path) => path.endsWith('.part'))).toEqual([]);
    expect(await (await BackupFolder.open(target)).numbers()).toEqual([1]);
    expect((await checkBackup(target, quiet)).damaged).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=64m', volume]);
    await care.backUp(target);
    expect(await checkBackup(target, quiet)).toMatchObject({ number: 2, damaged: [] });
  });

  it('refuses a restore that can not fit, and one that runs full leaves no vault', async (test) => {
    const target = care.path('backup');
    await care.add('large', 60);
    await care.backUp(target);
    if (!mount('300k')) return test.skip();
    const to = join(volume, 'vault');
    const everything = { study: null, snapshot: null };
    await expect(restore(target, to, everything, quiet)).rejects.toMatchObject({ code: 'backup/no-room' });
    expect(await readdir(to)).not.toContain('vault.json');
    execFileSync('mount', ['-o', 'remount,size=64m', volume]);
    expect((await restore(target, to, everything, quiet)).damaged).toEqual([]);
    const vault = await care.openAt(to);
    expect((await verifyAll(vault)).problems).toEqual([]);
    await vault.dispose();
  });

  it('takes nothing from a scrub but its memory of what it read', async (test) => {
    if (!mount('64m')) return test.skip();
    const small = await CareVault.make(1, volume);
    try {
      const filler = join(volume, 'filler');
      execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=4k 2>/dev/null || true`]);
      const report = await small.care('scrub', { bytesPerSecond: 0 }).catch((error: { code: string }) => error.code);
      // What fits into what is allocated already is kept; else the scrub says why.
      if (typeof report === 'string') expect(report).toBe('vault/disk-full');
      await rm(filler);
      expect(await small.care('scrub', { bytesPerSecond: 0 })).toMatchObject({ finished: true, problems: [] });
      expect(await listAll(small.vault)).toHaveLength(1);
    } finally {
      await small.remove();
    }
  });
});

/** An error of the operating system at one point: what a failing disk gives. */
function failAt(point: string): void {
  onReach((reached) => {
    if (reached !== point) return;
    onReach(null);
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  });
}

describe('an I/O error', () => {
  it.each(['backup.part', 'backup.object', 'backup.key', 'backup.list', 'backup.body'])(
    'at %s ends a backup, and leaves the one before',
    async (point) => {
      const target = care.path('backup');
      await care.backUp(target);
      await care.add('more');
      failAt(point);
      await expect(care.care('backup', { target })).rejects.toMatchObject({ code: 'vault/io' });
      expect((await checkBackup(target, quiet)).damaged).toEqual([]);
      await care.backUp(target);
      expect(await checkBackup(target, quiet)).toMatchObject({ damaged: [] });
    },
  );

  it('at a repair leaves what was there', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    const [row] = await listAll(care.vault);
    const studyId = row?.studyId ?? '';
    const name = (await care.files(studyId)).find((file) => file.endsWith('.instance')) ?? '';
    await rm(join(care.dir, 'studies', studyId, name));
    failAt('repair.part');
    await expect(care.care('repair', { from: { backup: target } })).rejects.toMatchObject({ code: 'vault/io' });
    expect((await care.care('repair', { from: { backup: target } })).lost).toEqual([]);
    expect((await verifyAll(care.vault)).problems).toEqual([]);
  });

  it('in the backup is named by a check and left out by a restore', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    const [studyId = ''] = await readdir(join(target, 'studies'));
    const name = (await readdir(join(target, 'studies', studyId))).find((file) => file.endsWith('.note')) ?? '';
    // A folder in the place of a file can be opened and not read, as a bad sector can't.
    await rm(join(target, 'studies', studyId, name));
    await mkdir(join(target, 'studies', studyId, name));
    expect((await checkBackup(target, quiet)).damaged).toEqual([`studies/${studyId}/${name}`]);
    const report = await restore(target, care.path('to'), { study: null, snapshot: null }, quiet);
    expect(report.damaged).toEqual([`studies/${studyId}/${name}`]);
  });
});
