import { beforeEach, describe, expect, it } from 'vitest';
import { closeStudy, openStudy, showList, stepTab, useTabs } from './tabs.ts';

const [first, second] = [
  { studyId: 'a'.repeat(32), title: 'ALPHA CT' },
  { studyId: 'b'.repeat(32), title: 'BETA MR' },
] as const;

beforeEach(() => useTabs.setState({ open: [], active: null, isReturning: false }));

describe('open studies', () => {
  it('give way to the one on their left, and the last one to the list where reading goes on', () => {
    openStudy(first);
    openStudy(second);
    closeStudy(second.studyId);
    expect(useTabs.getState()).toMatchObject({ active: first.studyId, isReturning: false });
    closeStudy(first.studyId);
    expect(useTabs.getState()).toEqual({ open: [], active: null, isReturning: true });
  });

  it('leave what is on screen alone when another is closed', () => {
    openStudy(first);
    openStudy(second);
    closeStudy(first.studyId);
    expect(useTabs.getState()).toEqual({ open: [second], active: second.studyId, isReturning: false });
  });

  it('are gone past to the list to search, which is no return', () => {
    openStudy(first);
    closeStudy(first.studyId);
    openStudy(second);
    showList();
    expect(useTabs.getState().isReturning).toBe(false);
    stepTab(1);
    expect(useTabs.getState()).toMatchObject({ active: second.studyId, isReturning: false });
  });
});
