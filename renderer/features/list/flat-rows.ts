import type { StudyDetails } from '../../../core/contract/catalogue.ts';

/** An unfolded study: where it stands among the studies, and how many lines hang below it. */
export interface Unfolded {
  readonly index: number;
  readonly lines: number;
}

/** A line of the list: a study, or the n-th line below it. */
export interface Line {
  /** Place of the study among the studies. */
  readonly index: number;
  /** Null for the study's own line. */
  readonly below: number | null;
}

/** Lines below a study: its series, then its patient's other studies, or one line that says there are none. */
export function linesBelow(details: StudyDetails | null): number {
  return details === null ? 1 : details.series.length + Math.max(1, details.priors.length);
}

/** Lines of the whole list. */
export function lineCount(studies: number, unfolded: readonly Unfolded[]): number {
  return unfolded.reduce((sum, { lines }) => sum + lines, studies);
}

/** What stands on a line. `unfolded` is in order of `index`. */
export function lineAt(line: number, unfolded: readonly Unfolded[]): Line {
  let extra = 0;
  for (const { index, lines } of unfolded) {
    const own = index + extra;
    if (line <= own) break;
    if (line <= own + lines) return { index, below: line - own - 1 };
    extra += lines;
  }
  return { index: line - extra, below: null };
}

/** The line on which a study stands. */
export function lineOf(index: number, unfolded: readonly Unfolded[]): number {
  return unfolded.reduce((sum, other) => (other.index < index ? sum + other.lines : sum), index);
}
