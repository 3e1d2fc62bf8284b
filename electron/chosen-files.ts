import { randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { VitrineError } from '../core/errors.ts';

/** Choices that were never imported are forgotten, oldest first. */
const REMEMBERED = 32;

/** Files that a person chose or dropped. The window knows them by a random handle; the paths stay in main. */
export class ChosenFiles {
  readonly #paths = new Map<string, readonly string[]>();

  /** Remembers the paths under a new handle. @throws ipc/bad-request for one that is not absolute */
  add(paths: readonly string[]): string {
    if (!paths.every(isAbsolute)) throw new VitrineError('ipc/bad-request', 'a dropped file has no absolute path');
    const handle = randomBytes(16).toString('hex');
    this.#paths.set(handle, paths);
    const oldest = this.#paths.keys().next().value;
    if (this.#paths.size > REMEMBERED && oldest !== undefined) this.#paths.delete(oldest);
    return handle;
  }

  /** The paths of a handle, which is spent by that. @throws import/no-such-source */
  take(handle: string): readonly string[] {
    const paths = this.#paths.get(handle);
    if (paths === undefined) throw new VitrineError('import/no-such-source', 'unknown source handle');
    this.#paths.delete(handle);
    return paths;
  }
}
