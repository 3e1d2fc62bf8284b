import { hasCode } from '../core/errors.ts';
import { sealHeader } from '../core/keys/header.ts';
import type { UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import { readHeader, writeHeader } from './vault-header.ts';

/** The header of the workstation's one vault: read once, replaced durably. */
export class HeldHeader {
  readonly #folder: string;
  readonly #report: (event: string, error?: unknown) => void;
  #loaded: Promise<void> | null = null;
  /** Null before it is loaded, and where there is no vault. */
  current: VaultHeader | null = null;
  /** Code of what keeps the header from being used, or null. */
  problem: string | null = null;

  constructor(folder: string, report: (event: string, error?: unknown) => void) {
    this.#folder = folder;
    this.#report = report;
  }

  /** Whether there is a vault, be its header readable or not. */
  get isPresent(): boolean {
    return this.current !== null || this.problem !== null;
  }

  /** Reads it, the first time. */
  load(): Promise<void> {
    this.#loaded ??= readHeader(this.#folder).then(
      (header) => {
        this.current = header;
      },
      (error: unknown) => {
        this.problem = hasCode(error, 'keys/newer-version') ? 'keys/newer-version' : 'keys/header-damaged';
        this.#report('header.problem', error);
      },
    );
    return this.#loaded;
  }

  /** Somebody else made a vault here since the folder was looked at. */
  reload(): Promise<void> {
    this.#loaded = null;
    return this.load();
  }

  /** @throws vault/disk-full, or the file system's error: the old one stands then */
  async replace(header: VaultHeader): Promise<void> {
    await writeHeader(this.#folder, header);
    this.current = header;
  }

  /**
   * A header that was edited outside of Vitrine opens all the same; it is made whole, and log and window say so.
   * @param edited told of it
   */
  async whole(header: VaultHeader, unlocked: UnlockedHeader, edited: () => void): Promise<VaultHeader> {
    if (unlocked.headerIntact) return header;
    this.#report('header.edited');
    edited();
    const whole = sealHeader(header, unlocked.masterKey);
    await writeHeader(this.#folder, whole);
    return whole;
  }
}
