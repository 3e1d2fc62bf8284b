import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const datasync = promisify(fdatasync);

/**
 * A sealed object's file while it is being written. Writes go into the page cache at once: a hop to a thread and back
 * costs more than copying a segment, and what is not flushed yet is bounded by the files under way. Only the flush, which
 * waits for the disk, leaves the thread.
 */
export class ObjectFile {
  #fd: number | null;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Exclusive: an object is never written over. @throws the system's error */
  static create(path: string): ObjectFile {
    return new ObjectFile(openSync(path, 'wx', 0o600));
  }

  /** Appends; a short write (a full disk) is continued, so that the system says why. */
  write(bytes: Uint8Array): void {
    if (this.#fd === null) return;
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
  }

  /** Flushes and closes. */
  async finish(): Promise<void> {
    const fd = this.#fd;
    if (fd === null) return;
    await datasync(fd);
    this.#fd = null;
    closeSync(fd);
  }

  /** Closes without flushing; removing the file is the caller's. */
  abandon(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }
}
