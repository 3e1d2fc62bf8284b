import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * What a process tree wrote, read from a log of `strace -f -y -xx`: the data of every write to a file, also to files that
 * were removed long before the sweep, and the path of every file that was opened for writing, renamed or linked.
 */

const TRACED = [
  'open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat',
  'write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,mmap',
];

/** The command line that runs `command` under the trace; only traced calls stop the process (seccomp). */
export function traceCommand(log: string, command: readonly string[]): [string, ...string[]] {
  // The longest string that strace shows: beyond it a write would be cut, which parseTrace refuses.
  const longest = String(64 * 1024 * 1024);
  return ['strace', '-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', longest, '-e', `trace=${TRACED.join(',')}`].concat(
    ['-e', 'signal=none', '-o', log, '--', ...command],
  ) as [string, ...string[]];
}

/** One call that wrote, in the order of the log. */
export interface Written {
  readonly path: string;
  /** The bytes of the call; empty for calls that only name a path. */
  readonly data: Buffer;
  /** True when bytes reached the file in a way that the trace doesn't see (mapped memory, kernel copies). */
  readonly unseen: boolean;
}

function plain(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

/** Text of a descriptor's or a string's path. strace marks a removed file after the path. */
function pathOf(hex: string): string {
  return plain(hex)
    .toString('utf8')
    .replace(/ \(deleted\)$/, '');
}

/** Files only: no pipes, sockets, devices; `/memfd:` and `/dev/shm` are memory, never a disk. */
export function onDisk(path: string): boolean {
  return path.startsWith('/') && !/^\/(dev|proc|sys|memfd:)/.test(path);
}

const CALL = /^\d+ +(?:\d+\.\d+ )?(\w+)\((.*)$/s;
const WRITE = /^\d+<([^>]*)>, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/;
const VECTOR = /iov_base="((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g;
const STRING = /"((?:\\x[0-9a-f]{2})*)"/g;
const FOLDER = /^(?:AT_FDCWD|\d+)<([^>]*)>/;

function cut(mark: string | undefined): void {
  if (mark) throw new Error('the trace cut a write short');
}

function parseWrite(rest: string): Written[] {
  const match = WRITE.exec(rest);
  if (!match) return [];
  cut(match[3]);
  return [{ path: pathOf(match[1] ?? ''), data: plain(match[2] ?? ''), unseen: false }];
}

function parseVector(rest: string): Written[] {
  const fd = /^\d+<([^>]*)>/.exec(rest);
  if (!fd) return [];
  const parts = [...rest.matchAll(VECTOR)];
  for (const part of parts) cut(part[2]);
  const data = Buffer.concat(parts.map((part) => plain(part[1] ?? '')));
  return [{ path: pathOf(fd[1] ?? ''), data, unseen: false }];
}

/** Calls that name paths: every string is one (for a symbolic link the target is data that lands on the disk). */
function parsePaths(rest: string): Written[] {
  const folder = pathOf(FOLDER.exec(rest)?.[1] ?? '');
  return [...rest.matchAll(STRING)].map((match) => {
    const name = pathOf(match[1] ?? '');
    const path = name.startsWith('/') || folder === '' ? name : `${folder}/${name}`;
    return { path, data: Buffer.from(name), unseen: false };
  });
}

/** sendfile(out, in, …), copy_file_range(in, off, out, …), splice(in, off, out, …): every descriptor is named. */
function parseCopy(rest: string): Written[] {
  return [...rest.matchAll(/\d+<([^>]*)>/g)].map((match) => ({
    path: pathOf(match[1] ?? ''),
    data: Buffer.alloc(0),
    unseen: true,
  }));
}

function parseMap(rest: string): Written[] {
  const match = /PROT_WRITE[^,]*, MAP_SHARED\b[^,]*, \d+<([^>]*)>/.exec(rest);
  return match ? [{ path: pathOf(match[1] ?? ''), data: Buffer.alloc(0), unseen: true }] : [];
}

/** What one line of the log says was written; empty for lines that say nothing of the kind. */
export function parseLine(line: string): Written[] {
  const [, call, rest = ''] = CALL.exec(line) ?? [];
  if (call === undefined || / = -1 [A-Z]+ \(/.test(rest.slice(-200))) return [];
  if (call === 'write' || call === 'pwrite64') return parseWrite(rest);
  if (call.endsWith('writev') || call === 'pwritev2') return parseVector(rest);
  if (call === 'mmap') return parseMap(rest);
  if (call === 'sendfile' || call === 'copy_file_range' || call === 'splice') return parseCopy(rest);
  if (call.startsWith('open') && !/O_(WRONLY|RDWR|CREAT|TMPFILE)/.test(rest)) return [];
  return parsePaths(rest);
}

/** All that the log says was written to a disk. @throws Error when the trace cut a write short. */
export async function* parseTrace(log: string): AsyncGenerator<Written> {
  const lines = createInterface({ input: createReadStream(log, 'latin1'), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    for (const written of parseLine(line)) if (onDisk(written.path)) yield written;
  }
}
