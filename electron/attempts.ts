import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { retryDelay } from '../core/keys/passphrase.ts';
import { replaceFile } from './durable-file.ts';

const schema = z.object({ failures: z.int().nonnegative(), lastAt: z.number().nonnegative() });
type Attempts = z.infer<typeof schema>;
const NONE: Attempts = { failures: 0, lastAt: 0 };

/**
 * Failed tries to unlock, kept beside the vault, so that neither a restart nor another profile starts the count anew.
 * The delay slows a person at the keyboard; whoever copies the vault is slowed by Argon2id alone.
 */
export class AttemptsFile {
  readonly #path: string;
  readonly #now: () => number;
  #attempts: Promise<Attempts> | null = null;

  constructor(folder: string, now: () => number = Date.now) {
    this.#path = join(folder, 'unlock-attempts.json');
    this.#now = now;
  }

  /** Milliseconds until the next try is accepted; 0 means now. */
  async wait(): Promise<number> {
    const { failures, lastAt } = await this.#load();
    const delay = retryDelay(failures);
    // A clock set back must not lengthen the wait beyond the delay itself, nor may one set forward be undone by it.
    const since = Math.max(0, this.#now() - lastAt);
    return Math.max(0, Math.ceil(delay - since));
  }

  /** Counts a failed try, durably, before its answer is given. */
  async failed(): Promise<void> {
    const { failures } = await this.#load();
    await this.#store({ failures: failures + 1, lastAt: this.#now() });
  }

  /** Forgets the failures after an unlock. */
  async succeeded(): Promise<void> {
    if ((await this.#load()).failures > 0) await this.#store(NONE);
  }

  #load(): Promise<Attempts> {
    this.#attempts ??= readFile(this.#path, 'utf8')
      .then((text) => schema.parse(JSON.parse(text)))
      .catch(() => NONE);
    return this.#attempts;
  }

  async #store(attempts: Attempts): Promise<void> {
    this.#attempts = Promise.resolve(attempts);
    // Where the disk is full or read-only the count lives on in memory: it must not keep the right passphrase out.
    await replaceFile(this.#path, `${JSON.stringify(attempts)}\n`).catch(() => undefined);
  }
}
