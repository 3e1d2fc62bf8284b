import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { originOf } from '../../core/audit/checkpoint.ts';
import { keyText } from '../../core/audit/signed-note.ts';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { snapshotsOf } from '../../test/fixtures/snapshots.ts';
import { importPaths, listAll, putMark, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { createSigner } from '../audit/ed25519.ts';
import { openDatabase } from '../vault/database.ts';
import { FileVault } from '../vault/file-vault.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { checkCertificate } from './certificate.ts';
import { signFinished } from './key-jobs.ts';
import { readRecords } from './shred-records.ts';

let temp: TempVault;
let vault: FileVault;
const quiet = { signal: new AbortController().signal, progress: () => undefined };
const by = { user: 'tester', application: 'unit' };
const code = (text: string) => expect.objectContaining({ code: text });

beforeEach(async () => {
  temp = await TempVault.make();
  vault = await FileVault.create(temp.open);
  for (const seed of ['a', 'b']) {
    const folder = join(temp.root, seed);
    await mkdir(folder);
    for (const { name, bytes } of phantomStudy({ slices: 3, matrix: 16, seed }))
      await writeFile(join(folder, name), bytes);
    await importPaths(vault, [folder]);
  }
  for (const { studyId } of await listAll(vault)) await vault.append(studyId, [putMark('one')]);
});

afterEach(async () => {
  await vault.dispose();
  await temp.remove();
});

/** Everything of a vault that a person would miss: studies, their images, their marks. */
async function contents(of: FileVault) {
  const rows = await listAll(of);
  return Promise.all(
    rows.map(async ({ studyId, patientName, instanceCount }) => {
      const { annotations, unreadable } = await of.annotations(studyId);
      return { studyId, patientName, instanceCount, marks: annotations.map(({ label }) => label), unreadable };
    }),
  );
}

async function opened<T>(how: OpenVault, use: (of: FileVault) => Promise<T>): Promise<T> {
  const { vault: other } = await FileVault.open(how);
  try {
    return await use(other);
  } finally {
    await other.dispose();
  }
}

async function soundness(of: FileVault) {
  return (await verifyAll(of)).problems;
}

describe('a change of the master key', () => {
  const next = () => ({
    catalogueKey: randomBytes(32),
    wrappingKey: randomBytes(32),
    previous: { catalogueKey: temp.open.catalogueKey, wrappingKey: temp.open.wrappingKey },
  });

  it('moves catalogue, study keys and records, and nothing opens by the old keys any more', async () => {
    const before = await contents(vault);
    const [first] = before;
    await vault.keys('hold', { studyId: first?.studyId ?? '', held: true, by: 'me' });
    const keys = next();
    await vault.keys('rekey', keys, quiet);
    // It goes on working, and what it makes hangs on the new keys.
    await vault.append(first?.studyId ?? '', [putMark('two')]);
    await vault.dispose();
    const { previous: _previous, ...alone } = keys;
    await opened({ ...temp.open, ...alone }, async (now) => {
      expect(await soundness(now)).toEqual([]);
      expect((await contents(now)).flatMap(({ marks }) => marks)).toHaveLength(3);
      expect(await now.keys('holds', {})).toHaveLength(1);
    });
    await expect(FileVault.open(temp.open)).rejects.toThrow(code('vault/wrong-key'));
    vault = (await FileVault.open({ ...temp.open, ...alone })).vault;
  });

  it('killed at any write point it opens with the keys of the new header, loses nothing, and is finished', async () => {
    const before = await contents(vault);
    const keys = next();
    const into = join(temp.root, 'snapshots');
    const task = async () => void (await vault.keys('rekey', keys, quiet));
    // Before the first point: the new header is on disk and nothing else has happened.
    const untouched = join(temp.root, 'untouched');
    await vault.dispose();
    await cp(temp.open.dir, untouched, { recursive: true });
    vault = (await FileVault.open(temp.open)).vault;
    const taken = await snapshotsOf(temp.open.dir, into, task);
    expect(new Set(taken.map(({ point }) => point))).toEqual(
      new Set(['rotate.catalogue', 'rotate.study-key', 'rotate.records']),
    );
    for (const { dir } of [{ dir: untouched }, ...taken]) {
      await opened({ ...temp.open, ...keys, dir }, async (after) => {
        expect(await contents(after)).toEqual(before);
        expect(await soundness(after)).toEqual([]);
        await after.keys('rekey', keys, quiet);
      });
      await opened({ ...temp.open, ...keys, previous: null, dir }, async (after) => {
        expect(await contents(after)).toEqual(before);
        expect(await soundness(after)).toEqual([]);
      });
    }
  });

  it('keeps what an unclean end left in the log, whichever key is tried first', async () => {
    const copy = join(temp.root, 'copy');
    await cp(temp.open.dir, copy, { recursive: true });
    await opened({ ...temp.open, ...next(), dir: copy }, async (after) => {
      expect(await contents(after)).toEqual(await contents(vault));
    });
  });
});

describe('sealing anew', () => {
  async function keyFiles(dir: string): Promise<Map<string, string>> {
    const studies = await readdir(join(dir, 'studies'));
    const read = async (id: string) => (await readFile(join(dir, 'studies', id, 'study.key'))).toString('hex');
    return new Map(await Promise.all(studies.map(async (id) => [id, await read(id)] as const)));
  }

  it('gives every study another key under which every object is, and leaves nothing of the old one', async () => {
    const before = await contents(vault);
    const keys = await keyFiles(temp.open.dir);
    const old = join(temp.root, 'old');
    await cp(join(temp.open.dir, 'studies'), old, { recursive: true });
    const [{ studyId = '' } = {}] = before;
    const { handle } = await vault.open(studyId);
    const object = (await vault.details(studyId)).series[0]?.instances[0]?.objectId ?? '';
    const pixels = async () => Buffer.from((await vault.frame(handle, object, 1)).bytes);
    const frame = await pixels();
    expect(await vault.keys('reseal', { begin: true }, quiet)).toMatchObject({ studies: 2, skipped: 0 });
    // A study that is open on the screen is read on.
    expect(await pixels()).toEqual(frame);
    for (const [id, key] of await keyFiles(temp.open.dir)) expect(key).not.toBe(keys.get(id));
    expect(await vault.keys('reseal-pending', {})).toBe(0);
    expect(existsSync(join(temp.open.dir, 'reseal'))).toBe(false);
    expect(await contents(vault)).toEqual(before);
    expect(await soundness(vault)).toEqual([]);
    // The key of before opens nothing that is there now.
    for (const id of keys.keys()) await cp(join(old, id, 'study.key'), join(temp.open.dir, 'studies', id, 'study.key'));
    await vault.dispose();
    vault = (await FileVault.open(temp.open)).vault;
    const problems = await soundness(vault);
    expect(problems.filter(({ kind }) => kind === 'altered').length).toBeGreaterThanOrEqual(2 * 4);
  });

  it('killed at any write point it loses nothing, and goes on where it was', async () => {
    const before = await contents(vault);
    const task = async () => void (await vault.keys('reseal', { begin: true }, quiet));
    const taken = await snapshotsOf(temp.open.dir, join(temp.root, 'snapshots'), task, 2);
    expect(new Set(taken.map(({ point }) => point)).size).toBe(7);
    for (const { dir, point } of taken) {
      await opened({ ...temp.open, dir }, async (after) => {
        expect(await contents(after), point).toEqual(before);
        expect(await soundness(after), point).toEqual([]);
        const [{ studyId = '' } = {}] = before;
        await after.append(studyId, [putMark('meanwhile')]);
        expect(await after.keys('reseal-pending', {}), point).toBeGreaterThan(0);
        expect((await after.keys('reseal', { begin: false }, quiet)).skipped, point).toBe(0);
        expect(await soundness(after), point).toEqual([]);
        expect(
          (await contents(after)).flatMap(({ marks }) => marks),
          point,
        ).toHaveLength(3);
      });
      expect(existsSync(join(dir, 'reseal')), point).toBe(false);
    }
  });

  it('is cancelled between two objects, and passes over a study that is damaged', async () => {
    const abort = new AbortController();
    abort.abort();
    const cancelled = vault.keys('reseal', { begin: true }, { ...quiet, signal: abort.signal });
    await expect(cancelled).rejects.toThrow(code('vault/cancelled'));
    expect(await vault.keys('reseal-pending', {})).toBe(2);
    const [{ studyId = '' } = {}] = await contents(vault);
    const folder = join(temp.open.dir, 'studies', studyId);
    const name = (await readdir(folder)).find((one) => one.endsWith('.instance')) ?? '';
    const bytes = await readFile(join(folder, name));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(join(folder, name), bytes);
    expect(await vault.keys('reseal', { begin: false }, quiet)).toMatchObject({ studies: 1, skipped: 1 });
    expect((await soundness(vault)).map(({ kind }) => kind)).toEqual(['altered']);
  });
});

describe('shredding', () => {
  const shredFirst = async () => {
    const [first, second] = await contents(vault);
    const request = { vaultId: temp.open.vaultId, studyIds: [first?.studyId ?? ''], by, reason: 'asked' as const };
    return { first, second, request };
  };

  it('takes key, objects, rows and words, and says so in a record', async () => {
    const { first, second, request } = await shredFirst();
    const [record] = await vault.keys('shred', request, quiet);
    expect(record).toMatchObject({ studyId: first?.studyId, by, signature: null, finishedAt: expect.any(String) });
    expect(record?.objects.length).toBe(5);
    expect(JSON.stringify(record)).not.toContain((first?.patientName ?? '').split('^')[0]);
    expect((await contents(vault)).map(({ studyId }) => studyId)).toEqual([second?.studyId]);
    expect(existsSync(join(temp.open.dir, 'studies', first?.studyId ?? ''))).toBe(false);
    expect(await soundness(vault)).toEqual([]);
    await vault.dispose();
    const database = openDatabase(join(temp.open.dir, 'catalogue.db'), temp.open.catalogueKey, true);
    database.exec('CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, study_text, row)');
    const words = database.prepare('SELECT term FROM temp.words', { pluck: true }).all() as unknown as string[];
    const name = (first?.patientName ?? '').split('^')[0]?.toLowerCase() ?? '';
    const left = (second?.patientName ?? '').toLowerCase().includes(name);
    expect(words.includes(name)).toBe(left);
    database.close();
    vault = (await FileVault.open(temp.open)).vault;
  });

  it('can not be undone with a copy of every object, the catalogue and the master key; only with a copy of the key file', async () => {
    const { first, request } = await shredFirst();
    const studyId = first?.studyId ?? '';
    const copy = join(temp.root, 'copy');
    await vault.dispose();
    await cp(temp.open.dir, copy, { recursive: true });
    vault = (await FileVault.open(temp.open)).vault;
    await vault.keys('shred', request, quiet);
    const place = join(temp.open.dir, 'studies', studyId);
    // Somebody has every blob of the study, and opens the vault with every key that a slot gives.
    await vault.dispose();
    await cp(join(copy, 'studies', studyId), place, { recursive: true });
    await rm(join(place, 'study.key'));
    vault = (await FileVault.open(temp.open)).vault;
    expect((await contents(vault)).some((study) => study.studyId === studyId)).toBe(false);
    const stolen = join(copy, 'studies', studyId, 'study.key');
    const key = await readFile(stolen);
    await rm(stolen);
    await opened({ ...temp.open, dir: copy }, async (blobs) => {
      await expect(blobs.open(studyId)).rejects.toThrow(code('vault/object-missing'));
    });
    // What a backup of before can: this is why backups drop the key at their next run.
    await writeFile(stolen, key);
    await opened({ ...temp.open, dir: copy }, async (backup) => {
      expect((await backup.open(studyId)).handle).not.toBe('');
    });
  });

  it('killed at any write point the study is whole, or it is gone and the record says so after the next open', async () => {
    const { first, request } = await shredFirst();
    const studyId = first?.studyId ?? '';
    const task = async () => void (await vault.keys('shred', request, quiet));
    const taken = await snapshotsOf(temp.open.dir, join(temp.root, 'snapshots'), task);
    expect(taken.map(({ point }) => point)).toEqual([
      'shred.recorded',
      'shred.key',
      'shred.objects',
      'shred.catalogue',
      'shred.finished',
    ]);
    for (const { dir, point } of taken) {
      await opened({ ...temp.open, dir }, async (after) => {
        expect(
          (await contents(after)).some((study) => study.studyId === studyId),
          point,
        ).toBe(false);
        expect(await soundness(after), point).toEqual([]);
      });
      expect(existsSync(join(dir, 'studies', studyId)), point).toBe(false);
      const [record] = await readRecords(dir);
      expect(record, point).toMatchObject({ studyId, finishedAt: expect.any(String) });
      expect(record?.objects, point).toHaveLength(5);
    }
  });

  it('refuses what is on hold or unknown before anything happens', async () => {
    const { first, second, request } = await shredFirst();
    await vault.keys('hold', { studyId: second?.studyId ?? '', held: true, by: 'me' });
    const both = { ...request, studyIds: [first?.studyId ?? '', second?.studyId ?? ''] };
    await expect(vault.keys('shred', both, quiet)).rejects.toThrow(code('vault/on-hold'));
    const unknown = { ...request, studyIds: [first?.studyId ?? '', 'f'.repeat(32)] };
    await expect(vault.keys('shred', unknown, quiet)).rejects.toThrow(code('vault/no-such-study'));
    expect(await contents(vault)).toHaveLength(2);
    expect(await vault.keys('hold', { studyId: second?.studyId ?? '', held: false, by: 'me' })).toEqual([]);
    await vault.keys('shred', both, quiet);
    expect(await contents(vault)).toEqual([]);
  });

  it('ends with a certificate that anybody can check, and nobody can alter', async () => {
    const { request } = await shredFirst();
    await vault.keys('shred', request, quiet);
    const signer = createSigner(originOf(temp.open.vaultId), randomBytes(32));
    const [certificate] = await signFinished(temp.open.dir, signer);
    expect(await signFinished(temp.open.dir, signer)).toEqual([]);
    const text = JSON.stringify(certificate);
    expect(checkCertificate(text, keyText(signer.key)).verdict).toBe('valid');
    expect(checkCertificate(text, null).verdict).toBe('valid');
    const other = createSigner(originOf(temp.open.vaultId), randomBytes(32));
    expect(checkCertificate(text, keyText(other.key)).verdict).toBe('wrong-key');
    const edits: [string, string][] = [
      ['tester', 'somebody'],
      ['"bytes":', '"bytes":1'],
      [certificate?.finishedAt ?? '', '2020-01-01T00:00:00.000Z'],
      [temp.open.vaultId, '0'.repeat(32)],
    ];
    for (const [from, to] of edits)
      expect(checkCertificate(text.replaceAll(from, to), null).verdict, from).not.toBe('valid');
    expect(checkCertificate(JSON.stringify({ ...certificate, signature: null }), null).verdict).toBe('unsigned');
    expect(checkCertificate(JSON.stringify({ ...certificate, finishedAt: null }), null).verdict).toBe('unfinished');
    expect(checkCertificate('{}', null).verdict).toBe('not-a-certificate');
  });
});

describe('retention in the vault', () => {
  const rule = { ruleId: '1'.repeat(32), modality: '', months: 1, since: 'studyDate' as const };

  it('has no rules at first, keeps those it is given, plans by them and leaves out what is on hold', async () => {
    expect(await vault.keys('retention', { rules: null })).toEqual({ rules: [], minorsUntil: 28 });
    expect((await vault.keys('retention-plan', {})).due).toEqual([]);
    await vault.keys('retention', { rules: { rules: [rule], minorsUntil: null } });
    const plan = await vault.keys('retention-plan', {});
    expect(plan).toMatchObject({ studies: 2, kept: [] });
    expect(plan.due).toHaveLength(2);
    await vault.keys('hold', { studyId: plan.due[0]?.studyId ?? '', held: true, by: 'me' });
    await vault.dispose();
    vault = (await FileVault.open(temp.open)).vault;
    const later = await vault.keys('retention-plan', {});
    expect(later.due).toHaveLength(1);
    expect(later.kept).toEqual([{ studyId: plan.due[0]?.studyId, reason: 'hold' }]);
  });

  it('refuses a record that was altered, or is another’s', async () => {
    await vault.keys('retention', { rules: { rules: [rule], minorsUntil: null } });
    await vault.keys('hold', { studyId: (await contents(vault))[0]?.studyId ?? '', held: true, by: 'me' });
    const records = join(temp.open.dir, 'records');
    const kept = await readFile(join(records, 'holds.record'));
    await writeFile(join(records, 'retention.record'), kept);
    await expect(vault.keys('retention', { rules: null })).rejects.toThrow();
    kept[40] = (kept[40] ?? 0) ^ 1;
    await writeFile(join(records, 'holds.record'), kept);
    await expect(vault.keys('holds', {})).rejects.toThrow();
  });
});
