import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SearchTyping } from './search-typing.ts';

/** A catalogue that answers when told to. */
function catalogue() {
  const done: string[] = [];
  let answered: (() => void) | null = null;
  let waiting: Promise<void> | null = null;
  const typing = new SearchTyping({
    ask: (text) => {
      done.push(`ask ${text}`);
      waiting = new Promise((resolve) => {
        answered = resolve;
      });
    },
    answer: () => waiting,
    enter: (line) => done.push(`enter ${line}`),
    open: (line) => done.push(`open ${line}`),
  });
  const answer = async (): Promise<void> => {
    waiting = null;
    answered?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { done, typing, answer };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('keys in the search field', () => {
  it('ask once typing rests', () => {
    const { done, typing } = catalogue();
    typing.type('m');
    typing.type('mr');
    vi.advanceTimersByTime(100);
    expect(done).toEqual(['ask mr']);
  });

  it('never go to the rows of an older answer: within the debounce, and before the answer came', async () => {
    const { done, typing, answer } = catalogue();
    typing.type('mr');
    typing.key('ArrowDown');
    typing.key('Enter');
    expect(done).toEqual(['ask mr']);
    await answer();
    expect(done).toEqual(['ask mr', 'enter 0', 'open 0']);
    vi.advanceTimersByTime(200);
    expect(done).toHaveLength(3);
  });

  it('count while they wait', async () => {
    const { done, typing, answer } = catalogue();
    typing.type('mr');
    vi.advanceTimersByTime(100);
    typing.key('ArrowDown');
    typing.key('ArrowDown');
    await answer();
    expect(done).toEqual(['ask mr', 'enter 1']);
  });

  it('are forgotten when more is typed', async () => {
    const { done, typing, answer } = catalogue();
    typing.type('mr');
    typing.key('ArrowDown');
    typing.key('Enter');
    typing.type('mri');
    await answer();
    expect(done).toEqual(['ask mr']);
  });

  it('enter at once when the rows are those of the text', () => {
    const { done, typing } = catalogue();
    typing.key('ArrowDown');
    expect(done).toEqual(['enter 0']);
  });
});
