import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { conflictTwins, FIXTURE_KINDS, syntheticFile, syntheticPixels } from '../../test/fixtures/dicom.ts';
import { importPaths, listAll, putMark, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { FileVault } from './file-vault.ts';

let temp: TempVault;
let vault: FileVault;

beforeEach(async () => {
  temp = await TempVault.make();
  vault = await FileVault.create(temp.open);
});

afterEach(async () => {
  await vault.dispose();
  await temp.remove();
});

async function reopen() {
  await vault.dispose();
  const opened = await FileVault.open(temp.open);
  vault = opened.vault;
  return opened.recovered;
}

async function objectFiles(extension: string): Promise<string[]> {
  const names = await readdir(join(temp.open.dir, 'studies'), { recursive: true });
  return names.filter((name) => name.endsWith(extension)).map((name) => join(temp.open.dir, 'studies', name));
}

async function firstStudy() {
  const study = (await listAll(vault))[0];
  if (study === undefined) throw new Error('no study');
  return study;
}

/** A small phantom in a folder. */
async function phantom(slices: number, seed = 'unit', folder = 'in'): Promise<string> {
  const path = join(temp.root, folder);
  await mkdir(path);
  for (const { name, bytes } of phantomStudy({ slices, matrix: 32, seed })) await writeFile(join(path, name), bytes);
  return path;
}

describe('import', () => {
  it('makes a folder visible as one study, in slice order, and finds it by any word', async () => {
    const seen: string[] = [];
    const folder = await phantom(12);
    const { outcome, report } = await importPaths(vault, [folder], { progress: (p) => seen.push(p.phase) });
    expect(outcome).toMatchObject({ outcome: 'done', counts: { imported: 12, known: 0, conflicts: 0, refused: 0 } });
    expect(outcome.studyIds).toHaveLength(1);
    expect(report.imported).toHaveLength(12);
    expect(seen.at(-1)).toBe('committing');
    const study = await firstStudy();
    expect(study).toMatchObject({ instanceCount: 12, seriesCount: 1, modalities: 'CT', conflictCount: 0 });
    const name = study.patientName.split('^')[0] as string;
    expect(await listAll(vault, name.slice(0, 3).toLowerCase())).toHaveLength(1);
    expect(await listAll(vault, `${name} ct ${study.studyDate}`)).toHaveLength(1);
    expect(await listAll(vault, `${name} zzz`)).toHaveLength(0);
    const { series } = await vault.details(study.studyId);
    expect(series[0]?.instances.map((i) => i.instanceNumber)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('knows identical bytes, and keeps other bytes under the same UID beside the first', async () => {
    const [first, second] = conflictTwins();
    const a = await temp.file('a.dcm', first);
    const b = await temp.file('b.dcm', second);
    const copy = await temp.file('copy.dcm', first);
    const { outcome, report } = await importPaths(vault, [a, b, copy]);
    expect(outcome.counts).toEqual({ imported: 1, known: 1, conflicts: 1, refused: 0 });
    expect(report.conflicts).toHaveLength(1);
    const again = await importPaths(vault, [copy, b, a]);
    expect(again.outcome).toMatchObject({ outcome: 'done', counts: { imported: 0, known: 3, conflicts: 0 } });
    const study = await firstStudy();
    expect(study).toMatchObject({ instanceCount: 2, conflictCount: 1 });
    const instances = (await vault.details(study.studyId)).series.flatMap((s) => s.instances);
    expect(instances.map((i) => i.conflict)).toEqual([true, true]);
    expect(await objectFiles('.manifest')).toHaveLength(1);
    expect((await verifyAll(vault)).problems).toEqual([]);
  });

  it('names what it refuses and imports the rest', async () => {
    const good = await temp.file('good.dcm', syntheticFile('cr'));
    const bad = await temp.file('bad.dcm', new TextEncoder().encode('no image at all, but long enough to look at'));
    const empty = await temp.file('empty.dcm', new Uint8Array(0));
    const { outcome, report } = await importPaths(vault, [bad, good, empty, join(temp.root, 'absent.dcm')]);
    expect(outcome.counts).toMatchObject({ imported: 1, refused: 3 });
    expect(report.refused.map((r) => r.code).sort()).toEqual(['dicom/empty', 'dicom/not-dicom', 'source/missing']);
    expect(outcome.refused.map((r) => r.name).sort()).toEqual(['absent.dcm', 'bad.dcm', 'empty.dcm']);
  });

  it('leaves nothing of an import in which every file is refused', async () => {
    const bad = await temp.file('bad.dcm', syntheticFile('cr').slice(0, 700));
    expect((await importPaths(vault, [bad])).outcome).toMatchObject({ outcome: 'done', studyIds: [] });
    expect(await readdir(join(temp.open.dir, 'studies'))).toEqual([]);
  });

  it('leaves nothing when it is cancelled, in a new study or in one that was there', async () => {
    const folder = await phantom(40, 'cancel');
    const files = (await readdir(folder)).map((name) => join(folder, name));
    await importPaths(vault, files.slice(0, 3));
    const before = (await readdir(join(temp.open.dir, 'studies'), { recursive: true })).sort();
    const other = await phantom(10, 'other', 'other');
    const stop = new AbortController();
    const { outcome } = await importPaths(vault, [other, folder], {
      signal: stop.signal,
      progress: (p) => {
        if (p.filesDone > 5) stop.abort();
      },
    });
    expect(outcome).toMatchObject({ outcome: 'cancelled', code: null, studyIds: [] });
    expect((await readdir(join(temp.open.dir, 'studies'), { recursive: true })).sort()).toEqual(before);
    expect(await listAll(vault)).toHaveLength(1);
    expect((await firstStudy()).instanceCount).toBe(3);
    expect((await verifyAll(vault)).problems).toEqual([]);
    expect((await importPaths(vault, [folder])).outcome.counts).toMatchObject({ imported: 37, known: 3 });
  });

  it('adds to a study that is there, with a manifest of its own', async () => {
    const folder = await phantom(6);
    const files = (await readdir(folder)).sort().map((name) => join(folder, name));
    await importPaths(vault, files.slice(0, 2));
    await importPaths(vault, files);
    expect(await listAll(vault)).toHaveLength(1);
    expect((await firstStudy()).instanceCount).toBe(6);
    expect(await objectFiles('.manifest')).toHaveLength(2);
  });

  it('imports the sample study', async () => {
    const observer = { signal: new AbortController().signal, progress: () => undefined };
    const { outcome } = await vault.import({ job: 's', from: { sample: true } }, observer);
    expect(outcome).toMatchObject({ outcome: 'done', counts: { imported: 128, refused: 0 } });
  });
});

describe('reading', () => {
  it.each(FIXTURE_KINDS)('gives the frames and the header of %s', async (kind) => {
    await importPaths(vault, [await temp.file('x.dcm', syntheticFile(kind))]);
    const study = await firstStudy();
    const instance = (await vault.details(study.studyId)).series[0]?.instances[0];
    if (instance === undefined) throw new Error('no instance');
    const { handle } = await vault.open(study.studyId);
    const [header] = await vault.headers(handle, [instance.objectId]);
    expect(JSON.parse(header as string)['00080018'].Value).toEqual([instance.sopInstanceUid]);
    if (kind === 'sr') {
      expect(instance.frames).toBe(0);
      await expect(vault.frame(handle, instance.objectId, 1)).rejects.toMatchObject({ code: 'vault/no-pixels' });
      return;
    }
    const frames: Uint8Array[] = [];
    for (let frame = 1; frame <= instance.frames; frame++)
      frames.push((await vault.frame(handle, instance.objectId, frame)).bytes);
    await expect(vault.frame(handle, instance.objectId, instance.frames + 1)).rejects.toMatchObject({
      code: 'vault/no-such-frame',
    });
    if (!['rle', 'fragments', 'us-planar'].includes(kind)) {
      const stored = Buffer.concat(
        frames.map((f) => (kind === 'seg-1-bit' ? bits(f, instance.rows * instance.columns) : f)),
      );
      expect(stored.subarray(0, syntheticPixels(kind).length).equals(syntheticPixels(kind))).toBe(true);
    }
    await vault.close(handle);
    await expect(vault.frame(handle, instance.objectId, 1)).rejects.toMatchObject({ code: 'vault/no-such-handle' });
  });

  it('does not give an object of another study under a handle', async () => {
    await importPaths(vault, [await temp.file('a.dcm', syntheticFile('cr', { seed: 'a' }))]);
    await importPaths(vault, [await temp.file('b.dcm', syntheticFile('mr', { seed: 'b' }))]);
    const [a, b] = await listAll(vault);
    const { handle } = await vault.open(a?.studyId ?? '');
    const foreign = (await vault.details(b?.studyId ?? '')).series[0]?.instances[0]?.objectId ?? '';
    await expect(vault.frame(handle, foreign, 1)).rejects.toMatchObject({ code: 'vault/no-such-object' });
    expect(await vault.headers(handle, [foreign])).toEqual([null]);
  });

  it('refuses an altered object by name and reads the others', async () => {
    await importPaths(vault, [await phantom(4)]);
    const [victim] = await objectFiles('.instance');
    const bytes = await readFile(victim as string);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] as number) ^ 1;
    await writeFile(victim as string, bytes);
    const victimId = (victim as string).slice(-41, -9);
    const study = await firstStudy();
    const { handle } = await vault.open(study.studyId);
    for (const { objectId } of (await vault.details(study.studyId)).series[0]?.instances ?? []) {
      const frame = vault.frame(handle, objectId, 1);
      if (objectId === victimId) await expect(frame).rejects.toMatchObject({ code: 'seal/altered' });
      else expect((await frame).bytes.length).toBe(32 * 32 * 2);
    }
    expect((await verifyAll(vault, false)).problems).toEqual([
      { kind: 'altered', studyId: study.studyId, objectId: victimId },
    ]);
  });

  it('says that a missing object is missing', async () => {
    await importPaths(vault, [await phantom(2)]);
    const [victim] = await objectFiles('.instance');
    await rm(victim as string);
    const report = await verifyAll(vault);
    expect(report.problems).toEqual([expect.objectContaining({ kind: 'missing' })]);
  });
});

describe('export', () => {
  it('gives the bytes back with a cleared preamble, under names that can not lead elsewhere', async () => {
    const original = syntheticFile('cr');
    original.set(new TextEncoder().encode('MZ hostile'), 0);
    const uid = await temp.file('x.dcm', original);
    await importPaths(vault, [uid]);
    const study = await firstStudy();
    const folder = join(temp.root, 'out');
    expect(await vault.exportStudy(study.studyId, folder)).toEqual({
      files: 1,
      bytes: original.length,
      refused: [],
    });
    const [name] = await readdir(folder);
    expect(name).toMatch(/^[\d.]+\.dcm$/);
    const exported = await readFile(join(folder, name as string));
    expect(exported.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(exported.subarray(128).equals(original.subarray(128))).toBe(true);
    await expect(vault.exportStudy(study.studyId, folder)).rejects.toMatchObject({ code: 'export/exists' });
    expect(await readdir(folder)).toEqual([name]);
  });

  it('writes what can be read and names the object that can not', async () => {
    await importPaths(vault, [await phantom(3)]);
    const { studyId } = await firstStudy();
    const [victim] = await objectFiles('.instance');
    if (victim === undefined) throw new Error('no object');
    const bytes = await readFile(victim);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    await writeFile(victim, bytes);
    const folder = join(temp.root, 'out');
    const exported = await vault.exportStudy(studyId, folder);
    expect(exported).toMatchObject({
      files: 2,
      refused: [
        {
          objectId: basename(victim, '.instance'),
          sopInstanceUid: expect.stringMatching(/^[\d.]+$/),
          code: 'seal/altered',
        },
      ],
    });
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    expect(names).not.toContain(`${exported.refused[0]?.sopInstanceUid}.dcm`);
  });
});

describe('annotations', () => {
  it('are there after a reopen, in order, and while an import runs', async () => {
    await importPaths(vault, [await phantom(2)]);
    const { studyId } = await firstStudy();
    const running = importPaths(vault, [await phantom(60, 'busy', 'busy')]);
    const first = putMark('first');
    await vault.append(studyId, [first]);
    await vault.append(studyId, [putMark('second'), putMark('third')]);
    if (first.op === 'put') await vault.append(studyId, [{ op: 'remove', uid: first.annotation.uid }]);
    await running;
    await reopen();
    const { annotations, unreadable } = await vault.annotations(studyId);
    expect(annotations.map((mark) => mark.label)).toEqual(['second', 'third']);
    expect(unreadable).toBe(0);
    expect((await listAll(vault)).find((row) => row.studyId === studyId)?.annotationCount).toBe(2);
    await expect(vault.append('0'.repeat(32), [first])).rejects.toMatchObject({ code: 'vault/no-such-study' });
  });
});

describe('a note that was being written when the process died', () => {
  it('is neither an unreadable entry nor a problem, and is cleared away', async () => {
    await importPaths(vault, [await phantom(1)]);
    const { studyId } = await firstStudy();
    await vault.append(studyId, [putMark('saved')]);
    const torn = join(temp.open.dir, 'studies', studyId, `${'c'.repeat(32)}.note.part`);
    await writeFile(torn, 'half');
    await reopen();
    expect((await verifyAll(vault)).problems).toEqual([]);
    expect(await vault.annotations(studyId)).toMatchObject({ unreadable: 0, annotations: [{ label: 'saved' }] });
    expect(await objectFiles('.part')).toEqual([]);
  });
});

describe('opening', () => {
  it('is refused while the vault is open', async () => {
    await expect(FileVault.open(temp.open)).rejects.toMatchObject({ code: 'vault/in-use' });
    await expect(FileVault.create(temp.open)).rejects.toMatchObject({ code: 'vault/in-use' });
  });

  it('does not take keys of another vault for a damaged catalogue', async () => {
    await importPaths(vault, [await phantom(1)]);
    await vault.dispose();
    const other = await TempVault.make();
    const wrong = { ...other.open, dir: temp.open.dir };
    await expect(FileVault.open(wrong)).rejects.toMatchObject({ code: 'vault/wrong-key' });
    await other.remove();
    vault = (await FileVault.open(temp.open)).vault;
    expect(await listAll(vault)).toHaveLength(1);
  });

  it.each(['missing', 'empty', 'garbage', 'a damaged first page'])('rebuilds a catalogue that is %s', async (how) => {
    await importPaths(vault, [await phantom(5)]);
    await importPaths(vault, [await phantom(7, 'second', 'second')]);
    const before = await listAll(vault);
    const { studyId } = before[0] ?? { studyId: '' };
    await vault.append(studyId, [putMark('kept')]);
    const details = await vault.details(studyId);
    await vault.dispose();
    const path = join(temp.open.dir, 'catalogue.db');
    const bytes = await readFile(path);
    if (how === 'missing') await rm(path);
    else if (how === 'empty') await writeFile(path, '');
    else if (how === 'garbage') await writeFile(path, 'this is no catalogue'.repeat(500));
    else await writeFile(path, bytes.fill(7, 64, 200));
    const { vault: again, recovered } = await FileVault.open(temp.open);
    vault = again;
    expect(recovered).toMatchObject({ catalogueRebuilt: true, unreadable: 0 });
    expect((await listAll(vault)).map((row) => ({ ...row, annotationCount: 0 }))).toEqual(before);
    expect((await vault.details(studyId)).series).toEqual(details.series);
    expect((await vault.annotations(studyId)).annotations.map((mark) => mark.label)).toEqual(['kept']);
    expect((await verifyAll(vault)).problems).toEqual([]);
    const kept = (await readdir(temp.open.dir)).filter((name) => name.includes('.kept'));
    expect(kept.length > 0).toBe(how !== 'missing');
    expect(await reopen()).toMatchObject({ catalogueRebuilt: false });
  });

  it('comes back from damage in the middle of the catalogue, which shows only in use', async () => {
    await importPaths(vault, [await phantom(30)]);
    const { studyId } = await firstStudy();
    await vault.append(studyId, [putMark('kept')]);
    await vault.dispose();
    const path = join(temp.open.dir, 'catalogue.db');
    const bytes = await readFile(path);
    for (let page = 20; (page + 1) * 4096 <= bytes.length; page++)
      bytes.fill(page, page * 4096 + 100, page * 4096 + 120);
    await writeFile(path, bytes);
    let rebuilt = false;
    for (let attempt = 0; attempt < 2 && !rebuilt; attempt++) {
      const opened = await FileVault.open(temp.open);
      vault = opened.vault;
      rebuilt = opened.recovered.catalogueRebuilt;
      if (rebuilt) break;
      const { handle } = await vault.open(studyId);
      const use = vault.details(studyId).then((d) =>
        vault.headers(
          handle,
          d.series.flatMap((s) => s.instances.map((i) => i.objectId)),
        ),
      );
      await expect(use).rejects.toMatchObject({ code: 'vault/catalogue-damaged' });
      await vault.dispose();
    }
    expect(rebuilt).toBe(true);
    expect((await firstStudy()).instanceCount).toBe(30);
    expect((await vault.annotations(studyId)).annotations).toHaveLength(1);
    expect((await verifyAll(vault)).problems).toEqual([]);
  });

  it('holds a new catalogue to the bytes: no file of the vault has a patient value in it', async () => {
    await importPaths(vault, [await temp.file('x.dcm', syntheticFile('cr', { patientName: 'MARKER^ONE' }))]);
    await vault.dispose();
    for (const name of await readdir(temp.open.dir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const bytes = await readFile(join(name.parentPath, name.name));
      expect(bytes.includes('MARKER')).toBe(false);
    }
    vault = (await FileVault.open(temp.open)).vault;
    expect((await firstStudy()).patientName).toBe('MARKER^ONE');
  });
});

/** A byte per bit, lowest bit first. */
function bits(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => ((bytes[i >> 3] as number) >> (i & 7)) & 1);
}

describe('what is sealed', () => {
  it('is the file byte for byte', async () => {
    const original = syntheticFile('mr');
    await importPaths(vault, [await temp.file('x.dcm', original)]);
    const { series } = await vault.details((await firstStudy()).studyId);
    const [object] = vault.objectsOf(series[0]?.instances[0]?.sopInstanceUid ?? '');
    if (object === undefined) throw new Error('no object');
    const reader = await vault.reader(object);
    const bytes = await reader.read(0, reader.size);
    await reader.close();
    const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    expect(digest(bytes)).toBe(digest(original));
  });
});
