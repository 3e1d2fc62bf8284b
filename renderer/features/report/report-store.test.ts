import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Report, type ReportEntry, replayReports } from '../../../core/annotate/report.ts';
import { ReportStore } from './report-store.ts';

function desk(loaded: readonly ReportEntry[] = []) {
  const written: ReportEntry[] = [...loaded];
  const fault = { code: null as string | null };
  const make = async (): Promise<ReportStore> => {
    const store = new ReportStore('s', {
      load: async () => ({ reports: replayReports(written) }),
      append: async (_study, entries) => {
        if (fault.code !== null) throw new Error(fault.code);
        written.push(...entries);
        return { savedAt: '2026-01-01T14:02:11.000Z' };
      },
      codeOf: (error) => (error as Error).message,
    });
    await store.load();
    return store;
  };
  return { make, written, fault };
}

const findings = (report: Report | undefined | null): string | undefined => report?.sections.findings;

describe('the report of a study', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is written down when the writer pauses, and only then said to be saved', async () => {
    const { make, written } = desk();
    const store = await make();
    store.write('findings', 'No');
    store.write('findings', 'No nodule');
    expect(store.state.save.kind).toBe('saving');
    expect(written).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(400);
    expect(written).toHaveLength(1);
    expect(store.state.save).toEqual({ kind: 'saved', at: '2026-01-01T14:02:11.000Z' });
    expect(findings((await make()).state.draft), 'and is there after a restart').toBe('No nodule');
  });

  it('keeps what could not be saved, says so, and saves it later', async () => {
    const { make, written, fault } = desk();
    const store = await make();
    fault.code = 'vault/disk-full';
    store.write('findings', 'kept');
    expect(await store.flush()).toBe(false);
    expect(store.state.save).toEqual({ kind: 'failed', code: 'vault/disk-full' });
    expect(await store.sign(), 'nothing is signed that isn’t saved').toBe(false);
    expect(findings(store.state.draft)).toBe('kept');
    fault.code = null;
    expect(await store.flush()).toBe(true);
    expect(findings(written.at(-1)?.report)).toBe('kept');
  });

  it('stands once it is signed, and is amended by another', async () => {
    const { make } = desk();
    const store = await make();
    expect(await store.sign(), 'a blank report is none').toBe(false);
    store.write('findings', 'signed');
    expect(await store.sign()).toBe(true);
    expect(store.state.draft).toBeNull();
    store.write('findings', 'altered');
    store.amend();
    store.write('impression', 'see the addendum');
    await store.flush();
    const again = await make();
    expect(again.state.signed.map(findings)).toEqual(['signed']);
    expect(again.state.draft).toMatchObject({ amends: again.state.signed[0]?.uid });
  });

  it('is saved on the way out', async () => {
    const { make, written } = desk();
    const store = await make();
    store.write('technique', 'low dose');
    store.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toHaveLength(1);
  });
});
