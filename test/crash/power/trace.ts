/**
 * What a command did to the disk, as the kernel saw it: `strace` records every call that changes a file or a name, with the
 * bytes, whether Node, SQLite or the native add-on made it. Parsed into events in the order in which they took effect.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** One thing that happened. `from` is when it began: a flush covers what was complete by then, and nothing later. */
export type TraceEvent =
  | { readonly kind: 'open'; readonly fd: string; readonly path: string; readonly flags: readonly string[] }
  | { readonly kind: 'close'; readonly fd: string }
  | { readonly kind: 'dup'; readonly fd: string; readonly to: string }
  | { readonly kind: 'seek'; readonly fd: string; readonly offset: number }
  /** `offset` null: where the descriptor stands. */
  | { readonly kind: 'write'; readonly fd: string; readonly offset: number | null; readonly bytes: Buffer }
  | {
      readonly kind: 'copy';
      readonly source: string;
      readonly fd: string;
      readonly sourceOffset: number | null;
      readonly offset: number | null;
      readonly length: number;
    }
  | { readonly kind: 'resize'; readonly fd: string; readonly size: number }
  | { readonly kind: 'flush'; readonly fd: string; readonly from: number }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink' | 'rmdir' | 'mkdir'; readonly path: string };

const WATCHED = [
  ...['open', 'openat', 'creat', 'close', 'dup', 'dup2', 'dup3', 'fcntl', 'lseek'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'copy_file_range', 'sendfile'],
  ...['truncate', 'ftruncate', 'fallocate', 'fsync', 'fdatasync', 'sync_file_range', 'sync', 'syncfs', 'msync'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat'],
  ...['rmdir', 'mkdir', 'mkdirat', 'clone', 'clone3', 'fork', 'vfork'],
];
/** Longer than any write of the small studies that are traced; one that is cut is an error. */
const LONGEST = 8 * 1024 * 1024;

/** Whether commands can be traced here. */
export async function canTrace(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** A command that records another one, with `file` for the trace. */
export function tracing(file: string): string[] {
  return ['strace', '-f', '--seccomp-bpf', '-xx', '-s', String(LONGEST), '-e', `trace=${WATCHED.join()}`, '-o', file];
}

/** @throws Error when a line is none that this understands: a model that overlooks a write proves nothing */
export async function readTrace(file: string): Promise<TraceEvent[]> {
  return parseTrace(await readFile(file, 'latin1'));
}

/** The traced command's own process; others are numbers. */
const MAIN = 'main';
/** Its standard output. */
export const STDOUT = `${MAIN}:1`;

interface Call {
  readonly process: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly text: string;
  readonly result: number;
  /** Number of the event before which it began. */
  readonly from: number;
}

/** As `readTrace`, of its text. */
export function parseTrace(text: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  const begun = new Map<string, { text: string; from: number }>();
  const processes = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest === '' || rest.startsWith('+++') || rest.startsWith('---')) continue;
    if (processes.size === 0) processes.set(thread, MAIN);
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, { text: rest.slice(0, -'<unfinished ...>'.length), from: events.length });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const before = resumed === undefined ? null : begun.get(thread);
    if (before === undefined) throw new Error('a trace resumes what it never began');
    const whole = before === null ? rest : `${before.text}${resumed}`;
    const call = parseCall(processes.get(thread) ?? thread, whole, before?.from ?? events.length);
    if (call === null) continue;
    if (/^(clone3?|v?fork)$/.test(call.name)) {
      // A thread shares its process's descriptors.
      if (whole.includes('CLONE_THREAD')) processes.set(String(call.result), call.process);
      continue;
    }
    events.push(...eventsOf(call));
  }
  return events;
}

/** Null for a call that failed or never returned: it changed nothing that can be told. */
function parseCall(process: string, text: string, from: number): Call | null {
  const [, name = '', inside = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+|\?)/s.exec(text) ?? [];
  if (name === '') throw new Error(`a trace has a line of another form: ${text.slice(0, 120)}`);
  if (result === '?' || Number(result) < 0) return null;
  if (inside.includes('"...')) throw new Error('a trace cuts what was written');
  return { process, name, args: inside.split(', '), text: inside, result: Number(result), from };
}

const HEX = /"((?:\\x[0-9a-f]{2})*)"/;

function bytesIn(argument: string | undefined): Buffer {
  const found = HEX.exec(argument ?? '')?.[1];
  if (found === undefined) throw new Error('a trace has an argument that is no text');
  return Buffer.from(found.replaceAll('\\x', ''), 'hex');
}

const pathIn = (argument: string | undefined): string => bytesIn(argument).toString('utf8');

function eventsOf(call: Call): TraceEvent[] {
  const read = READERS[call.name];
  if (read === undefined) throw new Error(`a trace has a call that the model doesn't know: ${call.name}`);
  return read(call);
}

