import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../command.ts';
import { Disk, type DiskState, readFolder, writeState } from './disk.ts';
import { cutStates } from './states.ts';
import { parseTrace } from './trace.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const path = (name: string): string => `"${hex(join(folder, name))}"`;

/** The calls of a program, one a line, as `strace` writes them. */
const trace = (...calls: string[]): string => calls.map((call) => `100 ${call}\n`).join('');

const create = (name: string, fd: number) => `openat(AT_FDCWD, ${path(name)}, O_WRONLY|O_CREAT|O_EXCL, 0600) = ${fd}`;
const write = (fd: number, text: string) => `write(${fd}, "${hex(text)}", ${text.length}) = ${text.length}`;
const openFolder = (fd: number) => `openat(AT_FDCWD, "${hex(folder)}", O_RDONLY|O_CLOEXEC) = ${fd}`;

/** What the states hold under a name: text, null for nothing. */
async function possible(calls: string[], name: string, at: 'end' | 'ever' = 'end'): Promise<Set<string | null>> {
  const disk = new Disk(folder, await readFolder(folder));
  disk.replay(parseTrace(trace(...calls)));
  const moments = at === 'end' ? disk.moments.slice(-1) : disk.moments;
  const { root, steps } = disk;
  const { states } = cutStates({ root, steps, moments }, Number.POSITIVE_INFINITY, seededRandom(1));
  return new Set(states.map(({ state }) => state().get(name)?.toString() ?? null));
}

describe('what a disk may hold after a power cut', () => {
  it('drops a name whose folder was not flushed, though the file was', async () => {
    const calls = [create('a', 5), write(5, 'text'), 'fsync(5) = 0'];
    expect(await possible(calls, 'a')).toEqual(new Set([null, 'text']));
  });

  it('drops bytes that were not flushed, though the name was: empty, torn or zeros', async () => {
    const calls = [create('a', 5), write(5, 'text'), openFolder(6), 'fsync(6) = 0'];
    const found = await possible(calls, 'a');
    expect(found).toContain('');
    expect(found).toContain('text');
    expect(found).not.toContain(null);
  });

  it('keeps what was flushed, file and folder', async () => {
    const calls = [create('a', 5), write(5, 'text'), 'fsync(5) = 0', openFolder(6), 'fsync(6) = 0'];
    expect(await possible(calls, 'a')).toEqual(new Set(['text']));
  });

  it('covers nothing by a flush that began before it was written', async () => {
    const calls = [
      create('a', 5),
      openFolder(6),
      'fsync(6) = 0',
      'fsync(5 <unfinished ...>',
      write(5, 'late'),
      '<... fsync resumed>) = 0',
    ];
    expect(await possible(calls, 'a')).toEqual(new Set(['', 'late']));
  });

  it('loses neither the old nor the new text of a rename that replaces', async () => {
    await writeState(folder, new Map([['a', Buffer.from('old')]]));
    const rename = `rename(${path('a.part')}, ${path('a')}) = 0`;
    const sound = [create('a.part', 5), write(5, 'new'), 'fsync(5) = 0', rename];
    expect(await possible(sound, 'a', 'ever')).toEqual(new Set(['old', 'new']));
    // The well-known mistake: without the flush the name may lead to nothing.
    expect(await possible([create('a.part', 5), write(5, 'new'), rename], 'a', 'ever')).toContain('');
  });

  it('has a file that was moved between folders under one of its names at least', async () => {
    await writeState(
      folder,
      new Map<string, Buffer | null>([
        ['one', null],
        ['two', null],
        ['one/a', Buffer.from('x')],
      ]),
    );
    const calls = [`rename(${path('one/a')}, ${path('two/a')}) = 0`];
    const disk = new Disk(folder, await readFolder(folder));
    disk.replay(parseTrace(trace(...calls)));
    const { states } = cutStates(disk, 100, seededRandom(1));
    const names = states.map(({ state }) => [...state().keys()].filter((name) => name.endsWith('/a')).join());
    expect(new Set(names)).toEqual(new Set(['one/a', 'two/a', 'one/a,two/a']));
  });

  it('follows descriptors through threads, copies and offsets', async () => {
    const text = [
      `100 clone3({flags=CLONE_VM|CLONE_THREAD|CLONE_FILES, stack_size=1}, 88) = 101`,
      `100 ${create('a', 5)}`,
      `101 ${write(5, 'hello')}`,
      `101 pwrite64(5, "${hex('J')}", 1, 0) = 1`,
      `100 ${create('b', 6)}`,
      `100 openat(AT_FDCWD, ${path('a')}, O_RDONLY) = 7`,
      `101 copy_file_range(7, [1], 6, NULL, 4, 0) = 4`,
      `100 ftruncate(6, 2) = 0`,
      `100 write(1, "${hex('done')}", 4) = 4`,
    ].join('\n');
    const disk = new Disk(folder, await readFolder(folder));
    disk.replay(parseTrace(text));
    const [whole] = cutStates(disk, 100, seededRandom(1)).states.filter(({ lacks }) => lacks === 'nothing');
    expect([...(whole?.state() ?? [])].map(([name, bytes]) => [name, bytes?.toString()])).toEqual([
      ['a', 'Jello'],
      ['b', 'el'],
    ]);
    expect(disk.said.map((one) => one.text)).toEqual(['done']);
  });

  it('refuses a call that it does not know, and one that the trace cut short', () => {
    expect(() => parseTrace('100 syncfs(5) = 0\n')).toThrow(/doesn't know/);
    expect(() => parseTrace('100 write(5, "\\x41"..., 9) = 9\n')).toThrow(/cuts/);
  });

  it('puts a state on disk as it is', async () => {
    const state: DiskState = new Map<string, Buffer | null>([
      ['x', null],
      ['x/y', Buffer.from('1')],
      ['z', Buffer.alloc(0)],
    ]);
    await writeState(join(folder, 'to'), state);
    const { base } = await readFolder(join(folder, 'to'));
    expect([...base.keys()].sort()).toEqual(['x', 'z']);
  });
});
