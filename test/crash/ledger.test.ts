import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../core/annotate/annotation.ts';
import type { StudyRow } from '../../core/contract/catalogue.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import { Ledger, noLosses } from './ledger.ts';

function row(patientId: string, instanceCount: number): StudyRow {
  return { studyId: `study-${patientId}`, patientId, instanceCount } as StudyRow;
}

function mark(label: string): Annotation {
  return { uid: randomUUID(), kind: 'length', sopInstanceUid: '1.2', frame: 1, label } as Annotation;
}

/** A vault that shows what it is told to: the crash test must be able to fail. */
function shows(rows: StudyRow[], marks: Record<string, Annotation[]> = {}, problems: unknown[] = []): StudyVault {
  return {
    search: () => Promise.resolve({ total: rows.length, all: rows.length, rows }),
    annotations: (studyId: string) => Promise.resolve({ annotations: marks[studyId] ?? [], unreadable: 0 }),
    verify: () => Promise.resolve({ objects: 1, bytes: 1, problems }),
  } as unknown as StudyVault;
}

function ledger(): Ledger {
  return new Ledger(
    new Map([
      ['a', 4],
      ['b', 4],
    ]),
  );
}

const quiet = () => undefined;

describe('what the crash test counts as a loss', () => {
  it('accepts a study that was committed and one that was being imported, whole or not at all', async () => {
    for (const rows of [[row('a', 4)], [row('a', 4), row('b', 4)]]) {
      const promised = ledger();
      promised.take({ type: 'committed', folder: '/x/a', instances: 4 });
      promised.take({ type: 'importing', folder: '/x/b' });
      expect(await promised.check(shows(rows), 0, quiet)).toEqual(noLosses());
      expect(promised.hasFolder('/x/b')).toBe(rows.length === 2);
    }
  });

  it('sees a lost study, a study that lost instances and half a study', async () => {
    const promised = ledger();
    promised.take({ type: 'committed', folder: '/x/a', instances: 4 });
    promised.take({ type: 'importing', folder: '/x/b' });
    expect((await promised.check(shows([]), 0, quiet)).lostStudies).toBe(1);
    expect((await promised.check(shows([row('a', 3)]), 0, quiet)).lostStudies).toBe(1);
    const half = ledger();
    half.take({ type: 'importing', folder: '/x/b' });
    expect((await half.check(shows([row('b', 3)]), 0, quiet)).halfStudies).toBe(1);
  });

  it('sees a lost mark, a mark on another study and a mark that changed', async () => {
    const drawn = mark('one');
    const other = { ...drawn, sopInstanceUid: '1.3' };
    for (const marks of [{}, { 'study-b': [drawn] }, { 'study-a': [other] }]) {
      const promised = ledger();
      for (const folder of ['/x/a', '/x/b']) promised.take({ type: 'committed', folder, instances: 4 });
      promised.take({ type: 'stroke', studyId: 'study-a', annotation: drawn, at: 1000 });
      promised.take({ type: 'saved', uid: drawn.uid });
      const losses = await promised.check(shows([row('a', 4), row('b', 4)], marks), 1001, quiet);
      expect(losses.lostStrokes).toBe(1);
    }
  });

  it('forgives an unacknowledged mark of the last 100 ms only', async () => {
    for (const [killedAt, lost] of [
      [1100, 0],
      [1101, 1],
    ] as const) {
      const promised = ledger();
      promised.take({ type: 'committed', folder: '/x/a', instances: 4 });
      promised.take({ type: 'stroke', studyId: 'study-a', annotation: mark('one'), at: 1000 });
      expect((await promised.check(shows([row('a', 4)]), killedAt, quiet)).lostStrokes).toBe(lost);
    }
  });

  it('passes on what verify found', async () => {
    const problems = [{ kind: 'missing', studyId: 'x', objectId: null }];
    expect((await ledger().check(shows([], {}, problems), 0, quiet)).verifyFailures).toBe(1);
  });
});
