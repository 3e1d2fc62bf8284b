import type { Settings } from '../../core/contract/session.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';

/** Milliseconds after an unlock, and between two looks, when nothing is due. */
const FIRST_LOOK = 60_000;
const LOOK_EVERY = 30 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface ScrubScheduleParts {
  settings(): Promise<Pick<Settings, 'scrub' | 'scrubDays'>>;
  isUnlocked(): boolean;
  vault(): MainVault;
  /** A scrub runs. */
  isRunning(): boolean;
  start(): void;
  readonly firstLook?: number;
}

/** Starts the scrub by itself: when a pass was not finished, or the last one is older than the settings say. */
export class ScrubSchedule {
  readonly #parts: ScrubScheduleParts;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: ScrubScheduleParts) {
    this.#parts = parts;
  }

  /** The vault was opened. */
  opened(): void {
    this.#wait(this.#parts.firstLook ?? FIRST_LOOK);
  }

  /** The vault was closed; a scrub that runs is cancelled with all other work, and goes on from there. */
  closed(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { scrub, scrubDays } = await this.#parts.settings();
    if (!scrub || !this.#parts.isUnlocked() || this.#parts.isRunning()) return;
    const { since, lastPass, total } = (await this.#parts.vault().care('records', {})).scrub;
    const old = lastPass === null || Date.now() - Date.parse(lastPass) > scrubDays * DAY_MS;
    // A clock that was set back makes the last pass lie ahead: it is due then.
    const ahead = lastPass !== null && Date.parse(lastPass) > Date.now() + DAY_MS;
    if (total > 0 && (since !== null || old || ahead) && !this.#parts.isRunning()) this.#parts.start();
  }

  #wait(ms: number): void {
    this.closed();
    this.#timer = setTimeout(() => {
      void this.look()
        .catch(() => undefined)
        .finally(() => {
          if (this.#parts.isUnlocked()) this.#wait(LOOK_EVERY);
        });
    }, ms).unref();
  }
}
