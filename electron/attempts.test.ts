import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptsFile } from './attempts.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-attempts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('failed attempts', () => {
  it('make the wait grow, also over restarts, until one succeeds', async () => {
    let now = 1_000_000;
    const clock = () => now;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await new AttemptsFile(folder, clock).failed();
      waits.push(await new AttemptsFile(folder, clock).wait());
    }
    expect(waits[0]).toBe(0);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(16_000);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);

    now += 1000;
    expect(await new AttemptsFile(folder, clock).wait()).toBe((waits.at(-1) ?? 0) - 1000);
    await new AttemptsFile(folder, clock).succeeded();
    expect(await new AttemptsFile(folder, clock).wait()).toBe(0);
  });

  it('wait no longer than the delay when the clock was set back', async () => {
    const attempts = new AttemptsFile(folder, () => 5_000_000);
    for (let i = 0; i < 5; i++) await attempts.failed();
    const delay = await attempts.wait();
    expect(await new AttemptsFile(folder, () => 1_000).wait()).toBe(delay);
  });

  it('count from zero when the file is damaged: the passphrase is the lock, this is the doorman', async () => {
    await writeFile(join(folder, 'unlock-attempts.json'), '{"failures":');
    expect(await new AttemptsFile(folder).wait()).toBe(0);
  });

  it('go on counting in memory where the disk is full or read-only', async () => {
    const attempts = new AttemptsFile(join(folder, 'file', 'below'), () => 0);
    await writeFile(join(folder, 'file'), '');
    for (let i = 0; i < 4; i++) await attempts.failed();
    expect(await attempts.wait()).toBeGreaterThan(0);
  });
});
