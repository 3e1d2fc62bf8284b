import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { retryDelay } from '../core/keys/passphrase.ts';
import { replaceFile } from './durable-file.ts';

const schema = z.object({
  failures: z.int().nonnegative(),
  lastAt: z.number().nonnegative(),
  /** ISO 8601 of a lock that was asked for; only a passphrase or the recovery code lifts it. Null: no such lock. */
  lockedAt: z.iso.datetime().nullable().default(null),
});
type Attempts = z.infer<typeof schema>;
const NONE: Attempts = { failures: 0, lastAt: 0, lockedAt: null };

/**
 * Failed tries to unlock and the lock that was asked for, kept beside the vault, so that neither a restart nor another
 * profile starts the count anew or passes the lock by the keychain. The delay slows a person at the keyboard; whoever copies the vault is slowed by Argon2id alone.
 */
export class AttemptsFile {
  readonly #path: string;
  readonly #now: () => number;
  #attempts: Promise<Attempts> | null = null;

  /** @param name the file's; each account has its own */
  constructor(folder: string, now: () => number = Date.now, name = 'unlock-attempts.json') {
    this.#path = join(folder, name);
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
    const attempts = await this.#load();
    await this.#store({ ...attempts, failures: attempts.failures + 1, lastAt: this.#now() });
  }

  /** Forgets the failures and lifts the lock, after an unlock by passphrase or recovery code. */
  async succeeded(): Promise<void> {
    const { failures, lockedAt } = await this.#load();
    if (failures > 0 || lockedAt !== null) await this.#store(NONE);
  }

  /** Lifts the lock and leaves the count: somebody came in by an account, whose tries are counted by themselves. */
  async lifted(): Promise<void> {
    const attempts = await this.#load();
    if (attempts.lockedAt !== null) await this.#store({ ...attempts, lockedAt: null });
  }

  /** When the lock in force was asked for, or null. */
  async lockedAt(): Promise<string | null> {
    return (await this.#load()).lockedAt;
  }

  /** Keeps the keychain out from now on, durably. */
  async locked(): Promise<void> {
    const lockedAt = new Date(this.#now()).toISOString();
    // In force from this moment on, for as long as the disk may take.
    const attempts = this.#load().then((before) => ({ ...before, lockedAt }));
    this.#attempts = attempts;
    await this.#store(await attempts);
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
