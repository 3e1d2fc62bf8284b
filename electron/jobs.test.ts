import { describe, expect, it, vi } from 'vitest';
import type { JobFinished, JobProgress } from '../core/contract/jobs.ts';
import { VitrineError } from '../core/errors.ts';
import { JobBoard } from './jobs.ts';

function newBoard() {
  const told: JobProgress[] = [];
  const ends: JobFinished[] = [];
  const board = new JobBoard({ progress: (progress) => told.push(progress), finished: (end) => ends.push(end) });
  return { board, told, ends };
}

/** Runs until it is cancelled. */
function untilCancelled({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

describe('the job board', () => {
  it('tells progress and the end, and keeps what a job made until it is dismissed', async () => {
    const { board, told, ends } = newBoard();
    const { job } = board.start({
      kind: 'vault.verify',
      run: async ({ progress }) => {
        progress({ done: 1, total: 2, unit: 'items' });
        return { objects: 2 };
      },
      facts: ({ objects }) => ({ objects }),
    });
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(told.map(({ state }) => state)).toContain('running');
    expect(ends[0]).toMatchObject({ job, outcome: 'done', code: null, facts: { objects: 2 } });
    expect(board.result(job, 'vault.verify')).toEqual({ objects: 2 });
    board.dismiss(job);
    expect(board.result(job, 'vault.verify')).toBeNull();
  });

  it('runs the jobs of one lane one after the other, also after one that failed', async () => {
    const { board, ends } = newBoard();
    const order: string[] = [];
    const start = (name: string, run: () => Promise<void>) =>
      board.start({
        kind: 'vault.verify',
        lane: 'engine',
        run: () => {
          order.push(name);
          return run();
        },
      });
    start('first', async () => {
      await Promise.resolve();
      order.push('first ends');
      throw new VitrineError('vault/io', 'no disk', { details: { objects: 3 } });
    });
    start('second', async () => undefined);
    expect(board.list().running.map(({ state }) => state)).toEqual(['queued', 'queued']);
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    expect(order).toEqual(['first', 'first ends', 'second']);
    expect(ends[0]).toMatchObject({ outcome: 'failed', code: 'vault/io', facts: { objects: 3 } });
    expect(ends[1]).toMatchObject({ outcome: 'done' });
  });

  it('cancels what runs and what waits; a late cancel is no error', async () => {
    const { board, ends } = newBoard();
    const running = board.start({ kind: 'vault.verify', lane: 'engine', run: untilCancelled });
    const waiting = board.start({ kind: 'vault.verify', lane: 'engine', run: untilCancelled });
    await Promise.resolve();
    board.cancel(waiting.job);
    expect(board.list().running[1]?.state).toBe('cancelling');
    board.cancel(running.job);
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    expect(ends.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    board.cancel(running.job);
  });

  it('ends everything for a lock, forgets results, and counts only what somebody waits for', async () => {
    const { board } = newBoard();
    board.start({ kind: 'vault.verify', run: untilCancelled });
    board.start({ kind: 'vault.verify', background: true, run: untilCancelled });
    expect(board.count()).toBe(1);
    await board.stop();
    expect(board.list()).toEqual({ running: [], finished: [] });
  });

  it('says an error that is none of ours without its text', async () => {
    const { board, ends } = newBoard();
    board.start({ kind: 'vault.verify', run: () => Promise.reject(new Error('DOE^JANE')) });
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(JSON.stringify(ends)).not.toContain('DOE');
    expect(ends[0]?.code).toBe('ipc/unexpected');
  });
});
