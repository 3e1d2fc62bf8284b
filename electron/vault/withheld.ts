import { setImmediate as pause } from 'node:timers/promises';
import type { StudyId } from '../../core/ids.ts';
import { parseId } from '../../core/ids.ts';
import type { Catalogue } from './catalogue.ts';
import type { StudyKeys } from './study-keys.ts';

/** Keys that are read at a time. */
const AT_ONCE = 32;
/** Studies whose readers are kept by one commit. */
const BATCH = 512;

/**
 * Whose names the list shows to a session by an account: of studies that its own keys open, that it imported itself, and that
 * it broke the glass for. The catalogue has one key, so that this is the program's rule and not the mathematics'; what it is
 * drawn from, the recipients of `study.key`, is what mathematics enforces for the images.
 */
export class Withheld {
  readonly #catalogue: Catalogue;
  readonly #keys: StudyKeys;
  #settled = '';

  constructor(catalogue: Catalogue, keys: StudyKeys) {
    this.#catalogue = catalogue;
    this.#keys = keys;
    keys.tellChanges((studyId) => catalogue.readers.forget(studyId));
  }

  /** To be awaited before the list or a study's details are asked for. Nothing to do where the vault's own key opens all. */
  async settle(): Promise<void> {
    if (this.#keys.opensAll) return;
    const now = `${this.#catalogue.generation} ${this.#keys.revision}`;
    if (now === this.#settled) return;
    await this.#learn();
    const opens = await this.#keys.reader();
    const known = new Map<string, boolean>();
    const shown: number[] = [];
    for (const { number, readers } of this.#catalogue.readers.all()) {
      const may = known.get(readers) ?? opens(readers);
      known.set(readers, may);
      if (may) shown.push(number);
    }
    for (const studyId of this.#keys.revealed()) {
      const number = this.#catalogue.readers.numberOf(studyId);
      if (number !== null) shown.push(number);
    }
    this.#catalogue.show(shown);
    this.#settled = now;
  }

  async #learn(): Promise<void> {
    const unknown = this.#catalogue.readers.unknown();
    for (let from = 0; from < unknown.length; from += BATCH) {
      const batch = unknown.slice(from, from + BATCH);
      const found: { number: number; readers: string }[] = [];
      for (let at = 0; at < batch.length; at += AT_ONCE)
        await Promise.all(
          batch.slice(at, at + AT_ONCE).map(async ({ number, studyId }) => {
            // A key that is gone or altered opens to nobody, and is looked at again.
            const readers = await this.#keys.readers(parseId<StudyId>(studyId)).catch(() => null);
            if (readers !== null) found.push({ number, readers });
          }),
        );
      this.#catalogue.readers.learn(found);
      await pause();
    }
  }
}
