import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VitrineError } from '../core/errors.ts';
import { createLogger, describeError, redact } from './log.ts';

describe('the redactor', () => {
  it('lets codes, ids, versions and numbers pass', () => {
    for (const value of ['vault/locked', 'vault.exited', '0123456789abcdef0123456789abcdef', '33.2.1', 7, true, null])
      expect(redact(value)).toBe(value);
  });

  it('replaces paths, names of people and free text', () => {
    for (const value of [
      '/home/ada/IM_0001',
      'C:\\scans\\a.dcm',
      'DOE^JANE',
      'DOE, Jane',
      'Jane',
      'jane',
      'ends before its pixels',
      '19610402',
    ])
      expect(redact(value)).toBe('[redacted]');
  });

  it('keeps of an error its code, its class and its errno, and never its message', () => {
    const cause = Object.assign(new Error('ENOENT: no such file, open /home/ada/DOE^JANE.dcm'), { code: 'ENOENT' });
    const fields = describeError(new VitrineError('vault/no-such-study', 'secret words', { cause }));
    expect(fields).toEqual({ code: 'vault/no-such-study', 'cause.class': 'Error', 'cause.errno': 'ENOENT' });
  });
});

describe('the log file', () => {
  it('holds redacted JSON lines', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-log-'));
    try {
      const log = createLogger({ file: join(folder, 'vitrine.log'), quiet: true });
      log.warn('vault.exited', { exitCode: 9, hint: '/home/ada/DOE^JANE' });
      await log.flush();
      await expect.poll(() => readFile(join(folder, 'vitrine.log'), 'utf8')).toContain('\n');
      const line = JSON.parse(await readFile(join(folder, 'vitrine.log'), 'utf8'));
      expect(line).toMatchObject({ event: 'vault.exited', exitCode: 9, hint: '[redacted]' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
