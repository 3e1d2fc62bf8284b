import { describe, expect, it } from 'vitest';
import { type JournalEntry, replay } from './annotation.ts';
import { isBlank, type Report, replayReports } from './report.ts';

function version(uid: string, findings: string, status: Report['status'] = 'draft', amends: string | null = null) {
  const sections = { indication: '', technique: '', findings, impression: '' };
  const report: Report = { uid, status, sections, amends, writtenAt: '2026-01-01T00:00:00.000Z' };
  return { op: 'report', report } as const;
}

const remove = (uid: string): JournalEntry => ({ op: 'remove', uid });

describe('reports of a journal', () => {
  it('are the last version of each', () => {
    const found = replayReports([version('a', 'one'), remove('x'), version('a', 'two'), version('b', 'other')]);
    expect(found.map(({ sections }) => sections.findings)).toEqual(['two', 'other']);
  });

  it('stand as they were signed, whatever comes after', () => {
    const [signed, amendment] = replayReports([
      version('a', 'signed', 'final'),
      version('a', 'altered'),
      version('a', 'altered', 'final'),
      version('b', 'more', 'draft', 'a'),
    ]);
    expect(signed?.sections.findings).toBe('signed');
    expect(amendment).toMatchObject({ amends: 'a', status: 'draft' });
  });

  it('are no marks, and marks are no reports', () => {
    expect(replay([version('a', 'one')])).toEqual([]);
    expect(replayReports([remove('a')])).toEqual([]);
  });

  it('are blank when only spaces are in them', () => {
    expect(isBlank(version('a', ' \n').report)).toBe(true);
    expect(isBlank(version('a', 'x').report)).toBe(false);
  });
});
