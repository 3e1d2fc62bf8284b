import { describe, expect, it } from 'vitest';
import type { ImportEnd, ImportOutcome } from '../core/contract/import.ts';
import { VitrineError } from '../core/errors.ts';
import type { FinishedImport, ImportObserver, ImportRequest, PixelDoubt, StudyVault } from '../core/vault/types.ts';
import { ImportJobs } from './import-jobs.ts';

const DOUBTS: PixelDoubt[] = [];

const EMPTY = { imported: [], known: [], conflicts: [], refused: [], warnings: [] };

function outcome(job: string, how: ImportOutcome['outcome']): FinishedImport {
  const counts = { imported: 1, known: 0, conflicts: 0, refused: 0 };
  const lists = { refused: [{ name: 'DOE^JANE.dcm', code: 'dicom/empty' }], conflicts: [], warnings: [] };
  return {
    report: EMPTY,
    outcome: { job, outcome: how, code: null, counts, bytes: 1, seconds: 1, studyIds: [], ...lists },
  };
}

function stage(run: (request: ImportRequest, observer: ImportObserver) => Promise<FinishedImport>) {
  const finished: ImportEnd[] = [];
  const jobs = new ImportJobs({
    progress: () => undefined,
    finished: (one) => finished.push(one),
    doubted: (one) => finished.push(one),
  });
  return { jobs, finished, vault: { import: run, pixelDoubts: async () => DOUBTS } as unknown as StudyVault };
}

const untilAborted = (request: ImportRequest, { signal }: ImportObserver) =>
  new Promise<FinishedImport>((resolve) => {
    signal.addEventListener('abort', () => resolve(outcome(request.job, 'cancelled')));
  });

describe('import jobs', () => {
  it('run one at a time and tell how they ended', async () => {
    const { jobs, finished, vault } = stage(untilAborted);
    const { job } = jobs.start(vault, () => ({ sample: true }));
    expect(jobs.count()).toBe(1);
    const spend = () => {
      throw new Error('a refused start must not spend the handle');
    };
    expect(() => jobs.start(vault, spend)).toThrowError(expect.objectContaining({ code: 'import/busy' }));
    jobs.cancel('another');
    expect(jobs.count()).toBe(1);
    jobs.cancel(job);
    await expect.poll(() => finished.map((one) => one.outcome)).toEqual(['cancelled']);
    expect(jobs.count()).toBe(0);
  });

  it('are cancelled and told before a lock goes on', async () => {
    const { jobs, finished, vault } = stage(untilAborted);
    jobs.start(vault, () => ({ sample: true }));
    await jobs.stop();
    expect(finished).toEqual([expect.objectContaining({ outcome: 'cancelled' })]);
  });

  it('that fail carry the code and count nothing', async () => {
    const { jobs, finished, vault } = stage(async () => {
      throw new VitrineError('vault/disk-full', 'full');
    });
    jobs.start(vault, () => ({ paths: ['/a'] }));
    await expect.poll(() => finished).toHaveLength(1);
    expect(finished[0]).toMatchObject({ outcome: 'failed', code: 'vault/disk-full', counts: { imported: 0 } });
  });

  it('are told again when decoding found something', async () => {
    DOUBTS.push({ path: '/a/DOE^JANE.dcm', name: 'DOE^JANE.dcm', code: 'dicom/pixels-doubtful' });
    const { jobs, finished, vault } = stage(async ({ job }) => outcome(job, 'done'));
    jobs.start(vault, () => ({ sample: true }));
    await expect.poll(() => finished.length).toBe(2);
    DOUBTS.length = 0;
    expect(JSON.stringify(finished), 'names of files stay with the vault').not.toContain('DOE');
  });
});
