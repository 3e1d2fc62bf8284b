import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The collector of this process; there from the first call on. */
let collect: ((options: object) => void) | null = null;

/** Memory that is freed from here on is overwritten, not only given back. To be called before anything secret is here. */
export function clearFreedMemory(): void {
  setFlagsFromString('--clear-free-memory');
}

/**
 * Names, texts and findings don't come here (core/contract/patient.ts); passphrases, pictures of the Laboratory, paths of what
 * is imported and printed views do, and what nobody refers to any more stays in memory until something else is put there.
 * After a lock nobody has use for it: collected at once, it is overwritten.
 */
export function forgetAtLock(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as (options: object) => void;
  }
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
