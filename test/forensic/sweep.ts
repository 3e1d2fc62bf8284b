import { existsSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hit, Searcher } from './search.ts';
import { parseTrace } from './trace.ts';

/** What was searched and what was found. */
export interface Sweep {
  readonly hits: Hit[];
  filesSearched: number;
  bytesSearched: number;
  /**
   * Files on a disk that were removed before the sweep and were written in a way that the trace doesn't show: shared memory
   * that Chromium puts into the temporary folder, for one, which holds what is on the screen. None is the promise too.
   */
  readonly unseen: string[];
}

/** SQLite's index of its write-ahead log: page numbers, no content (sqlite.org/walformat.html, section 2). */
const WAL_INDEX = /-shm$/;

/** Files below a folder, links not followed; what `skip` names is left out with all below it. */
async function* filesBelow(folder: string, skip: ReadonlySet<string>): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (skip.has(path)) continue;
    if (entry.isDirectory()) yield* filesBelow(path, skip);
    else yield path;
  }
}

/** Searches everything that is on the disk now and everything that the process tree wrote on the way. */
export class Sweeper {
  readonly #searcher: Searcher;
  readonly #skip: ReadonlySet<string>;
  readonly #searched = new Set<string>();
  readonly #hits = new Map<string, Hit>();
  readonly #sweep: Sweep = { hits: [], filesSearched: 0, bytesSearched: 0, unseen: [] };

  /** @param skip files and folders that are in clear by nature: the study on its way in, the trace itself */
  constructor(searcher: Searcher, skip: readonly string[]) {
    this.#searcher = searcher;
    this.#skip = new Set(skip);
  }

  #skipped(path: string): boolean {
    return [...this.#skip].some((one) => path === one || path.startsWith(`${one}/`));
  }

  #add(hits: readonly Hit[]): void {
    for (const hit of hits) this.#hits.set(`${hit.file} ${hit.marker} ${hit.encoding}`, hit);
  }

  /** A file's name and content. A file that is gone by now is passed over: the trace has what was written to it. */
  async searchFile(path: string): Promise<void> {
    if (this.#searched.has(path) || this.#skipped(path)) return;
    this.#searched.add(path);
    this.#add(this.#searcher.search(path, Buffer.from(path)));
    const stat = await lstat(path).catch(() => null);
    if (stat?.isSymbolicLink()) this.#add(this.#searcher.search(path, Buffer.from(await readlink(path))));
    if (!stat?.isFile()) return;
    const { hits, bytes } = await this.#searcher.searchFile(path);
    this.#add(hits);
    this.#sweep.filesSearched += 1;
    this.#sweep.bytesSearched += bytes;
  }

  async searchFolder(folder: string): Promise<void> {
    if (!existsSync(folder)) return;
    for await (const path of filesBelow(folder, this.#skip)) await this.searchFile(path);
  }

  /** The data of every write, and then each file that the tree touched, wherever it lies. */
  async searchTrace(log: string): Promise<void> {
    const tails = new Map<string, Buffer>();
    const written = new Set<string>();
    const mapped = new Set<string>();
    for await (const { path, data, unseen } of parseTrace(log)) {
      if (this.#skipped(path)) continue;
      written.add(path);
      if (unseen) mapped.add(path);
      if (data.length === 0) continue;
      // A marker may be cut by two writes: the end of the last one goes before the next.
      const bytes = Buffer.concat([tails.get(path) ?? Buffer.alloc(0), data]);
      this.#add(this.#searcher.search(path, bytes));
      this.#sweep.bytesSearched += data.length;
      tails.set(path, Buffer.from(bytes.subarray(-(this.#searcher.longest - 1))));
    }
    for (const path of mapped) if (!existsSync(path) && !WAL_INDEX.test(path)) this.#sweep.unseen.push(path);
    for (const path of written) await this.searchFile(path);
  }

  finish(): Sweep {
    this.#sweep.hits.push(...this.#hits.values());
    return this.#sweep;
  }
}
