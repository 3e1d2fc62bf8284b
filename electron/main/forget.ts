import { serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The collector of this process; there from the first call on. */
let collect: ((options: object) => void) | null = null;

/** Memory that is freed from here on is overwritten, not only given back. To be called before anything of a patient is here. */
export function clearFreedMemory(): void {
  setFlagsFromString('--clear-free-memory');
}

/**
 * Names and descriptions pass through this process on their way to the window, and what nobody refers to any more stays in
 * its memory until something else is put there. After a lock nobody has use for it: collected at once, it is overwritten.
 */
export function forgetAtLock(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as (options: object) => void;
  }
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  overwriteMessages();
}

/** Sizes of messages that are overwritten: from a code to a long page of the study list, in the allocator's steps. */
const SIZES = { least: 64, most: 1024 * 1024, step: 1.15 } as const;
/** Bytes that are written of each size: more than the messages that can have been under way at once. */
const PER_SIZE = 1024 * 1024;

/**
 * A message between processes is a block of the C++ heap, which is given back as it is. Blocks of every size are taken and
 * filled by the same serialiser, so that the ones that held messages are among them.
 */
function overwriteMessages(): void {
  for (let size: number = SIZES.least; size <= SIZES.most; size = Math.ceil(size * SIZES.step)) {
    const filler = '\0'.repeat(size);
    const taken: Buffer[] = [];
    for (let bytes = 0; bytes < PER_SIZE || taken.length < 8; bytes += size) taken.push(serialize(filler));
  }
}
