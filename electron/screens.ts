/** How long a lock waits for the windows; a window that hangs must not keep the keys in memory. */
const CLEARED_LIMIT_MS = 500;

/** Waits until every window has said that nothing of a study is on its screen. */
export class Screens {
  readonly #windows: () => number;
  #waiting: { left: number; resolve: () => void } | null = null;

  /** @param windows how many windows show a page now */
  constructor(windows: () => number) {
    this.#windows = windows;
  }

  /** Resolves after the last window's word, or after half a second. */
  async cleared(): Promise<void> {
    const left = this.#windows();
    if (left === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting = { left, resolve };
      timer = setTimeout(resolve, CLEARED_LIMIT_MS);
    });
    clearTimeout(timer);
    this.#waiting = null;
  }

  /** A window's word. One that nobody waits for changes nothing. */
  oneCleared(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    waiting.left -= 1;
    if (waiting.left <= 0) waiting.resolve();
  }
}
