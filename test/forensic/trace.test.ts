import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onDisk, parseLine, parseTrace, traceCommand, type Written } from './trace.ts';

const here = existsSync('/usr/bin/strace');

function hex(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

describe('reading a trace', () => {
  it('reads writes, vectors, opened and renamed paths, and refuses a write that was cut', () => {
    expect(parseLine(`7 write(5<${hex('/t/a')}>, "${hex('hello')}", 5) = 5`)).toEqual([
      { path: '/t/a', data: Buffer.from('hello'), unseen: false },
    ]);
    const vector = `7 writev(5<${hex('/t/a')}>, [{iov_base="${hex('he')}", iov_len=2}, {iov_base="${hex('y')}", iov_len=1}], 2`;
    expect(parseLine(`${vector} <unfinished ...>`)[0]?.data.toString()).toBe('hey');
    expect(
      parseLine(`7 renameat(AT_FDCWD<${hex('/t')}>, "${hex('b')}", AT_FDCWD<${hex('/t')}>, "${hex('/u/c')}") = 0`),
    ).toEqual([
      { path: '/t/b', data: Buffer.from('b'), unseen: false },
      { path: '/u/c', data: Buffer.from('/u/c'), unseen: false },
    ]);
    expect(parseLine(`7 openat(AT_FDCWD<${hex('/t')}>, "${hex('/t/r')}", O_RDONLY) = 3`)).toEqual([]);
    expect(
      parseLine(`7 openat(AT_FDCWD<${hex('/t')}>, "${hex('/t/r')}", O_RDWR|O_CREAT, 0600) = -1 EACCES (No)`),
    ).toEqual([]);
    expect(() => parseLine(`7 write(5<${hex('/t/a')}>, "${hex('he')}"..., 5) = 5`)).toThrow('cut');
    expect(onDisk('/dev/shm/x')).toBe(false);
    expect(onDisk('pipe:[5]')).toBe(false);
  });

  it.skipIf(!here)('sees the bytes of a file that a grandchild wrote and removed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-trace-'));
    try {
      const log = join(folder, 'log');
      const script = `bash -c 'echo secret words > ${folder}/gone; rm ${folder}/gone'; true`;
      const [name, ...args] = traceCommand(log, ['bash', '-c', script]);
      expect(spawnSync(name, args).status).toBe(0);
      const written: Written[] = [];
      for await (const one of parseTrace(log)) written.push(one);
      const gone = written.filter(({ path }) => path === `${folder}/gone`);
      expect(gone.map(({ data }) => data.toString()).join('|')).toContain('secret words');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
