import type { ImportSource, RefusedSource } from '../sources/types.ts';

export type OfferedSource = ImportSource | RefusedSource;

/**
 * Sources between the code that finds them and the workers that import them. Finding runs ahead, so that totals are
 * known early; with a bound it waits for the workers (generated sources hold their bytes).
 */
export class SourceQueue {
  readonly #items: OfferedSource[] = [];
  readonly #bound: number;
  #waiting: (() => void)[] = [];
  #ended = false;
  #failure: unknown = null;

  constructor(bound = Number.POSITIVE_INFINITY) {
    this.#bound = bound;
  }

  /** Takes everything that `sources` offers; `each` hears of it as it is found. Resolves at the end or on `stop`. */
  async fill(sources: AsyncIterable<OfferedSource> | Iterable<OfferedSource>, each: (s: OfferedSource) => void) {
    try {
      for await (const source of sources) {
        if (this.#ended) return;
        each(source);
        this.#items.push(source);
        this.#wake();
        while (this.#items.length >= this.#bound && !this.#ended) await this.#change();
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.stop();
    }
  }

  /** The next source, or null when there are no more. @throws what the finding threw. */
  async next(): Promise<OfferedSource | null> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#wake();
        return item;
      }
      if (this.#ended) return null;
      await this.#change();
    }
  }

  /** No more will be found; what was found is still handed out. */
  stop(): void {
    this.#ended = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
