import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CareVault, flip } from '../../test/fixtures/care-vault.ts';
import { listAll, verifyAll } from '../../test/fixtures/temp-vault.ts';

let care: CareVault;

beforeEach(async () => {
  care = await CareVault.make(2);
});
afterEach(() => care.remove());

/** Path of an object of the first study. */
async function first(ending: string): Promise<{ path: string; studyId: string; objectId: string }> {
  const [row] = await listAll(care.vault);
  const studyId = row?.studyId ?? '';
  const name = (await care.files(studyId)).find((file) => file.endsWith(ending)) ?? '';
  return { path: join(care.dir, 'studies', studyId, name), studyId, objectId: name.slice(0, 32) };
}

describe('a scrub', () => {
  it('reads every object and remembers when', async () => {
    expect((await care.care('records', {})).scrub).toMatchObject({ lastPass: null, since: null, total: 8 });
    expect(await care.care('scrub', { bytesPerSecond: 0 })).toMatchObject({
      finished: true,
      objects: 8,
      problems: [],
    });
    const { scrub } = await care.care('records', {});
    expect(scrub).toMatchObject({ since: null, done: 0, damaged: [] });
    expect(Date.now() - Date.parse(scrub.lastPass ?? '')).toBeLessThan(60_000);
  });

  it('goes on where it ended', async () => {
    const abort = new AbortController();
    let seen = 0;
    const progress = () => {
      seen += 1;
      if (seen === 3) abort.abort();
    };
    await expect(care.care('scrub', { bytesPerSecond: 0 }, { signal: abort.signal, progress })).rejects.toMatchObject({
      code: 'vault/cancelled',
    });
    expect((await care.care('records', {})).scrub).toMatchObject({ done: 3, total: 8, lastPass: null });
    await care.reopen();
    const rest = await care.care('scrub', { bytesPerSecond: 0 });
    expect(rest.objects).toBe(5);
    expect((await care.care('records', {})).scrub.lastPass).not.toBeNull();
  });

  it('finds a flipped bit in the middle, a lost object, a lost note and a damaged manifest', async () => {
    const image = await first('.instance');
    const note = await first('.note');
    const manifest = await first('.manifest');
    await flip(image.path);
    await rm(note.path);
    await flip(manifest.path);
    const { studyId } = image;
    const expected = [
      { kind: 'altered', studyId, objectId: image.objectId },
      { kind: 'missing', studyId, objectId: note.objectId },
      { kind: 'manifest', studyId, objectId: null },
    ];
    const { problems } = await care.care('scrub', { bytesPerSecond: 0 });
    expect(problems).toEqual(expect.arrayContaining(expected));
    expect(problems).toHaveLength(3);
    expect((await care.care('records', {})).scrub.damaged).toHaveLength(3);
  });

  it('keeps to its rate', async () => {
    const started = performance.now();
    const { bytes } = await care.care('scrub', { bytesPerSecond: 100_000 });
    expect(performance.now() - started).toBeGreaterThan((bytes / 100_000) * 500);
  });

  it('steps aside while somebody reads', async () => {
    const image = await first('.instance');
    const { handle } = await care.vault.open(image.studyId);
    await care.vault.frame(handle, image.objectId, 1);
    const started = performance.now();
    await care.care('scrub', { bytesPerSecond: 0 });
    expect(performance.now() - started).toBeGreaterThan(2000);
  });
});

describe('a repair', () => {
  it('takes damaged and missing objects, notes, manifests and keys from a backup, and nothing else', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    const image = await first('.instance');
    await flip(image.path);
    await rm((await first('.note')).path);
    await flip((await first('.manifest')).path);
    const [, other] = await listAll(care.vault);
    await rm(join(care.dir, 'studies', other?.studyId ?? '', 'study.key'));
    await care.reopen();
    await care.care('scrub', { bytesPerSecond: 0 });
    const report = await care.care('repair', { from: { backup: target } });
    expect(report.lost).toEqual([]);
    expect(report.repaired.length).toBeGreaterThanOrEqual(4);
    expect((await verifyAll(care.vault)).problems).toEqual([]);
    expect((await care.care('records', {})).scrub.damaged).toEqual([]);
    expect(await care.care('repair', { from: { backup: target } })).toEqual({ found: [], repaired: [], lost: [] });
  });

  it('brings a study back whose folder is gone', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    const { studyId } = await first('.instance');
    await rm(join(care.dir, 'studies', studyId), { recursive: true });
    await care.reopen();
    expect((await verifyAll(care.vault, false)).problems).toEqual([{ kind: 'missing', studyId, objectId: null }]);
    expect((await care.care('repair', { from: { backup: target } })).lost).toEqual([]);
    expect((await verifyAll(care.vault)).problems).toEqual([]);
  });

  it('says what is lost where the copy is no better, and leaves what was there', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    const image = await first('.instance');
    await flip(image.path, 0.999);
    await flip(join(target, 'studies', image.studyId, `${image.objectId}.instance`), 0.999);
    const report = await care.care('repair', { from: { backup: target } });
    expect(report.repaired).toEqual([]);
    expect(report.lost).toEqual([{ kind: 'altered', studyId: image.studyId, objectId: image.objectId }]);
    expect(await care.files(image.studyId)).toContain(`${image.objectId}.instance`);
    await expect(care.care('repair', { from: { backup: care.path('none') } })).rejects.toMatchObject({
      code: 'backup/not-a-backup',
    });
  });

  it('seals the same file again; marks can only come from a backup', async () => {
    const image = await first('.instance');
    await rm(image.path);
    await rm((await first('.note')).path);
    const paths = [await care.source('study-1'), await care.source('study-0')];
    const report = await care.care('repair', { from: { paths } });
    expect(report.repaired).toEqual([{ kind: 'missing', studyId: image.studyId, objectId: image.objectId }]);
    expect(report.lost).toHaveLength(1);
    expect((await verifyAll(care.vault)).problems).toEqual(report.lost);
  });
});
