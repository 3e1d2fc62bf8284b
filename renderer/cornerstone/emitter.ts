/** Listeners of one kind of news. Small on purpose: overlays follow the image without React in between. */
export class Emitter<News> {
  readonly #listeners = new Set<(news: News) => void>();

  /** Answers the function that stops listening. */
  on(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(news: News): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
