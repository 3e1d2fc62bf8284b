import type { Dataset } from './dataset.ts';
import { codeOf, ImageError } from './errors.ts';
import { type FrameFacts, factsOf } from './facts.ts';
import { parseImageId } from './image-id.ts';

/** What the window's end of the vault's port can answer. */
export interface FrameSource {
  /** The encoded bytes of one frame (counted from 1), as stored; lower `priority` goes first. */
  frame(
    handle: string,
    objectId: string,
    frame: number,
    priority: number,
  ): Promise<{ readonly transferSyntaxUid: string; readonly bytes: Uint8Array }>;
  /** DICOM JSON headers as text, in the order asked for; null where an object can't be opened. */
  headers(handle: string, objectIds: readonly string[]): Promise<readonly (string | null)[]>;
}

/** Headers asked for at a time: small enough that the first image doesn't wait for the whole series. */
const HEADERS_AT_ONCE = 64;

/** What a request fails with when the vault's process is gone, or is a new one that hasn't opened the study yet. */
const LOST: ReadonlySet<string> = new Set(['vault/locked', 'vault/no-such-handle']);

interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * One opened study: its headers by object, and the way to its frames. When the vault's process dies, requests wait for
 * the handle that the next one gives, so that reading goes on where it was.
 */
export class StudyReader {
  /** Name of the study in this window's image ids: the handle under which it was opened first. */
  readonly handle: string;
  readonly #source: FrameSource;
  readonly #follows: boolean;
  #current: string;
  #closed = false;
  #waiting: Waiting[] = [];
  readonly #headers = new Map<string, Dataset>();
  readonly #unreadable = new Set<string>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #facts = new Map<string, FrameFacts>();

  /** `follows` says that somebody will `reopen` the study after the vault's process was replaced. */
  constructor(handle: string, source: FrameSource, follows: boolean) {
    this.handle = handle;
    this.#current = handle;
    this.#source = source;
    this.#follows = follows;
  }

  /** The handle that the vault knows now. */
  get current(): string {
    return this.#current;
  }

  /** The study has a new handle: what failed for want of one is asked for again. */
  reopen(handle: string): void {
    this.#current = handle;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** The study can't be opened again: what waits for that fails. */
  lost(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  close(): void {
    this.#closed = true;
    this.lost(new ImageError('vault/locked', 'the study is closed'));
  }

  async #ask<T>(request: (handle: string) => Promise<T>): Promise<T> {
    for (;;) {
      const handle = this.#current;
      try {
        return await request(handle);
      } catch (error) {
        if (!this.#follows || this.#closed || !LOST.has(codeOf(error))) throw error;
        // Replaced meanwhile: ask again at once. Else wait until it is.
        if (handle === this.#current)
          await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
      }
    }
  }

  /** The encoded bytes of one frame (counted from 1); lower `priority` goes first. @throws what the vault answers */
  frame(objectId: string, frame: number, priority: number): ReturnType<FrameSource['frame']> {
    return this.#ask((handle) => this.#source.frame(handle, objectId, frame, priority));
  }

  /** Fetches the headers of these objects that aren't there yet. Objects that can't be opened are remembered. */
  async loadHeaders(objectIds: readonly string[]): Promise<void> {
    const missing = objectIds.filter((id) => !this.#headers.has(id) && !this.#unreadable.has(id));
    const waits = new Set<Promise<void>>();
    const fresh: string[] = [];
    for (const id of missing) {
      const pending = this.#pending.get(id);
      if (pending === undefined) fresh.push(id);
      else waits.add(pending);
    }
    for (let at = 0; at < fresh.length; at += HEADERS_AT_ONCE) {
      const part = fresh.slice(at, at + HEADERS_AT_ONCE);
      const fetching = this.#fetch(part);
      for (const id of part) this.#pending.set(id, fetching);
      waits.add(fetching);
    }
    await Promise.all(waits);
  }

  async #fetch(objectIds: readonly string[]): Promise<void> {
    try {
      const answers = await this.#ask((handle) => this.#source.headers(handle, objectIds));
      for (const [index, id] of objectIds.entries()) {
        const json = answers[index];
        if (typeof json === 'string') this.#headers.set(id, JSON.parse(json) as Dataset);
        else this.#unreadable.add(id);
      }
    } finally {
      for (const id of objectIds) this.#pending.delete(id);
    }
  }

  /** The header of an object; null while it isn't loaded or when it can't be opened. */
  header(objectId: string): Dataset | null {
    return this.#headers.get(objectId) ?? null;
  }

  /** Facts of a frame whose header is loaded; null otherwise. */
  facts(imageId: string): FrameFacts | null {
    const known = this.#facts.get(imageId);
    if (known !== undefined) return known;
    const { objectId, frame } = parseImageId(imageId);
    const header = this.#headers.get(objectId);
    if (header === undefined) return null;
    const facts = factsOf(header, frame);
    this.#facts.set(imageId, facts);
    return facts;
  }

  /** Facts of a frame, fetching its header where needed. @throws ImageError `image/no-header` */
  async loadFacts(imageId: string): Promise<FrameFacts> {
    await this.loadHeaders([parseImageId(imageId).objectId]);
    const facts = this.facts(imageId);
    if (facts === null) throw new ImageError('image/no-header', 'the header of this object could not be opened');
    return facts;
  }
}

const readers = new Map<string, StudyReader>();

/** Makes a study known to the image loader and the metadata provider. `follows`: see StudyReader. */
export function openReader(handle: string, source: FrameSource, follows = false): StudyReader {
  const reader = new StudyReader(handle, source, follows);
  readers.set(handle, reader);
  return reader;
}

/** Forgets a study: no header of it stays in this window. */
export function closeReader(reader: StudyReader): void {
  reader.close();
  readers.delete(reader.handle);
}

/** The study that an image id belongs to; null when it is closed. */
export function readerOf(imageId: string): StudyReader | null {
  return readers.get(parseImageId(imageId).handle) ?? null;
}
