import type { PixelDoubt } from '../../core/vault/types.ts';
import type { CheckChannel } from '../decode/frame-checker.ts';
import type { PixelCheck, PixelCheckParts, TakenFile } from './pixel-check.ts';

/** Milliseconds after opening when pixels are checked that an earlier run left unchecked. */
const TAKE_UP_AFTER = 10_000;

/** The checks of one open vault. Their code is loaded when there is something to check: a start needs none of it. */
export class PixelChecks {
  readonly #parts: Omit<PixelCheckParts, 'start'>;
  #check: (() => Promise<PixelCheck>) | null = null;
  #takingUp: NodeJS.Timeout | undefined;

  constructor(parts: Omit<PixelCheckParts, 'start'>) {
    this.#parts = parts;
  }

  /**
   * From now on the compressed frames that imports bring are decoded, after their commit, in processes that `start` starts;
   * what an earlier run left unchecked is taken up a while later. Until this is called nothing is checked.
   */
  begin(start: () => CheckChannel, takeUpAfter = TAKE_UP_AFTER): void {
    let made: Promise<PixelCheck> | null = null;
    this.#check = () => {
      made ??= import('./pixel-check.ts').then(({ PixelCheck }) => new PixelCheck({ ...this.#parts, start }));
      return made;
    };
    this.#takingUp = setTimeout(() => {
      if (this.#parts.catalogue.unchecked.next(0) !== null) void this.#check?.().then((check) => check.run());
    }, takeUpAfter).unref();
  }

  /** An import was committed. */
  async expect(job: string, files: ReadonlyMap<string, TakenFile>): Promise<void> {
    if (files.size > 0) (await this.#check?.())?.expect(job, files);
  }

  /** See `StudyVault.pixelDoubts`. */
  async doubts(job: string): Promise<PixelDoubt[]> {
    return (await (await this.#check?.())?.doubts(job)) ?? [];
  }

  async close(): Promise<void> {
    clearTimeout(this.#takingUp);
    const check = this.#check;
    this.#check = null;
    await (await check?.())?.close();
  }
}
