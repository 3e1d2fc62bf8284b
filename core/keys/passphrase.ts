import { utf8 } from '../bytes.ts';
import { keysError } from './errors.ts';
import type { Argon2Parameters } from './types.ts';

/** What a new passphrase slot costs: 64 MiB, three passes, one lane; RFC 9106's second choice with one lane for one thread. */
export const DEFAULT_ARGON2: Argon2Parameters = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 };

/** Below this a slot is refused, whoever wrote it: 46 MiB and one pass, the least of OWASP's equivalent settings. */
const FLOOR_MEMORY_KIB = 46 * 1024;

/** Above this a header asks for more than an honest one does: 1 GiB, 64 passes, 16 lanes. */
const CEILING: Argon2Parameters = { memoryKiB: 1024 * 1024, iterations: 64, parallelism: 16 };

/**
 * Holds parameters against floor and ceiling. Run before Argon2id is, for slots made and slots read: an edited header must
 * neither weaken the next slot nor make unlocking eat the machine.
 * @throws VitrineError `keys/weak-parameters`, `keys/excessive-parameters`
 */
export function checkArgon2Parameters(parameters: Argon2Parameters): void {
  const { memoryKiB, iterations, parallelism } = parameters;
  const whole = [memoryKiB, iterations, parallelism].every(Number.isSafeInteger);
  if (!whole || memoryKiB < FLOOR_MEMORY_KIB || iterations < 1 || parallelism < 1)
    throw keysError('keys/weak-parameters', 'Argon2id below the floor', { details: { memoryKiB, iterations } });
  if (memoryKiB > CEILING.memoryKiB || iterations > CEILING.iterations || parallelism > CEILING.parallelism)
    throw keysError('keys/excessive-parameters', 'Argon2id above the ceiling', { details: { memoryKiB, iterations } });
}

/**
 * Bytes of a passphrase as every slot takes them: NFKC, so that the same characters typed on another keyboard or system give
 * the same bytes, then UTF-8. The caller wipes them; the string itself can't be wiped, so it is let go at once.
 */
export function passphraseBytes(text: string): Uint8Array {
  return utf8(text.normalize('NFKC'));
}

/**
 * How long the next try waits after `failures` wrong passphrases in a row, in milliseconds: nothing for the first two
 * slips, then 1 s doubling up to 60 s. It slows a person at the keyboard; a thief with the disk is slowed by Argon2id.
 */
export function retryDelay(failures: number): number {
  if (failures < 3) return 0;
  return Math.min(60_000, 1000 * 2 ** (failures - 3));
}
