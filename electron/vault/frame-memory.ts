/**
 * Memory for the plaintext of frames on their way to a port, which copies them: touching new memory for the first time takes
 * the machine longer than opening what is put into it. The frames of a series have one length, so pieces are kept by length,
 * and each is a buffer of its own: a message takes a view's whole buffer along.
 */
export class FrameMemory {
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /** `length` bytes with any content. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex((bytes) => bytes.length === length);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    return found ?? new Uint8Array(length);
  }

  /** Takes back what `take` gave; nobody may have it any more. */
  giveBack(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > LARGEST) return;
    if (this.#free.length === KEPT) this.#free.shift()?.fill(0);
    this.#free.push(bytes);
  }

  /** Wipes what is kept and lets it go. */
  clear(): void {
    for (const bytes of this.#free.splice(0)) bytes.fill(0);
  }
}

/** As many as are under way at a time. */
const KEPT = 8;
const LARGEST = 8 * 1024 * 1024;
