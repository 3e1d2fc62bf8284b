/**
 * Messages over a pipe: four bytes of length, then the message as V8 serialises it. Node's own channel between processes
 * joins what it has with every chunk that comes, so keys of 40 MB would take it half a minute.
 */
import { deserialize, serialize } from 'node:v8';

/** Largest message that is taken: the keys of the largest parameters are 50 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A message's bytes, in two parts. */
export function frame(message: unknown): [Uint8Array, Uint8Array] {
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return [head, body];
}

/** Puts messages together from chunks; what comes is checked by nobody else, so both ends are Vitrine's own. */
export class FrameReader {
  readonly #deliver: (message: unknown) => void;
  #chunks: Uint8Array[] = [];
  #held = 0;
  #length: number | null = null;

  constructor(deliver: (message: unknown) => void) {
    this.#deliver = deliver;
  }

  /** @throws RangeError for a message that is too large */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= (this.#length ?? 4)) this.#step();
  }

  #step(): void {
    const all = Buffer.concat(this.#chunks);
    const taken = this.#length ?? 4;
    const length = this.#length;
    this.#chunks = [all.subarray(taken)];
    this.#held = all.length - taken;
    if (length !== null) {
      this.#length = null;
      this.#deliver(deserialize(all.subarray(0, taken)));
      return;
    }
    this.#length = all.readUInt32LE(0);
    if (this.#length > MAX_BYTES) throw new RangeError('a message is too large');
  }
}
