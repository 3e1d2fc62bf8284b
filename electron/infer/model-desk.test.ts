import { describe, expect, it } from 'vitest';
import type { ImagePlace, ModelFileView } from '../../core/contract/findings.ts';
import type { JobFinished } from '../../core/contract/jobs.ts';
import type { ModelRunReport, ModelSeriesReport } from '../../core/contract/model.ts';
import type { ModelAttackView } from '../../core/contract/model-attack.ts';
import { inferError } from '../../core/infer/errors.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { KeptResult, ResultTask, ResultTasks } from '../../core/vault/results.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import type { Engine } from '../engine/engine.ts';
import { engineError } from '../engine/errors.ts';
import { JobBoard } from '../jobs.ts';
import { decide, findings } from './kept.ts';
import { ModelDesk } from './model-desk.ts';

const PLACE: ImagePlace = { studyId: 'a'.repeat(32), objectId: 'b'.repeat(32), frame: 2 };

const CHOICE = { model: 'kumar-113', backEnd: null } as const;

const PROVENANCE = {
  model: 'kumar-113',
  release: '1.0.0',
  weightsSha256: '0'.repeat(64),
  backEnd: 'onnxruntime',
  at: '2026-01-02T03:04:05.000Z',
  milliseconds: 1.5,
} as const;

const REPORT: ModelRunReport = {
  use: 'research',
  image: { source: 'dicom', modality: 'MR', columns: 64, rows: 64, bits: 12, frame: 2 },
  seen: { left: -1, top: 2, side: 60 },
  classification: { scores: [{ label: 'glioma', score: 1 }], provenance: PROVENANCE },
  classMap: { label: 'glioma', rows: 1, columns: 2, values: [0, 1] },
  measured: [],
  lost: null,
};

const SERIES: ModelSeriesReport = {
  use: 'research',
  labels: ['glioma', 'no_tumor'],
  images: [
    { objectId: PLACE.objectId, frame: 2, scores: [0.3, 0.7], refused: null },
    { objectId: PLACE.objectId, frame: 3, scores: null, refused: 'infer/flat' },
  ],
  provenance: PROVENANCE,
  measured: [],
  lost: 'tfjs-webgpu',
};

const FILE: ModelFileView = { report: REPORT, columns: 1, rows: 1, channels: 1, samples: Uint8Array.of(7) };

const attacked = { rows: 1, columns: 1, attacked: Uint8Array.of(7) } as unknown as ModelAttackView;

/** What is sealed with the study, in memory; the desk works on it as it does on a vault. */
class KeptInMemory {
  readonly kept: { row: KeptResult; bytes: Uint8Array }[] = [];
  readonly handles = new Set<string>();

  async results(task: ResultTask, request: ResultTasks[ResultTask][0]): Promise<unknown> {
    if (task === 'list') return { results: this.kept.map(({ row }) => row).toReversed(), unreadable: 0 };
    if (task === 'read' && 'resultId' in request)
      return this.kept.find(({ row }) => row.resultId === request.resultId)?.bytes;
    if (!('bytes' in request)) throw new Error('not asked for here');
    const { kind, about = '', bytes } = request;
    const resultId = String(this.kept.length).padStart(32, '0');
    const row = { resultId, kind, about, savedAt: new Date().toISOString(), bytes: bytes.length };
    this.kept.push({ row, bytes });
    return row;
  }

  async modalityOf(_studyId: string, objectId: string) {
    if (objectId !== PLACE.objectId) throw vaultError('vault/no-such-object', 'the study has no such image');
    return 'MR';
  }

  async open() {
    this.handles.add('h');
    return { handle: 'h' };
  }

  async close(handle: string): Promise<void> {
    this.handles.delete(handle);
  }
}

const asVault = (vault: KeptInMemory) => vault as unknown as StudyVault;

