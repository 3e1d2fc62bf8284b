/** Memory for one file after the other: touching new memory takes longer than reading a file into it. */
export class FileMemory {
  #memory: Uint8Array = new Uint8Array(0);

  /** `length` bytes, with anything in them. The bytes that were given before are given again. */
  take(length: number): Uint8Array {
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(roundUp(length));
    return this.#memory.subarray(0, length);
  }
}

/** Slices of a series differ by a few bytes: not each larger one is to cost new memory. */
function roundUp(length: number): number {
  return Math.ceil(length / 65_536) * 65_536;
}