const fdOf = ({ process }: Call, argument: string | number | undefined): string => `${process}:${Number(argument)}`;

/** Of a gathered write, all its pieces. */
function gathered({ text, result }: Call): Buffer {
  const pieces = [...text.matchAll(/iov_base="((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) =>
    Buffer.from(hex.replaceAll('\\x', ''), 'hex'),
  );
  return Buffer.concat(pieces).subarray(0, result);
}

const offsetIn = (argument: string | undefined): number | null => {
  const found = /^\[(\d+)/.exec(argument ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

const opened = (call: Call, path: string | undefined, flags: string): TraceEvent[] => [
  { kind: 'open', fd: fdOf(call, call.result), path: pathIn(path), flags: flags.split('|') },
];

const duplicate = (call: Call): TraceEvent[] => [
  { kind: 'dup', fd: fdOf(call, call.args[0]), to: fdOf(call, call.result) },
];

const flush = (call: Call): TraceEvent[] => [{ kind: 'flush', fd: fdOf(call, call.args[0]), from: call.from }];

const unknown = ({ name }: Call): never => {
  throw new Error(`the product makes a call that the model of the disk doesn't know: ${name}`);
};

const READERS: Readonly<Record<string, (call: Call) => TraceEvent[]>> = {
  open: (call) => opened(call, call.args[0], call.args[1] ?? ''),
  openat: (call) => opened(call, call.args[1], call.args[2] ?? ''),
  creat: (call) => opened(call, call.args[0], 'O_WRONLY|O_CREAT|O_TRUNC'),
  close: (call) => [{ kind: 'close', fd: fdOf(call, call.args[0]) }],
  dup: duplicate,
  dup2: duplicate,
  dup3: duplicate,
  fcntl: (call) => (call.text.includes('F_DUPFD') ? duplicate(call) : []),
  lseek: (call) => [{ kind: 'seek', fd: fdOf(call, call.args[0]), offset: call.result }],
  write: (call) => [
    {
      kind: 'write',
      fd: fdOf(call, call.args[0]),
      offset: null,
      bytes: bytesIn(call.args[1]).subarray(0, call.result),
    },
  ],
  pwrite64: (call) => [
    {
      kind: 'write',
      fd: fdOf(call, call.args[0]),
      offset: Number(call.args[3]),
      bytes: bytesIn(call.args[1]).subarray(0, call.result),
    },
  ],
  writev: (call) => [{ kind: 'write', fd: fdOf(call, call.args[0]), offset: null, bytes: gathered(call) }],
  pwritev: (call) => [
    { kind: 'write', fd: fdOf(call, call.args[0]), offset: Number(call.args.at(-1)), bytes: gathered(call) },
  ],
  copy_file_range: (call) => [
    {
      kind: 'copy',
      source: fdOf(call, call.args[0]),
      sourceOffset: offsetIn(call.args[1]),
      fd: fdOf(call, call.args[2]),
      offset: offsetIn(call.args[3]),
      length: call.result,
    },
  ],
  ftruncate: (call) => [{ kind: 'resize', fd: fdOf(call, call.args[0]), size: Number(call.args[1]) }],
  fsync: flush,
  fdatasync: flush,
  rename: ({ args }) => [{ kind: 'rename', path: pathIn(args[0]), to: pathIn(args[1]) }],
  renameat: ({ args }) => [{ kind: 'rename', path: pathIn(args[1]), to: pathIn(args[3]) }],
  renameat2: ({ args }) => [{ kind: 'rename', path: pathIn(args[1]), to: pathIn(args[3]) }],
  link: ({ args }) => [{ kind: 'link', path: pathIn(args[0]), to: pathIn(args[1]) }],
  linkat: ({ args }) => [{ kind: 'link', path: pathIn(args[1]), to: pathIn(args[3]) }],
  unlink: ({ args }) => [{ kind: 'unlink', path: pathIn(args[0]) }],
  unlinkat: ({ args, text }) => [{ kind: text.includes('AT_REMOVEDIR') ? 'rmdir' : 'unlink', path: pathIn(args[1]) }],
  rmdir: ({ args }) => [{ kind: 'rmdir', path: pathIn(args[0]) }],
  mkdir: ({ args }) => [{ kind: 'mkdir', path: pathIn(args[0]) }],
  mkdirat: ({ args }) => [{ kind: 'mkdir', path: pathIn(args[1]) }],
  // A hint that changes neither contents nor names, or a wish that no promise hangs on.
  sync_file_range: () => [],
  truncate: unknown,
  fallocate: unknown,
  sendfile: unknown,
  pwritev2: unknown,
  symlink: unknown,
  symlinkat: unknown,
  sync: unknown,
  syncfs: unknown,
  msync: unknown,
};
