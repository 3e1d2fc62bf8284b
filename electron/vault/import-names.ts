import type { ImportNames } from '../../core/contract/import.ts';
import type { FinishedImport, PixelDoubt } from '../../core/vault/types.ts';

/** Imports whose files can still be asked for. */
const REMEMBERED = 4;

const NONE: ImportNames = { refused: [], conflicts: [], warnings: [] };

/**
 * Names of the files that an import has something to say of. A file is often named after its patient, so main, which
 * tells windows how an import ended, gets the counts; the window asks for the names here, by its port.
 */
export class ImportNamesKept {
  readonly #names = new Map<string, ImportNames>();

  /** Keeps the names. @returns what may go to main */
  take({ outcome, report: _report }: FinishedImport): FinishedImport {
    const { refused, conflicts, warnings } = outcome;
    this.#names.set(outcome.job, { refused, conflicts, warnings });
    const oldest = this.#names.keys().next().value;
    if (this.#names.size > REMEMBERED && oldest !== undefined) this.#names.delete(oldest);
    const report = { imported: [], known: [], conflicts: [], refused: [], warnings: [] };
    return { outcome: { ...outcome, ...NONE }, report };
  }

  /** Adds what decoding showed. @returns what may go to main: how many, and of which kind */
  doubts(job: string, doubts: readonly PixelDoubt[]): PixelDoubt[] {
    const known = this.#names.get(job);
    if (known !== undefined && doubts.length > 0) {
      const warnings = [...known.warnings, ...doubts.map(({ name, code }) => ({ name, code }))];
      this.#names.set(job, { ...known, warnings });
    }
    return doubts.map(({ code }) => ({ code, name: '', path: '' }));
  }

  /** What a window asks for. */
  of(job: string): ImportNames {
    return this.#names.get(job) ?? NONE;
  }
}
