import { open } from 'node:fs/promises';
import type { Needle } from './markers.ts';

/** One place where a marker lies in the clear. */
export interface Hit {
  readonly file: string;
  readonly offset: number;
  readonly marker: string;
  readonly encoding: string;
}

const WINDOW = 16 * 1024 * 1024;

/** Finds all needles in one pass over the bytes: the first three bytes of a place choose the needles to compare. */
export class Searcher {
  readonly #byStart = new Map<number, Needle[]>();
  readonly #pairs = new Uint8Array(65_536);
  readonly longest: number;

  constructor(needles: readonly Needle[]) {
    let longest = 0;
    for (const needle of needles) {
      if (needle.bytes.length < 8) throw new RangeError(`a needle of ${needle.bytes.length} bytes is found by chance`);
      const start = needle.bytes.readUIntBE(0, 3);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
      this.#pairs[needle.bytes.readUInt16BE(0)] = 1;
      longest = Math.max(longest, needle.bytes.length);
    }
    this.longest = longest;
  }

  /** Hits in `bytes`, which begin at `base` of `file`. */
  search(file: string, bytes: Buffer, base = 0): Hit[] {
    const hits: Hit[] = [];
    const pairs = this.#pairs;
    for (let i = 0; i + 2 < bytes.length; i++) {
      const pair = ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
      if (pairs[pair] === 0) continue;
      for (const needle of this.#byStart.get((pair << 8) | (bytes[i + 2] as number)) ?? []) {
        const end = i + needle.bytes.length;
        if (end > bytes.length || bytes.compare(needle.bytes, 0, needle.bytes.length, i, end) !== 0) continue;
        hits.push({ file, offset: base + i, marker: needle.marker, encoding: needle.encoding });
      }
    }
    return hits;
  }

  /** Searches a file of any size. @returns its hits, each once, and the bytes read */
  async searchFile(path: string): Promise<{ hits: Hit[]; bytes: number }> {
    const file = await open(path, 'r');
    const found = new Map<string, Hit>();
    const buffer = Buffer.alloc(WINDOW + this.longest);
    let kept = 0;
    let position = 0;
    try {
      for (;;) {
        const { bytesRead } = await file.read(buffer, kept, WINDOW, position);
        if (bytesRead === 0) return { hits: [...found.values()], bytes: position };
        const filled = buffer.subarray(0, kept + bytesRead);
        for (const hit of this.search(path, filled, position - kept)) {
          found.set(`${hit.offset} ${hit.marker} ${hit.encoding}`, hit);
        }
        position += bytesRead;
        const keep = Math.min(filled.length, this.longest - 1);
        buffer.copy(buffer, 0, filled.length - keep, filled.length);
        kept = keep;
      }
    } finally {
      await file.close();
    }
  }
}