function stage(answer: () => Promise<unknown>) {
  const vault = new KeptInMemory();
  const finished: JobFinished[] = [];
  const board = new JobBoard({ progress: () => undefined, finished: (report) => finished.push(report) });
  const asked: unknown[] = [];
  const engine = {
    run: async (task: string, input: unknown) => {
      asked.push({ task, input, open: vault.handles.size });
      return answer();
    },
  } as unknown as Pick<Engine, 'run'>;
  const desk = new ModelDesk({ engine, board, vault: () => asVault(vault), readFile: async () => Uint8Array.of(1) });
  const ended = async (job: string): Promise<JobFinished> => {
    await expect.poll(() => finished.some((one) => one.job === job)).toBe(true);
    return finished.find((one) => one.job === job) as JobFinished;
  };
  return { vault, desk, asked, ended };
}

describe('the models in main', () => {
  it('seal what a model says with the study, and remember what was fastest', async () => {
    const { vault, desk, asked, ended } = stage(async () => REPORT);
    const { outcome, facts } = await ended(desk.run(CHOICE, PLACE).job);
    expect({ outcome, facts }).toEqual({ outcome: 'done', facts: { model: 'kumar-113', backEnd: 'onnxruntime' } });
    await ended(desk.run(CHOICE, PLACE).job);
    const image = { from: 'place', place: { handle: 'h', objectId: PLACE.objectId, frame: 2 }, modality: 'MR' };
    const input = { model: 'kumar-113', use: 'research', image };
    expect(asked).toEqual([
      { task: 'model.run', input: { ...input, backEnd: null, fastest: null }, open: 1 },
      { task: 'model.run', input: { ...input, backEnd: null, fastest: 'onnxruntime' }, open: 1 },
    ]);
    expect(vault.handles.size, 'the study is closed again').toBe(0);
    const { findings: found } = await findings(asVault(vault), PLACE.studyId);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ objectId: PLACE.objectId, frame: 2, report: REPORT, decision: null });
  });

  it('keep every word of a person with where the finding comes from; the last one counts', async () => {
    const { vault, desk, ended } = stage(async () => REPORT);
    await ended(desk.run(CHOICE, PLACE).job);
    const [finding] = (await findings(asVault(vault), PLACE.studyId)).findings;
    const resultId = finding?.resultId ?? '';
    await decide(asVault(vault), { studyId: PLACE.studyId, resultId, verdict: 'rejected', by: 'reader' });
    // Times count milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await decide(asVault(vault), { studyId: PLACE.studyId, resultId, verdict: 'accepted', by: 'chief' });
    const told = await findings(asVault(vault), PLACE.studyId);
    expect(told.findings[0]?.decision).toMatchObject({ verdict: 'accepted', by: 'chief' });
    expect(vault.kept.map(({ row }) => row.kind)).toEqual(['model.run', 'model.decision', 'model.decision']);
    const sealed: unknown = JSON.parse(new TextDecoder().decode(vault.kept[1]?.bytes));
    expect(sealed).toMatchObject({
      resultId,
      label: 'glioma',
      verdict: 'rejected',
      by: 'reader',
      provenance: PROVENANCE,
    });
  });

  it('count what does not open instead of hiding it', async () => {
    const { vault } = stage(async () => REPORT);
    await vault.results('append', { studyId: PLACE.studyId, kind: 'model.run', bytes: Uint8Array.of(1, 2) });
    expect(await findings(asVault(vault), PLACE.studyId)).toEqual({ findings: [], series: [], unreadable: 1 });
  });

  it('write nothing of an attack, and forget it at a lock', async () => {
    const { vault, desk, ended } = stage(async () => attacked);
    const { job } = desk.attack('kumar-113', PLACE, { method: 'pgd', epsilon: 2 / 255 });
    expect((await ended(job)).outcome).toBe('done');
    expect(desk.attackResult(job)).toEqual({ place: PLACE, view: attacked });
    expect(vault.kept).toEqual([]);
    desk.clear();
    expect(desk.attackResult(job)).toEqual({ place: null, view: null });
  });

  it('seal what a model says of a series once, with the study open only meanwhile; a lost back end is in the job’s facts', async () => {
    const { vault, desk, asked, ended } = stage(async () => SERIES);
    const images = SERIES.images.map(({ objectId, frame }) => ({ objectId, frame }));
    const facts = { model: 'kumar-113', backEnd: 'onnxruntime', lost: 'tfjs-webgpu' };
    expect(await ended(desk.series(CHOICE, PLACE.studyId, images).job)).toMatchObject({ outcome: 'done', facts });
    await ended(desk.series({ ...CHOICE, backEnd: 'tfjs-wasm' }, PLACE.studyId, images).job);
    const input = { model: 'kumar-113', use: 'research', handle: 'h', modality: 'MR', images };
    expect(asked, 'what was measured is remembered, and a choice goes before it').toEqual([
      { task: 'model.series', input: { ...input, backEnd: null, fastest: null }, open: 1 },
      { task: 'model.series', input: { ...input, backEnd: 'tfjs-wasm', fastest: 'onnxruntime' }, open: 1 },
    ]);
    expect(vault.handles.size, 'the study is closed again').toBe(0);
    expect(vault.kept.map(({ row }) => row.kind)).toEqual(['model.series', 'model.series']);
    const [found] = (await findings(asVault(vault), PLACE.studyId)).series;
    expect(found).toMatchObject({ report: SERIES, decision: null });
    const word = { studyId: PLACE.studyId, resultId: found?.resultId ?? '', verdict: 'accepted', by: 'chief' } as const;
    await decide(asVault(vault), word);
    const sealed: unknown = JSON.parse(new TextDecoder().decode(vault.kept.at(-1)?.bytes));
    expect(sealed, 'the class that most of its images have').toMatchObject({ label: 'no_tumor', verdict: 'accepted' });
    expect((await findings(asVault(vault), PLACE.studyId)).series[0]?.decision).toMatchObject({ verdict: 'accepted' });
  });

  it('keep nothing of a series that failed, or whose first image isn’t of the study', async () => {
    const { vault, desk, ended } = stage(async () => {
      throw engineError('engine/crashed');
    });
    const images = [{ objectId: PLACE.objectId, frame: 1 }];
    expect(await ended(desk.series(CHOICE, PLACE.studyId, images).job)).toMatchObject({ code: 'engine/crashed' });
    const others = [{ objectId: 'c'.repeat(32), frame: 1 }];
    expect(await ended(desk.series(CHOICE, PLACE.studyId, others).job)).toMatchObject({ code: 'vault/no-such-object' });
    expect(vault.kept).toEqual([]);
    expect(vault.handles.size).toBe(0);
  });

  it('hand a picture file to the engine as bytes, write nothing of it, and forget the oldest, and all at a lock', async () => {
    const { vault, desk, asked, ended } = stage(async () => FILE);
    const jobs: string[] = [];
    for (let i = 0; i < 5; i++) jobs.push((await desk.file(CHOICE, 'source')).job);
    for (const job of jobs) expect((await ended(job)).facts).toEqual({ model: 'kumar-113', backEnd: 'onnxruntime' });
    const input = { model: 'kumar-113', backEnd: null, fastest: null, bytes: Uint8Array.of(1) };
    expect(asked[0]).toEqual({ task: 'model.file', input, open: 0 });
    expect(desk.fileResult(jobs[4] ?? '')).toEqual({ view: FILE });
    expect(desk.fileResult(jobs[0] ?? ''), 'four are remembered').toEqual({ view: null });
    expect(vault.kept).toEqual([]);
    desk.clear();
    expect(desk.fileResult(jobs[4] ?? '')).toEqual({ view: null });
  });

  it('have no result of a file on which the engine failed', async () => {
    const { desk, ended } = stage(async () => {
      throw inferError('infer/size', 'too small');
    });
    const { job } = await desk.file(CHOICE, 'source');
    expect(await ended(job)).toMatchObject({ outcome: 'failed', code: 'infer/size' });
    expect(desk.fileResult(job)).toEqual({ view: null });
  });

  it('end with the engine’s code, and keep nothing', async () => {
    const { vault, desk, ended } = stage(async () => {
      throw inferError('infer/flat', 'the image has one value nearly everywhere; choose an image with a head in it');
    });
    expect(await ended(desk.run(CHOICE, PLACE).job)).toMatchObject({ outcome: 'failed', code: 'infer/flat' });
    const other = { ...PLACE, objectId: 'c'.repeat(32) };
    expect(await ended(desk.run(CHOICE, other).job)).toMatchObject({ code: 'vault/no-such-object' });
    expect(vault.kept).toEqual([]);
    expect(vault.handles.size).toBe(0);
  });
});
