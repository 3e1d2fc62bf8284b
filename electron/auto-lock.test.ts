import { describe, expect, it } from 'vitest';
import { AutoLock, WAIT_LIMIT } from './auto-lock.ts';

function stage(options: { system: () => number; minutes?: number }) {
  const clock = { ms: 0 };
  const work = { isBusy: false };
  const waits: (number | null)[] = [];
  let locks = 0;
  const autoLock = new AutoLock({
    systemIdleSeconds: options.system,
    minutes: async () => options.minutes ?? 1,
    isUnlocked: () => locks === 0,
    isBusy: () => work.isBusy,
    waits: (until) => waits.push(until),
    lock: () => locks++,
    now: () => clock.ms,
  });
  const wait = async (seconds: number) => {
    clock.ms += seconds * 1000;
    await autoLock.tick();
    return locks;
  };
  return { autoLock, wait, work, waits };
}

describe('auto-lock', () => {
  it('locks after the chosen minutes without input, once', async () => {
    const { wait } = stage({ system: () => 0 });
    expect(await wait(59)).toBe(0);
    expect(await wait(2)).toBe(1);
    expect(await wait(600)).toBe(1);
  });

  it('counts input in the window', async () => {
    const { autoLock, wait } = stage({ system: () => 0 });
    expect(await wait(50)).toBe(0);
    autoLock.active();
    expect(await wait(50)).toBe(0);
    expect(await wait(10)).toBe(1);
  });

  it('counts input in other programs where the system tells it', async () => {
    let system = 3;
    const { wait } = stage({ system: () => system });
    expect(await wait(30)).toBe(0);
    system = 0;
    expect(await wait(600)).toBe(0);
    system = 60;
    expect(await wait(1)).toBe(1);
  });

  it('waits for the end of an import, and locks at once then', async () => {
    const { wait, work } = stage({ system: () => 0 });
    work.isBusy = true;
    expect(await wait(600)).toBe(0);
    work.isBusy = false;
    expect(await wait(0)).toBe(1);
  });

  it('says that it waits, and until when at the latest; then it locks all the same', async () => {
    const { wait, work, waits } = stage({ system: () => 0 });
    work.isBusy = true;
    expect(await wait(60)).toBe(0);
    expect(await wait(20)).toBe(0);
    expect(waits).toEqual([(60 + WAIT_LIMIT) * 1000]);
    expect(await wait(WAIT_LIMIT - 21)).toBe(0);
    expect(await wait(1)).toBe(1);
    expect(waits).toEqual([(60 + WAIT_LIMIT) * 1000, null]);
  });

  it('no longer waits when somebody came back', async () => {
    const { autoLock, wait, work, waits } = stage({ system: () => 0 });
    work.isBusy = true;
    await wait(70);
    autoLock.active();
    expect(await wait(5)).toBe(0);
    expect(waits).toEqual([expect.any(Number), null]);
  });

  it('does not lock after an import when somebody came back', async () => {
    const { autoLock, wait, work } = stage({ system: () => 0 });
    work.isBusy = true;
    expect(await wait(600)).toBe(0);
    autoLock.active();
    work.isBusy = false;
    expect(await wait(0)).toBe(0);
    expect(await wait(60)).toBe(1);
  });

  it('does without the system where it answers nonsense', async () => {
    const { wait } = stage({ system: () => -1 });
    expect(await wait(61)).toBe(1);
  });
});
