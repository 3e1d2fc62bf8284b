/**
 * A model of what a disk may hold after its power was cut, after ALICE (Pillai and others, "All File Systems Are Not Created
 * Equal", OSDI 2014) with POSIX's promises and none beyond: a file's bytes are there for sure once the file was flushed, a
 * name once its folder was. Everything else may be there or not, in any order, but that a rename never loses both names.
 * A file that is flushed while its name isn't is unreachable: stricter than ext4, and what POSIX allows.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { STDOUT, type TraceEvent } from './trace.ts';

export type DiskNode = DiskFile | DiskFolder;

export interface DiskFile {
  readonly kind: 'file';
  readonly base: Buffer;
  /** As the running command sees it. */
  live: Buffer;
}

export interface DiskFolder {
  readonly kind: 'folder';
  readonly base: ReadonlyMap<string, DiskNode>;
  readonly live: Map<string, DiskNode>;
}

/** One step that is on disk or isn't. */
export type DiskStep = {
  readonly number: number;
  /** The event that made it. */
  readonly at: number;
  /** From which event on it is there for sure. */
  durable: number;
  /** The step without which this one can't be there. */
  needs: DiskStep | null;
} & (
  | { readonly kind: 'write'; readonly node: DiskFile; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'resize'; readonly node: DiskFile; readonly size: number }
  | { readonly kind: 'name'; readonly node: DiskFolder; readonly name: string; readonly target: DiskNode }
  | { readonly kind: 'unname'; readonly node: DiskFolder; readonly name: string; readonly target: DiskNode }
);

type Made = DiskStep extends infer Step
  ? Step extends DiskStep
    ? Omit<Step, 'number' | 'at' | 'durable'>
    : never
  : never;

interface Descriptor {
  readonly node: DiskNode;
  offset: number;
  readonly appends: boolean;
}

/** A folder and everything in it, as it lies on disk now. */
export async function readFolder(path: string): Promise<DiskFolder> {
  const base = new Map<string, DiskNode>();
  for (const name of await readdir(path)) {
    const one = join(path, name);
    const entry = await lstat(one);
    if (entry.isDirectory()) base.set(name, await readFolder(one));
    else if (entry.isFile()) {
      const bytes = await readFile(one);
      base.set(name, { kind: 'file', base: bytes, live: bytes });
    }
  }
  return { kind: 'folder', base, live: new Map(base) };
}

/** Replays a trace over a folder. */
export class Disk {
  readonly #path: string;
  readonly #open = new Map<string, Descriptor>();
  readonly root: DiskFolder;
  readonly steps: DiskStep[] = [];
  /** Events after which something was flushed, or something was said. */
  readonly moments: number[] = [];
  /** What was written to the command's own standard output, with the event of each piece. */
  readonly said: { readonly at: number; readonly text: string }[] = [];
  #at = 0;

  /** @param path where `root` lies, without links */
  constructor(path: string, root: DiskFolder) {
    this.#path = path;
    this.root = root;
  }

  replay(events: readonly TraceEvent[]): void {
    for (const [at, event] of events.entries()) {
      this.#at = at;
      this.#take(event);
    }
    this.#at = events.length;
    this.moments.push(events.length);
  }

