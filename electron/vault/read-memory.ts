/**
 * Memory for sealed bytes on their way to the engine, used again and again: touching new memory for the first time takes
 * the machine longer than opening what is read into it. It holds ciphertext only.
 */
export class ReadMemory {
  readonly #free: ArrayBufferLike[] = [];

  /** `length` bytes with any content. */
  take(length: number): Buffer {
    const at = this.#free.findIndex((buffer) => buffer.byteLength >= length);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    if (found !== undefined) return Buffer.from(found, 0, length);
    // In steps, so that objects of about one size find each other's memory large enough.
    return Buffer.allocUnsafeSlow(Math.ceil(length / STEP) * STEP).subarray(0, length);
  }

  /** Takes back what `take` gave, or a part of it from its start. */
  release(bytes: Uint8Array): void {
    if (this.#free.length < KEPT && bytes.buffer.byteLength <= LARGEST) this.#free.push(bytes.buffer);
  }
}

const STEP = 256 * 1024;
/** Objects that are read at a time, more or less. */
const KEPT = 6;
/** The most that one read of a sealed object asks for. */
const LARGEST = 4 * 1024 * 1024;
