import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '../../core/contract/bridge.ts';
import type { StudyQuery, StudyRow } from '../../core/contract/catalogue.ts';
import type { SessionState } from '../../core/contract/session.ts';
import { useImports } from './imports.ts';
import { lock, takeSession, useSession } from './session.ts';
import { clearForLock, createState, onLock } from './stores.ts';
import {
  answerOfStudies,
  clearFilter,
  filterStudies,
  rowAt,
  sortStudies,
  unfoldStudy,
  useStudies,
  wantRows,
} from './studies.ts';
import { closeStudy, openStudy, stepTab, useTabs } from './tabs.ts';

const UNLOCKED: SessionState = {
  state: 'unlocked',
  vaultName: 'Clinic A',
  keychain: 'ok',
  recoveryPending: false,
  lockedAt: null,
  retryAfterMs: 0,
  jobs: 0,
  problem: null,
  notices: [],
  accounts: [],
  user: null,
};

const study = (n: number): StudyRow => ({
  studyId: n.toString(16).padStart(32, '0'),
  patientName: `DOE^${n}`,
  patientId: String(n),
  patientBirthDate: '',
  patientSex: '',
  studyDate: '20261120',
  studyTime: '',
  modalities: 'CT',
  studyDescription: '',
  accessionNumber: '',
  seriesCount: 1,
  instanceCount: 1,
  conflictCount: 0,
  annotationCount: 0,
  importedAt: '',
  restricted: false,
});

const calls: { name: string; request: unknown }[] = [];
let answers: Record<string, (request: never) => unknown> = {};

beforeEach(() => {
  calls.length = 0;
  const call = async (name: string, request: unknown) => {
    calls.push({ name, request });
    const value = await answers[name]?.(request as never);
    return { ok: true, value: value ?? {} };
  };
  vi.stubGlobal('window', { vitrine: { call, on: () => () => undefined } as unknown as Bridge });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run));
});

afterEach(() => {
  clearForLock();
  answers = {};
  vi.unstubAllGlobals();
});

/** Lets what waits for nothing but its turn have it. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('stores', () => {
  it('keep at lock only what can say nothing of a patient', () => {
    const useStore = createState(() => ({ name: '', tab: '', open: true, theme: 'dark' }), {
      name: 'patient',
      tab: 'screen',
      open: 'session',
      theme: 'setting',
    });
    useStore.setState({ name: 'DOE', tab: 'study', open: false, theme: 'high-contrast' });
    clearForLock();
    expect(useStore.getState()).toEqual({ name: '', tab: '', open: false, theme: 'high-contrast' });
  });

  it('are all emptied, even where one part fails to be', () => {
    vi.stubGlobal('reportError', () => undefined);
    const forget = onLock(() => {
      throw new Error('a worker is gone');
    });
    const cleared = vi.fn();
    const forgetSecond = onLock(cleared);
    openStudy({ studyId: 'a', title: 'DOE, Jane' });
    clearForLock();
    expect(cleared).toHaveBeenCalledOnce();
    expect(useTabs.getState().open).toEqual([]);
    forget();
    forgetSecond();
  });
});

describe('lock', () => {
  it('empties the window before main is asked, then tells main that it is empty', async () => {
    answers['session.lock'] = () => ({ ...UNLOCKED, state: 'locked', lockedAt: '2026-11-25T14:02:00.000Z' });
    takeSession(UNLOCKED);
    openStudy({ studyId: 'a', title: 'DOE, Jane' });
    useStudies.setState({
      total: 1,
      all: 1,
      pages: new Map([[0, [study(1)]]]),
      filter: { text: 'DOE', modality: '', days: 0 },
    });
    const locking = lock();
    expect(useSession.getState().session?.state).toBe('locked');
    expect(
      JSON.stringify([useTabs.getState(), [...useStudies.getState().pages], useStudies.getState().filter]),
    ).not.toContain('DOE');
    await locking;
    await expect.poll(() => calls.map(({ name }) => name).sort()).toEqual(['session.cleared', 'session.lock']);
    expect(useImports.getState().outcomes).toEqual([]);
  });

  it('is the same when main locks by itself', async () => {
    takeSession(UNLOCKED);
    openStudy({ studyId: 'a', title: 'DOE, Jane' });
    takeSession({ ...UNLOCKED, state: 'locked' });
    expect(useTabs.getState().open).toEqual([]);
    await expect.poll(() => calls.map(({ name }) => name)).toEqual(['session.cleared']);
  });
});

describe('the study list', () => {
  const page = ({ offset, limit }: StudyQuery) => ({
    total: 1000,
    all: 1000,
    rows: Array.from({ length: Math.min(limit, 1000 - offset) }, (_, n) => study(offset + n)),
  });

  it('asks for the rows in sight, once', async () => {
    answers['studies.search'] = page;
    clearFilter();
    await answerOfStudies();
    wantRows(150, 420);
    wantRows(160, 420);
    await expect.poll(() => rowAt(useStudies.getState().pages, 420)).not.toBeNull();
    expect(calls.map(({ request }) => (request as StudyQuery).offset)).toEqual([0, 100, 200, 300, 400]);
    expect(rowAt(useStudies.getState().pages, 333)?.patientId).toBe('333');
    expect(rowAt(useStudies.getState().pages, 700)).toBeNull();
  });

  it('drops an answer that was overtaken', async () => {
    let answerSlow: () => void = () => undefined;
    const overtaken = new Promise<void>((resolve) => {
      answerSlow = resolve;
    });
    answers['studies.search'] = async (query: StudyQuery) => {
      if (query.text === 'slow') await overtaken;
      return { total: 1, all: 2, rows: [{ ...study(1), patientName: query.text }] };
    };
    filterStudies({ text: 'slow' });
    filterStudies({ text: 'fast' });
    const shown = () => rowAt(useStudies.getState().pages, 0)?.patientName;
    await expect.poll(shown).toBe('fast');
    answerSlow();
    await settled();
    expect(shown()).toBe('fast');
  });

  it('turns the order round at the second click, and says which one failed', async () => {
    answers['studies.search'] = page;
    sortStudies('patientName');
    expect(useStudies.getState()).toMatchObject({ sort: 'patientName', descending: false });
    sortStudies('patientName');
    expect(useStudies.getState().descending).toBe(true);
    sortStudies('studyDate');
    expect(useStudies.getState().descending).toBe(true);
    await answerOfStudies();
  });

  it('unfolds a study once, and folds it when its details can not be had', async () => {
    answers['studies.details'] = () => ({ study: study(1), series: [], priors: [] });
    await Promise.all([unfoldStudy('a'), unfoldStudy('a')]);
    expect(calls).toHaveLength(1);
    answers['studies.details'] = () => Promise.reject(new Error('gone'));
    await unfoldStudy('b');
    expect([...useStudies.getState().unfolded.keys()]).toEqual(['a']);
    expect(useStudies.getState().problem).toBe('ipc/unexpected');
  });
});

describe('tabs', () => {
  it('go round, and closing one shows its neighbour', () => {
    for (const studyId of ['a', 'b']) openStudy({ studyId, title: studyId });
    openStudy({ studyId: 'a', title: 'a' });
    expect(useTabs.getState()).toMatchObject({ active: 'a', open: [{ studyId: 'a' }, { studyId: 'b' }] });
    stepTab(1);
    stepTab(1);
    expect(useTabs.getState().active).toBeNull();
    stepTab(-1);
    expect(useTabs.getState().active).toBe('b');
    closeStudy('b');
    expect(useTabs.getState().active).toBe('a');
    closeStudy('a');
    expect(useTabs.getState().active).toBeNull();
  });
});
