import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScrubState } from '../../core/vault/care.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import { ScrubSchedule } from './scrub-schedule.ts';

const DAY = 24 * 60 * 60_000;
const NOW = Date.parse('2026-03-10T12:00:00Z');

let started = 0;
let isRunning = false;
let settings = { scrub: true, scrubDays: 30 };
let state: ScrubState;

const agoDays = (days: number): string => new Date(NOW - days * DAY).toISOString();

function schedule(): ScrubSchedule {
  const vault = { care: async () => ({ backup: null, verify: null, drill: null, scrub: state }) };
  return new ScrubSchedule({
    settings: async () => settings,
    isUnlocked: () => true,
    vault: () => vault as unknown as StudyVault,
    isRunning: () => isRunning,
    start: () => {
      started += 1;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  started = 0;
  isRunning = false;
  settings = { scrub: true, scrubDays: 30 };
  state = { lastPass: agoDays(31), since: null, done: 0, total: 5, damaged: [] };
});
afterEach(() => vi.useRealTimers());

describe('the scrub starts by itself', () => {
  it('a minute after an unlock when the last pass is old, was not finished, or never was', async () => {
    const scrubs = schedule();
    scrubs.opened();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(started).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(started).toBe(1);
    scrubs.closed();
    state = { ...state, lastPass: null };
    await schedule().look();
    state = { ...state, lastPass: agoDays(1), since: agoDays(0.1) };
    await schedule().look();
    expect(started).toBe(3);
  });

  it('not when it runs, is off, was done lately, or there is nothing to read', async () => {
    isRunning = true;
    await schedule().look();
    isRunning = false;
    settings = { scrub: false, scrubDays: 30 };
    await schedule().look();
    settings = { scrub: true, scrubDays: 30 };
    state = { ...state, lastPass: agoDays(29) };
    await schedule().look();
    state = { ...state, lastPass: null, total: 0 };
    await schedule().look();
    expect(started).toBe(0);
  });

  it('when the clock was set back, so that the last pass lies ahead', async () => {
    state = { ...state, lastPass: agoDays(-40) };
    await schedule().look();
    expect(started).toBe(1);
  });
});
