/** The memory of running processes, read as root or as their owner reads it: what `gcore` would write into a file. */
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import type { Hit, Searcher } from '../forensic/search.ts';

/** Bytes that are read at once. */
const WINDOW = 16 * 1024 * 1024;

interface Region {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** A process and those that it started, and theirs. */
export async function processTree(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name stands in brackets and may hold anything; what follows the last bracket is in order.
    const parent = /\) \S (\d+) /.exec(stat.slice(stat.lastIndexOf(')')))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** What a process calls itself: its `--type` and its purpose, for a report. */
export async function processName(pid: number): Promise<string> {
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split(/[\0 ]/);
  const value = (name: string): string | undefined =>
    command.find((part) => part.startsWith(`--${name}=`))?.slice(name.length + 3);
  const kind = value('type') ?? (command[0]?.includes('electron') === true ? 'main' : (command[0] ?? 'unknown'));
  return [kind, value('utility-sub-type')].filter(Boolean).join(' ');
}

/** Readable memory that is resident or swapped: whatever else is mapped holds nothing yet, or a file as it lies on disk. */
async function regions(pid: number): Promise<Region[]> {
  const found: Region[] = [];
  let at: (Region & { readable: boolean; isFile: boolean }) | null = null;
  for (const line of (await readFile(`/proc/${pid}/smaps`, 'utf8')).split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (....) \S+ (\S+) (\d+) *(.*)$/.exec(line);
    if (head !== null) {
      const [, start = '', end = '', rights = '', , inode = '0', name = ''] = head;
      const isFile = inode !== '0' && !rights.includes('w') && !/memfd|\/dev\/shm|deleted/.test(name);
      at = {
        start: Number.parseInt(start, 16),
        end: Number.parseInt(end, 16),
        name,
        readable: rights.startsWith('r'),
        isFile,
      };
      continue;
    }
    const held = /^(?:Rss|Swap): +(\d+) kB/.exec(line)?.[1];
    if (at === null || held === undefined || held === '0' || !at.readable || at.isFile) continue;
    if (found.at(-1)?.start !== at.start) found.push({ start: at.start, end: at.end, name: at.name });
  }
  return found;
}

/** Bytes of a page, and of its entry in `pagemap`. */
const PAGE = 4096;
const ENTRY = 8;

/** Runs of pages of a region that are in memory or swapped out; the others were never touched and hold nothing. */
async function held(pagemap: FileHandle, { start, end }: Region): Promise<{ from: number; to: number }[]> {
  const entries = Buffer.alloc(((end - start) / PAGE) * ENTRY);
  const { bytesRead } = await pagemap.read(entries, 0, entries.length, (start / PAGE) * ENTRY);
  const runs: { from: number; to: number }[] = [];
  for (let i = 0; i < bytesRead / ENTRY; i++) {
    // Bit 63: present; bit 62: swapped.
    if (((entries[i * ENTRY + 7] as number) & 0xc0) === 0) continue;
    const from = start + i * PAGE;
    const last = runs.at(-1);
    if (last !== undefined && last.to === from) last.to = from + PAGE;
    else runs.push({ from, to: from + PAGE });
  }
  return runs;
}

/** Searches all of a process' memory. @throws the system's error when the process is gone or closed to us */
export async function searchMemory(pid: number, searcher: Searcher): Promise<{ hits: Hit[]; bytes: number }> {
  const [memory, pagemap] = await Promise.all([open(`/proc/${pid}/mem`, 'r'), open(`/proc/${pid}/pagemap`, 'r')]);
  const hits: Hit[] = [];
  let bytes = 0;
  const buffer = Buffer.alloc(WINDOW + searcher.longest);
  try {
    for (const region of await regions(pid)) {
      for (const { from, to } of await held(pagemap, region)) {
        for (let at = from; at < to; at += WINDOW) {
          const length = Math.min(buffer.length, to - at);
          // A page may be gone by now, or be one that nobody may read (the system's own).
          const read = await memory.read(buffer, 0, length, at).catch(() => null);
          if (read === null || read.bytesRead === 0) break;
          bytes += Math.min(read.bytesRead, WINDOW);
          hits.push(...searcher.search(region.name || 'anonymous', buffer.subarray(0, read.bytesRead), at));
        }
      }
    }
  } finally {
    await Promise.all([memory.close(), pagemap.close()]);
  }
  return { hits, bytes };
}
