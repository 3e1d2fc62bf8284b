import { cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allFiles, CareVault, flip, quiet } from '../../test/fixtures/care-vault.ts';
import { listAll, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { onReach, type WritePoint } from '../vault/write-points.ts';
import { checkBackup } from './backup-check.ts';
import { BackupFolder } from './backup-folder.ts';
import { restore } from './restore.ts';

const everything = { study: null, snapshot: null };

let care: CareVault;
let target = '';

beforeEach(async () => {
  care = await CareVault.make(2);
  target = care.path('backup');
});
afterEach(async () => {
  onReach(null);
  await care.remove();
});

/** Restores into a new folder and opens it with the vault's keys; answers its studies after a full verification. */
async function restored(options: { study: string | null; snapshot: number | null } = everything) {
  const to = care.path(`restored-${Math.random()}`);
  const report = await restore(target, to, options, quiet);
  const vault = await care.openAt(to);
  const problems = (await verifyAll(vault)).problems;
  const rows = await listAll(vault);
  const marks = await Promise.all(rows.map(({ studyId }) => vault.annotations(studyId)));
  await vault.dispose();
  return {
    to,
    report,
    problems,
    rows,
    marks: marks.flatMap(({ annotations }) => annotations.map(({ label }) => label)),
  };
}

describe('a backup', () => {
  it('is ciphertext, comes back whole, and the catalogue with it', async () => {
    const report = await care.backUp(target);
    expect(report).toMatchObject({ number: 1, studies: 2, unchecked: 0, problems: [] });
    for (const path of await allFiles(target)) {
      const text = (await readFile(path)).toString('latin1');
      expect(text).not.toContain('DICM');
      expect(text).not.toContain('Phantom');
    }
    const back = await restored();
    expect(back.problems).toEqual([]);
    expect(back.rows.map((row) => row.instanceCount)).toEqual([3, 3]);
    expect(back.marks.sort()).toEqual(['study-0', 'study-1']);
    expect(back.report.damaged).toEqual([]);
    // Byte for byte what it was, but for what belongs to a machine.
    for (const { studyId } of back.rows)
      for (const name of await care.files(studyId))
        expect(await readFile(join(back.to, 'studies', studyId, name))).toEqual(
          await readFile(join(care.dir, 'studies', studyId, name)),
        );
    expect(await readFile(join(back.to, 'vault.json'), 'utf8')).toBe('{"header":1}');
  });

  it('copies only what is new the next time', async () => {
    await care.backUp(target);
    const again = await care.backUp(target);
    expect(again).toMatchObject({ number: 2, copied: 0, files: (await care.backUp(target)).files });
    const studyId = await care.add('later');
    const third = await care.backUp(target);
    // Three images, a mark, a manifest, a key; the catalogue is no file of a study.
    expect(third).toMatchObject({ studies: 3, copied: 6 });
    expect(await readdir(join(target, 'catalogue'))).toHaveLength(1);
    expect((await restored()).rows.map((row) => row.studyId)).toContain(studyId);
    // Another clock of another file system: what is the same by its bytes isn't copied again.
    for (const path of await allFiles(join(care.dir, 'studies'))) await utimes(path, 1, 1);
    expect((await care.backUp(target)).copied).toBe(0);
  });

  it('is read back on request, and a flipped bit and a lost file are named', async () => {
    const report = await care.backUp(target);
    expect(await checkBackup(target, quiet)).toMatchObject({ number: 1, damaged: [], files: report.files + 1 });
    const [studyId = ''] = await readdir(join(target, 'studies'));
    const names = (await readdir(join(target, 'studies', studyId))).filter((name) => name.endsWith('.instance'));
    await flip(join(target, 'studies', studyId, names[0] ?? ''));
    await rm(join(target, 'studies', studyId, names[1] ?? ''));
    const places = [names[0], names[1]].map((name) => `studies/${studyId}/${name}`);
    expect((await checkBackup(target, quiet)).damaged).toEqual(places.sort());
    const back = await restored();
    expect([...back.report.damaged].sort()).toEqual(places);
    expect(back.problems.map(({ kind }) => kind)).toEqual(['missing', 'missing']);
    // The next run puts back what it lacks; what lies there altered is found by the check, not by the run.
    expect((await care.backUp(target)).copied).toBe(1);
  });

  it('keeps the good copy of an object that is damaged in the vault later, and says so', async () => {
    await care.backUp(target);
    const [row] = await listAll(care.vault);
    const studyId = row?.studyId ?? '';
    const names = (await care.files(studyId)).filter((name) => name.endsWith('.instance'));
    await flip(join(care.dir, 'studies', studyId, names[0] ?? ''));
    await rm(join(care.dir, 'studies', studyId, names[1] ?? ''));
    const { problems } = await care.backUp(target);
    expect(problems.map(({ kind, kept }) => [kind, kept]).sort()).toEqual([
      ['altered', true],
      ['missing', true],
    ]);
    expect((await restored()).problems).toEqual([]);
  });

  it('never takes what is damaged before its first copy', async () => {
    const studyId = await care.add('bad');
    const name = (await care.files(studyId)).find((file) => file.endsWith('.instance')) ?? '';
    await flip(join(care.dir, 'studies', studyId, name));
    const { problems } = await care.backUp(target);
    expect(problems).toEqual([{ kind: 'altered', studyId, objectId: name.slice(0, 32), kept: false }]);
    expect(await readdir(join(target, 'studies', studyId))).not.toContain(name);
  });

  it('keeps a study that is lost in the vault, and drops one that is shredded, keys and all', async () => {
    await care.backUp(target);
    const [lost = '', shredded = ''] = (await listAll(care.vault)).map(({ studyId }) => studyId);
    await care.vault.dispose();
    for (const studyId of [lost, shredded])
      await rm(join(care.dir, 'studies', studyId), { recursive: true, force: true });
    await rm(join(care.dir, 'catalogue.db'));
    await mkdir(join(care.dir, 'certificates'));
    const certificate = JSON.stringify({ studies: [{ studyId: shredded }] });
    await writeFile(join(care.dir, 'certificates', 'a.json'), certificate);
    await care.reopen();
    const report = await care.backUp(target);
    expect(report.shredded).toBe(1);
    expect(report.problems).toEqual([{ kind: 'missing', studyId: lost, objectId: null, kept: true }]);
    expect(await readdir(join(target, 'studies'))).toEqual([lost]);
    await expect(restored({ study: shredded, snapshot: 1 })).rejects.toThrow('no such study');
    expect((await restored({ study: lost, snapshot: null })).rows.map(({ studyId }) => studyId)).toEqual([lost]);
  });

  it('gives one study alone, and an older snapshot', async () => {
    await care.backUp(target);
    const studyId = await care.add('second');
    await care.backUp(target);
    expect((await restored({ study: studyId, snapshot: null })).rows).toHaveLength(1);
    expect((await restored({ study: null, snapshot: 1 })).rows).toHaveLength(2);
    await expect(restored({ study: 'f'.repeat(32), snapshot: null })).rejects.toThrow('no such study');
  });

  it('drops keys and headers that were replaced', async () => {
    await care.backUp(target);
    const [row] = await listAll(care.vault);
    const key = join(care.dir, 'studies', row?.studyId ?? '', 'study.key');
    const bytes = await readFile(key);
    await writeFile(key, Buffer.concat([bytes, Buffer.from([0])]));
    await writeFile(join(care.dir, 'vault.json'), '{"header":2}');
    await care.backUp(target);
    const keys = (await readdir(join(target, 'studies', row?.studyId ?? ''))).filter((name) => name.includes('.key.'));
    expect(keys).toHaveLength(1);
    const texts = await Promise.all((await allFiles(join(target, 'files'))).map((path) => readFile(path, 'utf8')));
    expect(texts).toContain('{"header":2}');
    expect(texts).not.toContain('{"header":1}');
  });
});

describe('a backup is refused', () => {
  it('in the vault, around it, among other files, and over the backup of another vault', async () => {
    const refusal = (path: string) =>
      care.care('backup', { target: path }).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    expect(await refusal(join(care.dir, 'backup'))).toBe('backup/inside-vault');
    expect(await refusal(care.temp.root)).toBe('backup/inside-vault');
    expect(await refusal(care.dir)).toBe('backup/inside-vault');
    await mkdir(care.path('full'));
    await writeFile(care.path('full', 'letter.txt'), 'mine');
    expect(await refusal(care.path('full'))).toBe('backup/not-empty');
    expect(await readdir(care.path('full'))).toEqual(['letter.txt']);
    const other = await CareVault.make(0);
    await other.backUp(care.path('other'));
    expect(await refusal(care.path('other'))).toBe('backup/other-vault');
    await other.remove();
    await care.backUp(target);
    const about = JSON.parse(await readFile(join(target, 'backup.json'), 'utf8')) as object;
    await writeFile(join(target, 'backup.json'), JSON.stringify({ ...about, version: 2 }));
    expect(await refusal(target)).toBe('backup/newer-version');
  });

  it('as a restore into a folder that holds something, and from a folder that is none', async () => {
    await care.backUp(target);
    const code = (from: string, to: string) =>
      restore(from, to, everything, quiet).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    expect(await code(target, care.dir)).toBe('restore/not-empty');
    expect(await code(care.path(), care.path('x'))).toBe('backup/not-a-backup');
  });
});

class Killed extends Error {}

/** Ends the work at the n-th time that a point is reached, as a kill would: nothing is tidied that a kill would leave. */
function dieAt(point: WritePoint, times: number): void {
  let left = times;
  onReach((reached) => {
    if (reached !== point) return;
    left -= 1;
    if (left === 0) throw new Killed(point);
  });
}

describe('a run that ends in the middle', () => {
  const points: WritePoint[] = ['backup.begun', 'backup.catalogue', 'backup.key', 'backup.object', 'backup.list'];

  it.each([...points, 'backup.body' as const])(
    'at %s leaves the snapshot before, and the next goes on',
    async (point) => {
      await care.backUp(target);
      await care.add('new');
      dieAt(point, 1);
      await expect(care.care('backup', { target })).rejects.toThrow();
      onReach(null);
      const folder = await BackupFolder.open(target);
      expect(await folder.numbers()).toEqual([1]);
      expect((await restored()).rows).toHaveLength(2);
      await care.backUp(target);
      const back = await restored();
      expect(back.rows).toHaveLength(3);
      expect(back.problems).toEqual([]);
      expect((await checkBackup(target, quiet)).damaged).toEqual([]);
      expect((await allFiles(target)).filter((path) => path.endsWith('.part'))).toEqual([]);
    },
  );

  it.each(['restore.begun', 'restore.object', 'restore.audit', 'restore.catalogue', 'restore.header'] as const)(
    'at %s leaves no half vault, and goes on',
    async (point) => {
      await care.backUp(target);
      const to = care.path('to');
      dieAt(point, point === 'restore.object' ? 4 : 1);
      await expect(restore(target, to, everything, quiet)).rejects.toThrow();
      onReach(null);
      const hasHeader = (await readdir(to)).includes('vault.json');
      expect(hasHeader).toBe(point === 'restore.header');
      const report = await restore(target, to, everything, quiet);
      expect(report.damaged).toEqual([]);
      const vault = await care.openAt(to);
      expect((await verifyAll(vault)).problems).toEqual([]);
      await vault.dispose();
    },
  );

  it('is one run at a time, and can be cancelled', async () => {
    const abort = new AbortController();
    const running = care.care('backup', { target }, { signal: abort.signal, progress: () => abort.abort() });
    await expect(running).rejects.toMatchObject({ code: 'vault/cancelled' });
    const both = await Promise.allSettled([care.care('backup', { target }), care.care('backup', { target })]);
    const refused = both.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(refused).toEqual(['backup/in-use']);
  });
});

it('with a clock that was set back is the newest all the same: snapshots and states are counted, not dated', async () => {
  await care.backUp(target);
  const studyId = await care.add('later');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2001-01-01T00:00:00Z') });
  try {
    expect(await care.backUp(target)).toMatchObject({ number: 2, at: '2001-01-01T00:00:00.000Z' });
  } finally {
    vi.useRealTimers();
  }
  expect((await restored()).rows.map((row) => row.studyId)).toContain(studyId);
});

describe('a drill', () => {
  it('opens every byte of the backup and leaves nothing', async () => {
    await care.backUp(target);
    const scratch = care.path('scratch');
    await mkdir(scratch);
    const good = await care.care('drill', { target, scratch });
    expect(good).toMatchObject({ number: 1, catalogueOpened: true, sameHeader: true, problems: [], damaged: [] });
    expect(good.objects).toBe(8);
    expect(await readdir(scratch)).toEqual([]);
    expect((await care.care('records', {})).drill).toMatchObject({ ok: true, objects: 8 });
    const [catalogue = ''] = await readdir(join(target, 'catalogue'));
    await flip(join(target, 'catalogue', catalogue), 0.01);
    await writeFile(join(care.dir, 'vault.json'), '{"header":3}');
    const bad = await care.care('drill', { target, scratch });
    expect(bad).toMatchObject({ catalogueOpened: false, sameHeader: false, problems: [] });
    expect(bad.damaged).toHaveLength(1);
  });

  it('says what a restore would lose', async () => {
    await care.backUp(target);
    const [studyId = ''] = await readdir(join(target, 'studies'));
    const name = (await readdir(join(target, 'studies', studyId))).find((file) => file.endsWith('.instance')) ?? '';
    await flip(join(target, 'studies', studyId, name));
    const report = await care.care('drill', { target, scratch: care.path() });
    expect(report.problems).toEqual([{ kind: 'missing', studyId, objectId: name.slice(0, 32) }]);
  });
});

it('a copy of a running vault by hand is no worse than the vault: the backup of it is the same', async () => {
  await care.backUp(target);
  await cp(target, care.path('moved'), { recursive: true });
  expect((await checkBackup(care.path('moved'), quiet)).damaged).toEqual([]);
  expect((await stat(care.path('moved'))).isDirectory()).toBe(true);
});
