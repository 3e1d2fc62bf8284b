import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../core/contract/default-settings.ts';
import { SettingsFile } from './settings.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults before the first change and survive a restart after it', async () => {
    const path = join(folder, 'profile', 'settings.json');
    const file = new SettingsFile(path);
    expect(await file.get()).toEqual(DEFAULT_SETTINGS);
    await file.set({ ...DEFAULT_SETTINGS, autoLockMinutes: 3 });
    expect((await new SettingsFile(path).get()).autoLockMinutes).toBe(3);
    expect(await readdir(join(folder, 'profile'))).toEqual(['settings.json']);
  });

  it('keep a damaged file aside and go on with the defaults', async () => {
    const path = join(folder, 'settings.json');
    for (const damaged of ['{"autoLockMinutes":', '{"autoLockMinutes": 0}', '{"unknown": 1}']) {
      await writeFile(path, damaged);
      let told = 0;
      const file = new SettingsFile(path, () => told++);
      expect(await file.get()).toEqual(DEFAULT_SETTINGS);
      expect(told).toBe(1);
      expect(await readFile(`${path}.damaged`, 'utf8')).toBe(damaged);
    }
  });

  it('take the default for a choice that an older file lacks', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, '{"theme":"high-contrast"}');
    expect(await new SettingsFile(path).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'high-contrast' });
  });

  it('say so when they cannot be saved, and stay as they were', async () => {
    const path = join(folder, 'settings.json');
    await mkdir(path);
    const file = new SettingsFile(path);
    await expect(file.set({ ...DEFAULT_SETTINGS, theme: 'high-contrast' })).rejects.toMatchObject({
      code: 'settings/not-saved',
    });
    expect(await file.get()).toEqual(DEFAULT_SETTINGS);
    expect(await readdir(folder)).toEqual(['settings.json']);
  });
});