  #take(event: TraceEvent): void {
    if (event.kind === 'open') this.#opened(event);
    else if (event.kind === 'write') this.#write(event.fd, event.offset, event.bytes);
    else if (event.kind === 'flush') this.#flush(event.fd, event.from);
    else if ('path' in event) this.#named(event);
    else this.#descriptor(event);
  }

  #descriptor(event: Extract<TraceEvent, { kind: 'close' | 'dup' | 'seek' | 'copy' | 'resize' }>): void {
    const open = this.#open.get(event.fd);
    if (event.kind === 'close') this.#open.delete(event.fd);
    else if (open === undefined) return;
    else if (event.kind === 'dup') this.#open.set(event.to, open);
    else if (event.kind === 'seek') open.offset = event.offset;
    else if (event.kind === 'copy') this.#copy(event);
    else if (open.node.kind === 'file') this.#made({ kind: 'resize', node: open.node, size: event.size, needs: null });
  }

  #copy({ source, sourceOffset, fd, offset, length }: Extract<TraceEvent, { kind: 'copy' }>): void {
    const from = this.#open.get(source);
    if (from?.node.kind !== 'file') throw new Error('a file was copied from outside of the model');
    const start = sourceOffset ?? from.offset;
    if (sourceOffset === null) from.offset += length;
    this.#write(fd, offset, from.node.live.subarray(start, start + length));
  }

  /** Folder and name of a path below the root; null for others. */
  #place(path: string): { folder: DiskFolder; name: string } | null {
    if (!path.startsWith(`${this.#path}/`)) return null;
    const parts = path
      .slice(this.#path.length + 1)
      .split('/')
      .filter((part) => part !== '');
    const name = parts.pop() ?? '';
    let folder = this.root;
    for (const part of parts) {
      const next = folder.live.get(part);
      if (next?.kind !== 'folder') throw new Error(`the trace names a folder that isn't there: ${path}`);
      folder = next;
    }
    return { folder, name };
  }

  #opened({ fd, path, flags }: Extract<TraceEvent, { kind: 'open' }>): void {
    this.#open.delete(fd);
    const place = path === this.#path ? null : this.#place(path);
    if (place === null) {
      if (path === this.#path) this.#open.set(fd, { node: this.root, offset: 0, appends: false });
      return;
    }
    let node = place.folder.live.get(place.name);
    if (node === undefined) {
      node = { kind: 'file', base: Buffer.alloc(0), live: Buffer.alloc(0) };
      this.#made({ kind: 'name', node: place.folder, name: place.name, target: node, needs: null });
    } else if (node.kind === 'file' && flags.includes('O_TRUNC') && node.live.length > 0) {
      this.#made({ kind: 'resize', node, size: 0, needs: null });
    }
    this.#open.set(fd, { node, offset: 0, appends: flags.includes('O_APPEND') });
  }

  #write(fd: string, offset: number | null, bytes: Buffer): void {
    const open = this.#open.get(fd);
    if (open === undefined) {
      if (fd === STDOUT) this.#say(bytes.toString('utf8'));
      return;
    }
    if (open.node.kind !== 'file') throw new Error('the trace writes into a folder');
    const at = open.appends ? open.node.live.length : (offset ?? open.offset);
    if (offset === null) open.offset = at + bytes.length;
    this.#made({ kind: 'write', node: open.node, offset: at, bytes, needs: null });
  }

  #say(text: string): void {
    this.said.push({ at: this.#at, text });
    this.moments.push(this.#at + 1);
  }

  #flush(fd: string, from: number): void {
    const node = this.#open.get(fd)?.node;
    if (node === undefined) return;
    for (const step of this.steps)
      if (step.node === node && step.at < from) step.durable = Math.min(step.durable, this.#at);
    // Just before: everything that waits for this flush may be missing.
    this.moments.push(this.#at);
  }

  #named(event: Extract<TraceEvent, { kind: 'rename' | 'link' | 'unlink' | 'rmdir' | 'mkdir' }>): void {
    const place = this.#place(event.path);
    const to = 'to' in event ? this.#place(event.to) : null;
    if (place === null) return;
    const { folder, name } = place;
    if (event.kind === 'mkdir') {
      const target: DiskFolder = { kind: 'folder', base: new Map(), live: new Map() };
      this.#made({ kind: 'name', node: folder, name, target, needs: null });
      return;
    }
    const target = folder.live.get(name);
    if (target === undefined) throw new Error(`the trace names what isn't there: ${event.path}`);
    if (to === null) {
      this.#made({ kind: 'unname', node: folder, name, target, needs: null });
      return;
    }
    const needs = this.#made({ kind: 'name', node: to.folder, name: to.name, target, needs: null });
    if (event.kind !== 'rename') return;
    const gone = this.#made({ kind: 'unname', node: folder, name, target, needs });
    // No file system gives a folder two names: that it moves is one step.
    if (target.kind === 'folder') needs.needs = gone;
  }

  #made(what: Made): DiskStep {
    const step = { ...what, number: this.steps.length, at: this.#at, durable: Number.POSITIVE_INFINITY } as DiskStep;
    this.steps.push(step);
    if (step.kind === 'name') step.node.live.set(step.name, step.target);
    else if (step.kind === 'unname') step.node.live.delete(step.name);
    else step.node.live = changed(step.node.live, [step]);
    return step;
  }
}

/** A file's bytes after some steps, in order. */
function changed(bytes: Buffer, steps: readonly Extract<DiskStep, { node: DiskFile }>[]): Buffer {
  let most = bytes.length;
  for (const step of steps) most = Math.max(most, step.kind === 'resize' ? step.size : step.offset + step.bytes.length);
  const next = Buffer.alloc(most);
  bytes.copy(next);
  let length = bytes.length;
  for (const step of steps) {
    if (step.kind === 'resize') {
      next.fill(0, step.size, Math.max(length, step.size));
      length = step.size;
    } else {
      step.bytes.copy(next, step.offset);
      length = Math.max(length, step.offset + step.bytes.length);
    }
  }
  return next.subarray(0, length);
}

/** One state that the disk may be in: files by path (null: a folder). */
export type DiskState = ReadonlyMap<string, Buffer | null>;

/** The state in which just these steps happened. */
export function stateOf(root: DiskFolder, steps: readonly DiskStep[]): DiskState {
  const names = new Map<DiskFolder, Map<string, DiskNode>>();
  const written = new Map<DiskFile, Extract<DiskStep, { node: DiskFile }>[]>();
  const namesOf = (folder: DiskFolder): Map<string, DiskNode> => {
    const known = names.get(folder) ?? new Map(folder.base);
    names.set(folder, known);
    return known;
  };
  for (const step of [...steps].sort((a, b) => a.number - b.number)) {
    if (step.kind === 'name') namesOf(step.node).set(step.name, step.target);
    // A name that was given to something else meanwhile isn't this one's to take.
    else if (step.kind === 'unname') {
      if (namesOf(step.node).get(step.name) === step.target) namesOf(step.node).delete(step.name);
    } else written.set(step.node, [...(written.get(step.node) ?? []), step]);
  }
  const bytesOf = (file: DiskFile): Buffer => {
    const steps = written.get(file);
    return steps === undefined ? file.base : changed(file.base, steps);
  };
  const state = new Map<string, Buffer | null>();
  const walk = (folder: DiskFolder, path: string): void => {
    for (const [name, node] of [...namesOf(folder)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      state.set(path + name, node.kind === 'folder' ? null : bytesOf(node));
      if (node.kind === 'folder') walk(node, `${path}${name}/`);
    }
  };
  walk(root, '');
  return state;
}

const hashes = new WeakMap<Buffer, string>();

function hashOf(bytes: Buffer): string {
  const known = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, known);
  return known;
}

/** Tells two states apart. */
export function fingerprint(state: DiskState): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of state) hash.update(`${path}\0${bytes === null ? 'folder' : hashOf(bytes)}\0`);
  return hash.digest('hex');
}

/** Puts a state into an empty folder. */
export async function writeState(folder: string, state: DiskState): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of state) {
    const to = join(folder, path);
    if (bytes === null) await mkdir(to, { recursive: true, mode: 0o700 });
    else {
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, bytes, { mode: 0o600 });
    }
  }
}
