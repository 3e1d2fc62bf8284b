/** How often the idle time is looked at; the lock comes at most this much late. */
const TICK_MS = 5000;

/**
 * Seconds that a lock waits at most for work that it would end. Longer than nearly every import takes; after it a screen
 * that nobody looks at counts more than work that can be begun again.
 */
export const WAIT_LIMIT = 30 * 60;

export interface AutoLockParts {
  /** Seconds since the last input anywhere on the computer, or a number that means nothing where that can't be told. */
  systemIdleSeconds(): number;
  minutes(): Promise<number>;
  isUnlocked(): boolean;
  /** True while an import or another job runs that a lock would end. */
  isBusy(): boolean;
  /** A lock that is due waits for work, until then at the latest (`Date`'s milliseconds); null: no longer. */
  waits(until: number | null): void;
  lock(): void;
  now?: () => number;
}

/**
 * Locks after a time without input. The computer's idle time counts, so that dictating a report in another program keeps
 * the vault open. Some systems always answer zero (a Wayland session without the service): until a run has seen another
 * number, only input in our own window counts.
 *
 * A lock ends the vault process and with it an import, of which then nothing stays. Idleness is no wish to lose it, so the
 * lock waits for the import's end, at most for `WAIT_LIMIT`, and comes at once then, unless somebody came back; the window
 * says that it waits. A person, the screen saver's lock or a suspend still lock at once.
 */
export class AutoLock {
  readonly #parts: AutoLockParts;
  readonly #now: () => number;
  #lastInput: number;
  #systemTells = false;
  #timer: NodeJS.Timeout | null = null;
  #isWaiting = false;

  constructor(parts: AutoLockParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => Date.now());
    this.#lastInput = this.#now();
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Input in our window, and every unlock: the time begins anew. */
  active(): void {
    this.#lastInput = this.#now();
  }

  /** Seconds that count as idle now. */
  idleSeconds(): number {
    const own = Math.max(0, (this.#now() - this.#lastInput) / 1000);
    const system = this.#parts.systemIdleSeconds();
    if (Number.isFinite(system) && system > 0) this.#systemTells = true;
    return this.#systemTells && system >= 0 ? Math.min(own, system) : own;
  }

  /** Looks once. Also called when the settings changed and when an import ended. */
  async tick(): Promise<void> {
    const limit = (await this.#parts.minutes()) * 60;
    const over = this.idleSeconds() - limit;
    if (!this.#parts.isUnlocked() || over < 0) return this.#wait(null);
    if (this.#parts.isBusy() && over < WAIT_LIMIT) return this.#wait(this.#now() + (WAIT_LIMIT - over) * 1000);
    this.#wait(null);
    this.#parts.lock();
  }

  #wait(until: number | null): void {
    const isWaiting = until !== null;
    if (isWaiting !== this.#isWaiting) this.#parts.waits(until);
    this.#isWaiting = isWaiting;
  }
}
