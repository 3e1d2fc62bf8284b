import { beforeEach, describe, expect, it, vi } from 'vitest';
import { clearForLock } from './stores.ts';
import { chooseLine, filterStudies, useStudies } from './studies.ts';

beforeEach(() => vi.stubGlobal('vitrine', { call: () => new Promise(() => {}) }));

describe('the chosen line of the list', () => {
  it('stays while a study is read, and means nothing to another question or after a lock', () => {
    chooseLine(10);
    expect(useStudies.getState().chosen).toBe(10);
    filterStudies({ text: 'doe' });
    expect(useStudies.getState().chosen).toBe(0);
    chooseLine(4);
    clearForLock();
    expect(useStudies.getState().chosen).toBe(0);
  });
});
