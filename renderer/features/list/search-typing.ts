/** Milliseconds that typing must rest before the catalogue is asked (ui.md section 3). */
const DEBOUNCE = 80;

interface Doing {
  /** Asks the catalogue for this text. */
  readonly ask: (text: string) => void;
  /** Null when the rows are the answer to the last question; else settles when they are. */
  readonly answer: () => Promise<void> | null;
  /** Goes into the rows, to this line (from 0). */
  readonly enter: (line: number) => void;
  /** Opens the study on this line. */
  readonly open: (line: number) => void;
}

/**
 * What is typed in the search field. Down and Enter mean the rows of what was typed, never those of an older answer that
 * is still on screen: they send the question off at once and wait for its answer, because the study of another patient
 * would open otherwise.
 */
export class SearchTyping {
  readonly #doing: Doing;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = '';
  /** Keys that wait for the answer: how many Downs, and whether Enter followed. Null when none does. */
  #wish: { downs: number; open: boolean } | null = null;

  constructor(doing: Doing) {
    this.#doing = doing;
  }

  /** True while what was typed last hasn't been asked for. */
  get isResting(): boolean {
    return this.#timer === undefined;
  }

  /** The field says something else. Keys that wait are forgotten: they meant the text before. */
  type(text: string): void {
    this.#wish = null;
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), DEBOUNCE);
  }

  #flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#doing.ask(this.#text);
  }

  /** Down, or Enter: into the rows; Enter after a Down that still waits opens. */
  key(key: 'ArrowDown' | 'Enter'): void {
    if (this.#wish !== null) {
      if (key === 'Enter') this.#wish.open = true;
      else if (!this.#wish.open) this.#wish.downs += 1;
      return;
    }
    this.#flush();
    const answer = this.#doing.answer();
    if (answer === null) {
      this.#doing.enter(0);
      return;
    }
    const wish = { downs: 1, open: false };
    this.#wish = wish;
    void answer.then(() => {
      if (this.#wish !== wish) return;
      this.#wish = null;
      this.#doing.enter(wish.downs - 1);
      if (wish.open) this.#doing.open(wish.downs - 1);
    });
  }

  /** The field goes away. */
  stop(): void {
    this.#wish = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
