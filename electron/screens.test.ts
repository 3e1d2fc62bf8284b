import { describe, expect, it } from 'vitest';
import { Screens } from './screens.ts';

describe('cleared screens', () => {
  it('are awaited from every window', async () => {
    const screens = new Screens(() => 2);
    let done = false;
    const cleared = screens.cleared().then(() => {
      done = true;
    });
    screens.oneCleared();
    await Promise.resolve();
    expect(done).toBe(false);
    screens.oneCleared();
    await cleared;
  });

  it('are not awaited where there is no window, nor for ever where one hangs', async () => {
    await new Screens(() => 0).cleared();
    const started = performance.now();
    await new Screens(() => 1).cleared();
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
