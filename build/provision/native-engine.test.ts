import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nativeEngine, nativeEngineSources } from './native-engine.ts';

describe('provisioning of the native engine', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is not required: the product starts without it', () => {
    expect(nativeEngine.required).toBe(false);
  });

  it('says what is lost, and what to type, where there is no Rust compiler', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'vitrine-cache-'));
    vi.stubEnv('VITRINE_CACHE', cache);
    vi.stubEnv('PATH', cache);
    const lines: string[] = [];
    const found = await nativeEngine.provide((line) => lines.push(line));
    expect(found).toEqual({
      state: 'missing',
      where: expect.stringMatching(/no Rust compiler; without it sealing runs on the platform engine/),
      hint: expect.stringContaining('npm run provision'),
    });
    expect(lines).toEqual([]);
    await rm(cache, { recursive: true });
  });

  it('knows its sources by a hash that does not change from call to call', async () => {
    expect(await nativeEngineSources()).toBe(await nativeEngineSources());
  });
});
