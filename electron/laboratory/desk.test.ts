import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobFinished } from '../../core/contract/jobs.ts';
import type { LabOutcome, LabPicture, LabSubject } from '../../core/contract/laboratory.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import type { ResultTask, ResultTasks } from '../../core/vault/results.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { Engine } from '../engine/engine.ts';
import { startNodeEngine } from '../engine/node-channel.ts';
import { JobBoard } from '../jobs.ts';
import { decodeKept, encodeKept } from './kept.ts';
import { Laboratory } from './laboratory.ts';
import { readPictureFile } from './picture-bytes.ts';

let folder = '';
let finished: JobFinished[] = [];
const engine = new Engine(startNodeEngine);
const board = new JobBoard({ progress: () => undefined, finished: (report) => finished.push(report) });
const laboratory = new Laboratory({
  engine,
  board,
  vault: () => {
    throw new Error('nothing here belongs to a study');
  },
  readFile: (name) => readPictureFile([join(folder, name)]),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-desk-'));
  const jpeg = await createJpegCodec();
  const flat = { ...chestPhantom({ side: 64, patient: 1 }), samples: new Uint16Array(64 * 64).fill(7) };
  await writeFile(join(folder, 'flat.jpg'), jpeg.encode(flat, 90));
  await writeFile(join(folder, 'small.jpg'), jpeg.encode(chestPhantom({ side: 24, patient: 1 }), 10));
  await writeFile(join(folder, 'fine.jpg'), jpeg.encode(chestPhantom({ side: 64, patient: 1 }), 90));
  await writeFile(join(folder, 'torn.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3));
  await writeFile(join(folder, 'words.txt'), 'no picture');
});
afterEach(() => {
  finished = [];
});
afterAll(async () => {
  engine.stop();
  await rm(folder, { recursive: true, force: true });
});

async function done(subject: LabSubject): Promise<JobFinished> {
  const { job } = laboratory.start(subject);
  await expect.poll(() => finished.some((one) => one.job === job), { timeout: 30_000 }).toBe(true);
  return finished.find((one) => one.job === job) as JobFinished;
}

const open = (name: string) => laboratory.open({ from: 'file', source: name });
const run = (picture: string, system = 'ahmad-perceptual'): LabSubject => ({
  kind: 'run',
  picture,
  system,
  parameters: {},
});

describe('the Laboratory in main', () => {
  it('runs, attacks and compares a dropped picture as jobs, and holds what they made', async () => {
    const { picture, kind, studyId, original } = await open('fine.jpg');
    expect({ kind, studyId, columns: original.columns }).toEqual({ kind: 'jpeg', studyId: null, columns: 64 });
    const report = await done(run(picture));
    expect(report).toMatchObject({ kind: 'lab.run', outcome: 'done', facts: { system: 'ahmad-perceptual' } });
    const made = laboratory.result(report.job);
    expect(made.subject).toEqual(run(picture));
    expect(made.outcome).toMatchObject({ kind: 'run', report: { run: { labels: { fidelity: 'bounded' } } } });
    const attack = { picture, system: 'ahmad-perceptual', parameters: {}, attack: 'chosen-plaintext' };
    const attacked = laboratory.result((await done({ kind: 'attack', ...attack })).job).outcome;
    if (attacked?.kind !== 'attack') throw new Error('no attack');
    expect(attacked.bare?.samples).toEqual(attacked.original.samples);
    expect(attacked.report.attacks[0]?.envelope.succeeded).toBe(false);
    const systems = ['aes-256-gcm', 'gaudio-deepfixcx'];
    const compared = laboratory.result((await done({ kind: 'compare', picture, systems })).job).outcome;
    expect(compared).toMatchObject({ kind: 'compare', report: { systems: [{ run: { system: 'aes-256-gcm' } }, {}] } });
    // The page was loaded again: the same picture under the same handle.
    expect((await laboratory.open({ from: 'opened', picture })).picture).toBe(picture);
  }, 60_000);

  it('ends each bad picture and setting in a code with words', async () => {
    const code = async (subject: LabSubject): Promise<string | null> => (await done(subject)).code;
    const flat = await open('flat.jpg');
    expect(await code(run(flat.picture))).toBe('schemes/constant');
    const small = await open('small.jpg');
    const jigsaw = { picture: small.picture, system: 'ahmad-perceptual', parameters: {}, attack: 'jigsaw' };
    expect(await code({ kind: 'attack', ...jigsaw })).toBe('schemes/too-small');
    expect(await code({ ...run(small.picture), parameters: { quality: 400 } } as LabSubject)).toBe('schemes/parameter');
    expect(await code(run(small.picture, 'nothing'))).toBe('systems/unknown-system');
    await expect(open('torn.jpg')).rejects.toMatchObject({ code: 'schemes/file' });
    await expect(open('words.txt')).rejects.toMatchObject({ code: 'schemes/file' });
    await expect(open('gone.jpg')).rejects.toMatchObject({ code: 'schemes/file' });
    await expect(readPictureFile([join(folder, 'a'), join(folder, 'b')])).rejects.toMatchObject({
      code: 'schemes/picture',
    });
    expect(() => laboratory.start(run('no such handle'))).toThrow('choose it again');
  }, 60_000);

  it('forgets everything at a lock', async () => {
    const { picture } = await laboratory.open({ from: 'phantom', side: 32 });
    const { job } = await done(run(picture, 'aes-256-gcm'));
    expect(laboratory.result(job).outcome).not.toBeNull();
    laboratory.clear();
    expect(laboratory.result(job)).toEqual({ subject: null, outcome: null });
    await expect(laboratory.open({ from: 'opened', picture })).rejects.toMatchObject({ code: 'lab/no-such-picture' });
  }, 60_000);
});

const wide: LabPicture = { columns: 2, rows: 1, channels: 1, bits: 12, samples: Uint16Array.of(4095, 7) };
const narrow: LabPicture = { columns: 2, rows: 1, channels: 1, bits: 8, samples: Uint8Array.of(255, 7) };
const attackOutcome: LabOutcome = {
  kind: 'attack',
  report: { system: 'x', image: { source: 'dicom', columns: 2, rows: 1, channels: 1, bits: 12 }, attacks: [] },
  original: wide,
  bare: narrow,
  envelope: null,
};
const subject: LabSubject = { kind: 'attack', picture: 'p', system: 'x', parameters: { a: 1 }, attack: 'y' };

describe('a result that is kept', () => {
  it('comes back whole, samples of either width included', () => {
    expect(decodeKept(encodeKept({ subject, outcome: attackOutcome }))).toEqual({ subject, outcome: attackOutcome });
    const bytes = encodeKept({ subject, outcome: attackOutcome });
    expect([...bytes.subarray(-6)]).toEqual([255, 15, 7, 0, 255, 7]);
    expect(() => decodeKept(Uint8Array.of(0, 0, 0, 2, 123, 125))).toThrow();
  });

  it('is sealed with the study of its picture before the job ends', async () => {
    const asked: string[] = [];
    const kept: Uint8Array[] = [];
    const vault = {
      open: async () => ({ handle: 'h' }),
      close: async () => void asked.push('close'),
      results: async (task: ResultTask, request: ResultTasks[ResultTask][0]) => {
        asked.push(task);
        if ('bytes' in request) kept.push(request.bytes);
        return null;
      },
    } as unknown as StudyVault;
    const played = {
      run: async (task: string) =>
        task === 'lab.picture' ? { kind: 'dicom', original: wide, window: null } : attackOutcome,
    } as unknown as Engine;
    const own = new Laboratory({
      engine: played,
      board,
      vault: () => vault,
      readFile: () => Promise.reject(new Error()),
    });
    const studyId = 'ab'.repeat(16);
    const source = { from: 'study', studyId, objectId: 'cd'.repeat(16), frame: 1, window: null } as const;
    const { picture } = await own.open(source);
    const { job } = own.start({ ...subject, picture });
    await expect.poll(() => finished.length).toBe(1);
    expect(finished[0]).toMatchObject({ job, studyId, outcome: 'done' });
    expect(asked).toEqual(['close', 'close', 'append']);
    expect(decodeKept(kept[0] as Uint8Array).outcome).toEqual(attackOutcome);
  });
});
